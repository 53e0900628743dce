import type { Privilege } from '../../programs/containerlab.ts';
import type { Docker } from '../../programs/docker.ts';
import type { ProgramOptions, ProgramResult } from '../../programs/run-program.ts';
import type { Setting } from './build/step-commands.ts';
import type { LedgerFile } from './ledger-file.ts';

/** Everything that the real lab touches: the lab's files, this machine's Docker and programs, and the ledger of what it made. */
export type Machine = Setting & {
  readonly docker: Docker;
  /** Runs a program; containerlab's with the rights it needs are argument lists of programs/containerlab.ts. */
  readonly run: (argv: readonly string[], options?: ProgramOptions) => Promise<ProgramResult>;
  readonly ledger: LedgerFile;
  readonly privilege: Privilege;
};
