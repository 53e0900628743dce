import { homedir } from 'node:os';
import type { TerminalIo } from '../tutor/store.ts';

/** Everything a command may touch of the process it runs in; tests hand in their own. */
export type ProgramIo = TerminalIo & {
  readonly cwd: string;
  readonly home: string;
  /** The folder with package.json, the lab and the lessons that ship with the program; ends without a slash. */
  readonly packageFolder: string;
  /** Aborted by Ctrl-C, where no terminal screen takes the key. */
  readonly interrupted: AbortSignal;
};

/** The real process. Ctrl-C aborts; a second one ends the process at once. */
export function processIo(packageFolder: string): ProgramIo {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  });
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    packageFolder,
    interrupted: controller.signal,
  };
}
