import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../programs/run-program.ts';

/** What a live story puts into Docker beside its lab carries this. */
const label = ['--label', `srklab-tutor.story=${process.env['SRKLAB_TEST_FOLDER'] ?? ''}`];

/** Words of `docker` that put something beside a story's lab. */
export const beside = {
  network: (name: string, subnet: string): readonly string[] => [
    ...['network', 'create', ...label, '--subnet', subnet, name],
  ],
  /** It does nothing, for ever. `options` are more words of `docker run`. */
  container: (
    name: string,
    network: string,
    image: string,
    options: readonly string[] = [],
  ): readonly string[] => [
    ...['run', '-d', ...label, '--name', name, '--network', network, ...options],
    ...['--entrypoint', 'tail', image, '-f', '/dev/null'],
  ],
};

/**
 * Removes what live stories left that were ended hard (Docker starts such containers again with itself): labs whose topology lies in the
 * folder of a test run that is over, what is labelled as such a story's, and the tests' networks that nobody uses any more.
 */
export async function clearLeftovers(): Promise<void> {
  const containers = (await list('ps', '-a', '--format', '{{.Names}}\t{{.Labels}}')).filter(
    ([, labels = '']) => isOfPastRun(labels),
  );
  if (containers.length > 0) {
    const names = containers.map(([name = '']) => name);
    console.log(`Left by tests that were ended hard, and removed: ${names.join(', ')}`);
    await list('rm', '-f', '-v', ...names);
  }
  for (const [name = '', labels = ''] of await list('network', 'ls', '--format', '{{.Name}}\t{{.Labels}}')) {
    const isOfLab = name.startsWith('srklab-') && /srklab-tutor\.lab=|containerlab=/.test(labels);
    // One that is used still stays.
    if (isOfLab || isOfPastRun(labels))
      await runProgram(['docker', 'network', 'rm', name], { timeout: 30_000 });
  }
  for (const name of parked())
    if (name.startsWith('clab-park-clab-srklab-')) await runProgram(['ip', 'netns', 'delete', name]);
}

/** Removes the folders of test runs that are over: those that ended by themselves left none. */
export function clearFolders(): void {
  for (const name of readdirSync(tmpdir()))
    if (isOfPastRun(name)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

/** Whether it names the folder of a test run that is over: `run-folder.ts` gives a run's folder the number of its process. */
function isOfPastRun(text: string): boolean {
  const run = /\bsrklab-run-(\d+)-/.exec(text)?.[1];
  return run !== undefined && Number(run) !== process.pid && !isTestRun(run);
}

function isTestRun(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('vitest');
  } catch {
    return false;
  }
}

/** Docker's answer, a line of columns for each thing. */
async function list(...words: string[]): Promise<string[][]> {
  const result = await runProgram(['docker', ...words], { timeout: 120_000 });
  if (result.exitCode !== 0) throw new Error(`docker ${words.join(' ')}: ${result.stderr}`);
  return result.stdout.split('\n').flatMap(line => (line === '' ? [] : [line.split('\t')]));
}

/** Named network namespaces: containerlab parks a stopped node's cables in one. */
function parked(): string[] {
  try {
    return readdirSync('/run/netns');
  } catch {
    return [];
  }
}
