import { readFile, stat, writeFile } from 'node:fs/promises';
import { arch, release, type as systemName } from 'node:os';
import { resolve } from 'node:path';
import { fabricContainers } from '../engines/containerlab/build/is-there.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import { plannedText } from '../programs/planned-command.ts';
import { anonymous } from './anonymous.ts';
import { logPath } from './build-report.ts';
import type { RunCommand } from './command-table.ts';
import { doctorRows } from './doctor.ts';
import { environment, ok } from './exit-codes.ts';
import { openRealLab } from './real-lab.ts';
import { versionOf } from './run-program.ts';

/** Lines of the build's log, and of events, that go into a bundle: the last ones. */
const LAST = 400;

/** One text file for a bug report: versions, the doctor, the last build, what is there. Names of people and places are taken out. */
export const run: RunCommand = async (args, io) => {
  const opened = await openRealLab(args, io);
  if (typeof opened === 'number') return opened;
  const { lab, machine } = opened;
  // Side by side: a Docker that hangs is waited for once.
  const [rows, log, containers, events] = await Promise.all([
    doctorRows({ ...args, values: { ...args.values, lab: 'containerlab' } }, io),
    readFile(logPath(machine.ledger.path), 'utf8').catch(() => ''),
    fabricContainers(machine),
    lastEvents(machine),
  ]);
  const { things, faults } = machine.ledger.ledger;
  const section = (title: string, lines: readonly string[]) =>
    `## ${title}\n\n${lines.length === 0 ? 'nothing' : lines.join('\n')}\n`;
  const text = anonymous(
    [
      '# srklab-tutor: for a bug report. Read it before you send it; nothing was sent anywhere.\n',
      section('Versions', [
        `srklab-tutor ${versionOf(io.packageFolder)}`,
        `Node.js ${process.versions.node}`,
        `${systemName()} ${release()} ${arch()}`,
      ]),
      section(
        'Doctor',
        rows.map(({ verdict, name, found }) => `${verdict.padEnd(4)}  ${name}: ${found}`),
      ),
      section('Lab', [
        `${lab.name}: ${lab.nodes.length} nodes, ${lab.links.length} links, stages ${lab.stages.map(({ id }) => id).join(', ')}`,
        ...containers.map(({ name, state, status, image }) => `${name}  ${state}  ${status}  ${image}`),
      ]),
      section('Ledger', [
        ...things.map(thing => `${thing.type} ${'name' in thing ? thing.name : ''} ${thing.own}`),
        ...faults.map(({ id, heal }) => `broken: ${id}; healed by ${heal.map(plannedText).join(' && ')}`),
      ]),
      section('The last build', log.trimEnd().split('\n').slice(-LAST)),
      section('Docker’s events of the last minutes', events),
    ].join('\n'),
    { home: io.home, user: userOf(io.home), host: io.env['HOSTNAME'] },
  );
  const output = args.values['output'];
  if (output === undefined) {
    io.stdout.write(text);
    return ok;
  }
  const path = resolve(io.cwd, output);
  if (!args.switches.has('force') && (await exists(path))) {
    io.stderr.write(`srklab-tutor: ${output} is there already; name another file, or --force\n`);
    return environment;
  }
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (error) {
    io.stderr.write(`srklab-tutor: ${output}: ${error instanceof Error ? error.message : String(error)}\n`);
    return environment;
  }
  io.stderr.write(`${output}: ${Math.ceil(text.length / 1024)} kB. Read it before you send it.\n`);
  return ok;
};

const MINUTES = 15;

/** What happened to the lab's containers and network; `docker exec` is said too often to be of use, and strangers stay out of it. */
async function lastEvents({ docker, lab }: Machine): Promise<string[]> {
  const lines: string[] = [];
  const until = Date.now() / 1000;
  const clusters = lab.clusters.map(({ name }) => name);
  const because = await docker.events(
    ({ at, type, action, name, attributes }) => {
      const ours =
        attributes['containerlab'] === lab.name ||
        clusters.includes(attributes['io.x-k8s.kind.cluster'] ?? '') ||
        (type === 'network' && name === lab.network.name);
      if (ours && !action.startsWith('exec_'))
        lines.push(`${new Date(at).toISOString()} ${type} ${action} ${name}`);
    },
    { signal: AbortSignal.timeout(10_000), since: until - MINUTES * 60, until },
  );
  return because === undefined ? lines.slice(-LAST) : [because];
}

function userOf(home: string): string {
  return home.slice(home.lastIndexOf('/') + 1);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
