import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of the programs that were prepared for the real tests. */
export const toolFolder = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'srklab-tutor',
  'real-lab',
);

/** Runs a program to its end: what it printed when it went well, else undefined and `complain` hears the last lines. */
export function run(argv, { env, complain = said => console.error(said) } = {}) {
  const [command, ...words] = argv;
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  const why = error?.message ?? `${stderr}\n${stdout}`.trim().split('\n').slice(-5).join('\n');
  complain(`${argv.join(' ')}: ${why}`);
  return undefined;
}

/** For questions whose answer may be no. */
export function ask(argv, options) {
  return run(argv, { ...options, complain: () => {} });
}

/** Where a program is, undefined when nowhere. */
export function whereIs(program) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map(folder => join(folder, program)).find(path => path !== program && existsSync(path));
}

/** Installs Debian packages of which a program is missing. False when it cannot, and says so. */
export function installDebian(packages) {
  const missing = [...new Set(Object.keys(packages).filter(name => whereIs(name) === undefined))].map(
    name => packages[name],
  );
  if (missing.length === 0) return true;
  if (process.getuid() !== 0 || whereIs('apt-get') === undefined) {
    console.error(`Missing: ${missing.join(', ')}. On Debian, as root: apt-get install ${missing.join(' ')}`);
    return false;
  }
  console.error(`Installing ${missing.join(', ')} …`);
  // RUNLEVEL=1: what is installed is for the tests, the system is not to start it.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  run(['apt-get', '-qq', 'update'], { env });
  return (
    run(['apt-get', '-qq', 'install', '-y', '--no-install-recommends', ...missing], { env }) !== undefined
  );
}
