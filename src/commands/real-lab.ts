import { type Holding, holdLab } from '../engines/containerlab/holder.ts';
import { ledgerFolder, ledgerName } from '../engines/containerlab/ledger-file.ts';
import type { Machine } from '../engines/containerlab/machine.ts';
import { openMachine } from '../engines/containerlab/open-machine.ts';
import { dockerEndpoint } from '../programs/docker.ts';
import { privilegeHere } from '../programs/privilege.ts';
import type { Arguments } from './command-table.ts';
import { badFiles, type ExitCode, environment } from './exit-codes.ts';
import { type OpenedLab, openLab } from './open-lab.ts';
import type { ProgramIo } from './program-io.ts';

export type RealLab = OpenedLab & {
  readonly machine: Machine;
  /** Takes the lab for this process; a sentence when somebody else has it. */
  readonly hold: (doing: string) => Promise<{ readonly release: () => Promise<void> } | string>;
};

/** The lab that a command line names, on this machine; an exit code when it cannot be had, after saying why. */
export async function openRealLab(args: Arguments, io: ProgramIo): Promise<RealLab | ExitCode> {
  const opened = openLab(args, io);
  if (opened === undefined) return badFiles;
  const { lab, labFile } = opened;
  const machine = await openMachine({
    ...{ lab, labFile },
    ...{ env: io.env, home: io.home },
    privilege: await privilegeHere(),
  });
  if (typeof machine === 'string') {
    io.stderr.write(`srklab-tutor: ${machine}\n`);
    return environment;
  }
  const folder = ledgerFolder(io.env, io.home);
  const name = ledgerName({ lab: lab.name, docker: dockerEndpoint(io.env) });
  return {
    ...opened,
    machine,
    async hold(doing) {
      const holding = await holdLab(folder, name, doing);
      return holding.outcome === 'held' ? holding : heldText(lab.name, holding);
    },
  };
}

type NotHeld = Exclude<Holding, { outcome: 'held' }>;

/** Why the lab is not ours. */
export function heldText(lab: string, holding: NotHeld): string {
  if (holding.outcome === 'failed') return failedText(lab, holding.because);
  const { pid, doing, since } = holding.by;
  return `the lab ${lab} is held by process ${pid} (srklab-tutor ${doing}, since ${new Date(since).toISOString()}). "srklab status" shows it meanwhile.`;
}

/** The same for somebody who watches meanwhile, in one line of a small screen. */
export function watchingText(lab: string, holding: NotHeld): string {
  if (holding.outcome === 'failed') return failedText(lab, holding.because);
  const { pid, doing } = holding.by;
  return `you only watch: process ${pid} (${doing}) holds the lab; it is yours when that ends`;
}

function failedText(lab: string, because: string): string {
  return `the lab ${lab} cannot be taken: ${because}`;
}

/** Asks a person yes or no. Undefined where there is no person at a terminal to ask. */
export async function confirmed(io: ProgramIo, question: string): Promise<boolean | undefined> {
  if (io.stdin.isTTY !== true || io.stdout.isTTY !== true) return undefined;
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: io.stdin, output: io.stdout });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: io.interrupted });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}
