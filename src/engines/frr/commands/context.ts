import type { LabEngine } from '../../../lab/engine.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabTime } from '../../real/lab-time.ts';
import type { Typed } from '../../real/typed-line.ts';
import type { Running } from '../running.ts';

/** Where a typed command runs and what it prints to. */
export type CommandContext = Typed & {
  readonly lab: Lab;
  readonly running: Running | undefined;
  readonly time: LabTime;
  readonly engine: LabEngine;
  /** Host the command is typed on; undefined is the learner's own machine. */
  readonly on: string | undefined;
  readonly cluster: string | undefined;
};
