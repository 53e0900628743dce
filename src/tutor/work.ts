import type { Command } from '../lab/command.ts';
import type { StageId } from '../lab/stage.ts';

/** Something asked of the lab. */
export type Job =
  | {
      readonly type: 'run';
      readonly commandLine: string;
      /** Host it is typed on; undefined: the learner's machine. */
      readonly on?: string;
      /** Cluster whose kubeconfig is in use. */
      readonly cluster?: string;
    }
  | { readonly type: 'build'; readonly stage: StageId }
  | { readonly type: 'perform'; readonly command: Command };

/** Why it was asked: decides what happens when it is finished. */
export type Purpose =
  /** A live block of a step, done by the learner. */
  | { readonly of: 'block'; readonly lesson: string; readonly step: string; readonly block: number }
  /** Part of a step's solution. */
  | { readonly of: 'solution'; readonly lesson: string; readonly step: string }
  /** On the way to a stage or step; the clock hurries. */
  | { readonly of: 'journey' }
  | { readonly of: 'shell' }
  | { readonly of: 'menu' };

/** A job under way or waiting for its turn. */
export type Work = { readonly id: number; readonly job: Job; readonly purpose: Purpose };

/**
 * Jobs that take time go one after another; faults, healing and traffic go at once (a learner may cut a link while a ping runs).
 */
export type WorkList = {
  readonly underway: readonly Work[];
  readonly waiting: readonly Work[];
  readonly nextId: number;
};

export const noWork: WorkList = { underway: [], waiting: [], nextId: 1 };
