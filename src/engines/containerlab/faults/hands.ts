import type { LabNode } from '../../../lab/lab.ts';
import { containerOf } from '../../../lab/lab.ts';
import { hadNothingToRepair } from '../../../programs/containerlab.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import type { ScriptResult } from '../../../programs/process-tree.ts';
import { lastLines, type ProgramResult } from '../../../programs/run-program.ts';
import { commandText } from '../../../programs/shell-text.ts';
import type { Machine } from '../machine.ts';

/** A shell that runs already in a container; undefined where nobody watches it. */
export type ShellIn = (container: string) => ((script: string) => Promise<ScriptResult>) | undefined;

/** A fault's commands may take that long: starting a node again. Milliseconds. */
const LONGEST = 180_000;

/** Runs planned commands: in a watched container by the shell that runs there already, a fraction of what `docker exec` takes. */
export class Hands {
  private readonly machine: Machine;
  private readonly shellIn: ShellIn;
  private readonly known = new Map<string, boolean>();

  constructor(machine: Machine, shellIn: ShellIn) {
    this.machine = machine;
    this.shellIn = shellIn;
  }

  /** One after the other; the first complaint. */
  async runAll(commands: readonly PlannedCommand[]): Promise<string | undefined> {
    for (const command of commands) {
      const failure = await this.run(command);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Whether a container has a program. */
  async has(node: LabNode, program: string): Promise<boolean> {
    const container = containerOf(node);
    const key = `${container} ${program}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const words = ['sh', '-c', 'command -v "$1"', 'sh', program];
    const result = await this.machine.docker.exec(container, words);
    // One that does not run cannot be asked; when it does, it has what its image is expected to have.
    if (result.exitCode === undefined) return true;
    this.known.set(key, result.exitCode === 0);
    return result.exitCode === 0;
  }

  private async run(command: PlannedCommand): Promise<string | undefined> {
    const { by, argv, env } = command;
    const { docker, run } = this.machine;
    if (by === 'program') {
      const result = await run(argv, { timeout: LONGEST, ...(env === undefined ? {} : { env }) });
      return hadNothingToRepair(argv, lastLines(result)) ? undefined : complaintOf(result);
    }
    const [, verb, ...words] = argv;
    const container = words.at(verb === 'exec' ? 0 : -1) ?? '';
    if (verb === 'stop' || verb === 'start') {
      const answer = verb === 'stop' ? await docker.stop(container, 1) : await docker.start(container);
      return answer.outcome === 'done' ? undefined : answer.because;
    }
    const shell = this.shellIn(container);
    if (shell === undefined) return complaintOf(await docker.exec(container, words.slice(1)));
    const { exitCode, output } = await shell(commandText(words.slice(1)));
    return exitCode === 0 ? undefined : output.trim() || `exit code ${exitCode}`;
  }
}

function complaintOf(result: ProgramResult): string | undefined {
  if (result.exitCode === 0) return undefined;
  return result.problem ?? (lastLines(result, 3) || `exit code ${result.exitCode}`);
}
