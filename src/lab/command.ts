import type { Fault } from './fault.ts';
import type { LabSize } from './lab.ts';
import type { StageId } from './stage.ts';

/** What the tutor asks of a running lab beside building it and typing commands into it. */
export type Command =
  | { readonly type: 'break'; readonly fault: Fault }
  /** `faultId`, or all. */
  | { readonly type: 'heal'; readonly fault: string | 'all' }
  /** Client traffic to the VIP: on with a rate in requests per second per client, or off. */
  | { readonly type: 'traffic'; readonly on: boolean; readonly ratePerClient?: number }
  /**
   * Whatever state the lab is in: end with exactly the stages up to this one built and nothing broken. 'empty' = nothing built.
   * `lab`: of the lab scaled out, where it has such a form; without it, of the lab as it was written.
   */
  | { readonly type: 'restore'; readonly stage: StageId | 'empty'; readonly lab?: LabSize };

export type CommandResult =
  | { readonly outcome: 'done'; readonly event?: number }
  /**
   * The lab is unchanged, or, where a `stage` on the way of a restore could not be built, left with those before it. `because` is a
   * sentence, `nextSteps` what to do about it.
   */
  | {
      readonly outcome: 'refused';
      readonly because: string;
      readonly nextSteps: readonly string[];
      readonly stage?: StageId;
    };

export function refused(because: string, ...nextSteps: string[]): CommandResult {
  return { outcome: 'refused', because, nextSteps };
}
