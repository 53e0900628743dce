import type { Snapshot, TableRef } from '../../../lab/snapshot.ts';
import type { Typed } from '../../real/typed-line.ts';
import type { Machine } from '../machine.ts';
import type { Running } from '../running.ts';

/** Where a typed command runs and what it prints to. */
export type CommandContext = Typed & {
  readonly machine: Machine;
  /** Undefined while Docker does not answer. */
  readonly running: Running | undefined;
  /** Who holds the lab: then nothing is changed from here. */
  readonly heldBy: string | undefined;
  /** Host the command is typed on; undefined is the learner's own machine. */
  readonly on: string | undefined;
  readonly cluster: string | undefined;
  readonly look: (wanted: readonly TableRef[]) => Promise<Snapshot>;
};
