import type { Command } from '../lab/command.ts';
import type { Check } from '../lab/probe.ts';
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
  | { readonly type: 'perform'; readonly command: Command }
  /** Lets time pass until the check holds or its time is over. */
  | { readonly type: 'await-check'; readonly check: Check };

/** Why it was asked: decides what happens when it is finished. */
export type Purpose =
  /** A live block of a step, done by the learner. */
  | { readonly of: 'block'; readonly lesson: string; readonly step: string; readonly block: number }
  /** Part of a step's solution. */
  | { readonly of: 'solution'; readonly lesson: string; readonly step: string }
  /** On the way to a stage or step; the clock hurries. The last of them carries where it leads. */
  | { readonly of: 'journey'; readonly arrival?: Arrival }
  | { readonly of: 'shell' }
  | { readonly of: 'menu' };

/** Where a journey ends. */
export type Arrival =
  /** The step was skipped: its solution ran; go on to the next. */
  { readonly to: 'after-skipped'; readonly lesson: string; readonly step: string } | { readonly to: 'here' };

/** A job under way or waiting for its turn. */
export type Work = { readonly id: number; readonly job: Job; readonly purpose: Purpose };

/**
 * The lesson's jobs go one after another, and so do those of the shell, like in two terminals. Faults, healing and traffic asked
 * for by the learner go at once: a link may be cut while a ping runs.
 */
export type WorkList = {
  readonly underway: readonly Work[];
  readonly waiting: readonly Work[];
  readonly nextId: number;
};

export const noWork: WorkList = { underway: [], waiting: [], nextId: 1 };

/** The two queues that jobs stand in; undefined for those that go at once. */
export function laneOf(work: Pick<Work, 'job' | 'purpose'>): 'lesson' | 'shell' | undefined {
  if (work.purpose.of === 'shell') return 'shell';
  if (work.purpose.of === 'solution' || work.purpose.of === 'journey') return 'lesson';
  return work.job.type === 'perform' && work.job.command.type !== 'restore' ? undefined : 'lesson';
}

/** True while the lab is being brought to a stage or step: lab time hurries. */
export function onJourney(list: WorkList): boolean {
  return list.underway.some(work => work.purpose.of === 'journey');
}

/** What the lesson is doing to the lab now, undefined when nothing. */
export function lessonWork(list: WorkList): Work | undefined {
  return list.underway.find(work => laneOf(work) === 'lesson');
}

/** The command running in the shell pane, undefined when none. */
export function shellWork(list: WorkList): Work | undefined {
  return list.underway.find(work => laneOf(work) === 'shell');
}
