import type { StageId } from '../lab/stage.ts';
import type { ClockState } from './clock.ts';
import type { Progress } from './progress.ts';
import type { Job } from './work.ts';

/** All that the tutor can want of the world. Performed in one place: `effects/perform.ts`. */
export type Effect =
  /** Answered by `work-finished` with the same id, and `output-arrived` before it. */
  | { readonly type: 'start-work'; readonly work: number; readonly job: Job }
  | { readonly type: 'cancel-work'; readonly work: number }
  /** How lab time passes from now on; `hurry`: as fast as possible while work is under way. */
  | { readonly type: 'set-clock'; readonly clock: ClockState; readonly hurry: boolean }
  | { readonly type: 'step-clock' }
  /** Answered by `travelled`. */
  | { readonly type: 'travel'; readonly event: number }
  /** Answered by `engine-replaced`. */
  | { readonly type: 'fall-back'; readonly stage: StageId | 'empty' }
  | { readonly type: 'save-progress'; readonly progress: Progress }
  | { readonly type: 'expire-notice'; readonly id: number; readonly afterMs: number }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'quit' };
