import type { Course } from '../course/lesson.ts';
import type { CommandResult } from '../lab/command.ts';
import type { BuildResult, OutputChunk, RunResult, TravelResult } from '../lab/engine.ts';
import type { LabEvent } from '../lab/event.ts';
import type { Fault } from '../lab/fault.ts';
import type { FileError } from '../lab/lab-error.ts';
import type { Snapshot } from '../lab/snapshot.ts';
import type { StageId } from '../lab/stage.ts';
import type { Focus, PaneKind, PaneSubject } from './layout.ts';
import type { Presenter, PresenterView } from './presenter.ts';
import type { Overlay, TextInput } from './screen.ts';
import type { EngineFacts } from './state.ts';

/** All that can happen: what the learner asked for (`…-asked`, `…-edited`, `…-moved`) and what the world reported. */
export type Message =
  | ScreenMessage
  | LessonMessage
  | LabMessage
  | LayoutMessage
  | ShellMessage
  | ClockMessage
  | PresenterMessage
  | WorldMessage;

export type ScreenMessage =
  | { readonly type: 'home-asked' }
  | { readonly type: 'home-cursor-moved'; readonly to: number }
  /** Opens at the step where the learner left it, or at `step`. */
  | { readonly type: 'lesson-asked'; readonly lesson: string; readonly step?: number }
  | { readonly type: 'overlay-asked'; readonly overlay: Overlay }
  | { readonly type: 'overlay-cursor-moved'; readonly to: number }
  | { readonly type: 'overlay-scrolled'; readonly to: number }
  | { readonly type: 'overlay-input-edited'; readonly input: TextInput }
  /** Enter in an overlay: does the selected entry, answers yes. */
  | { readonly type: 'overlay-accepted' }
  /** Escape: closes the overlay, ends typing, leaves zoom, leaves a failure, goes home: the first that applies. */
  | { readonly type: 'back-asked' }
  | { readonly type: 'notice-dismissed'; readonly id: number }
  | { readonly type: 'copy-asked'; readonly text: string }
  | { readonly type: 'quit-asked' };

export type LessonMessage =
  /** Right: goes on when the step is passed or has no check, else says what is missing. */
  | { readonly type: 'next-step-asked' }
  | { readonly type: 'previous-step-asked' }
  /** Enter: does the current block; with nothing left to do, goes on. */
  | { readonly type: 'do-asked' }
  /** `t`: type the current command. */
  | { readonly type: 'typing-asked' }
  | { readonly type: 'typing-edited'; readonly input: TextInput }
  | { readonly type: 'answer-edited'; readonly input: TextInput }
  | { readonly type: 'choice-moved'; readonly to: number }
  | { readonly type: 'hint-asked' }
  /** `s`: do the rest of the step for me. */
  | { readonly type: 'solution-asked' }
  /** Runs the solution and goes on to the next step. */
  | { readonly type: 'skip-asked' }
  | { readonly type: 'restart-lesson-asked' }
  | { readonly type: 'goto-stage-asked'; readonly stage: StageId | 'empty' }
  | { readonly type: 'goto-step-asked'; readonly lesson: string; readonly step: number }
  | { readonly type: 'lesson-scrolled'; readonly to: number };

export type LabMessage =
  | { readonly type: 'break-asked'; readonly fault: Fault }
  /** A fault id, or all. */
  | { readonly type: 'heal-asked'; readonly fault: string | 'all' }
  | { readonly type: 'traffic-asked'; readonly on: boolean; readonly ratePerClient?: number }
  | { readonly type: 'build-asked'; readonly stage: StageId }
  /** Back to just after an event of the timeline. */
  | { readonly type: 'travel-asked'; readonly event: number }
  /** Ctrl-C: cancels what is under way; with nothing under way, asks to quit. */
  | { readonly type: 'interrupt-asked' };

export type LayoutMessage =
  | { readonly type: 'focus-asked'; readonly to: Focus | 'next' | 'previous' }
  | { readonly type: 'zoom-asked' }
  /** Grows (positive) or shrinks the focused pane, in steps. */
  | { readonly type: 'pane-sized'; readonly by: number }
  /** Shows a pane that is not shown, hides one that is. */
  | { readonly type: 'pane-toggled'; readonly pane: PaneKind }
  /** Back to what the step shows. */
  | { readonly type: 'panes-reset' }
  | { readonly type: 'row-selected'; readonly pane: PaneKind; readonly row: string | undefined }
  | { readonly type: 'pane-filtered'; readonly pane: PaneKind; readonly filter: string }
  /** The same column again turns the order, a third time ends sorting. */
  | { readonly type: 'pane-sorted'; readonly pane: PaneKind; readonly column: string }
  | { readonly type: 'subject-chosen'; readonly pane: PaneKind; readonly subject: PaneSubject };

export type ShellMessage =
  /** `S`: brings up the shell pane and puts the keys there. */
  | { readonly type: 'shell-asked' }
  | { readonly type: 'shell-edited'; readonly input: TextInput }
  | { readonly type: 'shell-entered' }
  | { readonly type: 'shell-history-asked'; readonly direction: 'older' | 'newer' }
  | { readonly type: 'shell-cleared' };

export type ClockMessage =
  | { readonly type: 'pause-asked' }
  | { readonly type: 'clock-step-asked' }
  | { readonly type: 'speed-asked'; readonly to: number | 'faster' | 'slower' }
  | { readonly type: 'until-quiet-asked' };

export type PresenterMessage =
  /** The lab is brought to where the lesson (default: the first) begins. `fallback`: a recording stands by. */
  | { readonly type: 'presenter-started'; readonly lesson?: string; readonly fallback?: true }
  /** The recording takes the place of the lab, at the stage that was reached. */
  | { readonly type: 'fallback-asked' }
  /** Real milliseconds since presenting began. */
  | { readonly type: 'presenter-ticked'; readonly now: number }
  /** A black screen comes back first. */
  | { readonly type: 'slide-asked'; readonly to: 'next' | 'previous' | 'first' | 'last' }
  | { readonly type: 'slide-chosen'; readonly lesson: string; readonly slide: number }
  | { readonly type: 'black-asked' }
  /** Without a view: the next one. */
  | { readonly type: 'view-asked'; readonly view?: PresenterView }
  | { readonly type: 'spotlight-asked' }
  /** Arms the keys that change the lab, or disarms them. */
  | { readonly type: 'arm-asked' }
  | { readonly type: 'overview-asked' }
  | { readonly type: 'overview-moved'; readonly lesson: number; readonly cursor: number }
  | { readonly type: 'timer-restarted' }
  /** Brings the lab to where the slide's step begins. */
  | { readonly type: 'lab-for-slide-asked' }
  | {
      readonly type: 'audience-changed';
      readonly notesAttached: number;
      readonly audience?: NonNullable<Presenter['audience']>;
    };

export type WorldMessage =
  | { readonly type: 'events-arrived'; readonly events: readonly LabEvent[] }
  | { readonly type: 'snapshot-taken'; readonly snapshot: Snapshot }
  | { readonly type: 'output-arrived'; readonly work: number; readonly chunk: OutputChunk }
  | { readonly type: 'work-finished'; readonly work: number; readonly result: WorkResult }
  /** Another engine runs the lab from now on. */
  | { readonly type: 'engine-replaced'; readonly engine: EngineFacts }
  | { readonly type: 'quiet-reached'; readonly quiet: boolean }
  | { readonly type: 'travelled'; readonly result: TravelResult }
  | {
      readonly type: 'course-read';
      readonly course: Course;
      readonly errors: readonly FileError[];
      readonly texts: ReadonlyMap<string, string>;
    }
  | { readonly type: 'notice-given'; readonly tone: 'info' | 'warning' | 'error'; readonly text: string }
  | { readonly type: 'notice-expired'; readonly id: number }
  | { readonly type: 'bug-met'; readonly message: string; readonly stack?: string };

export type WorkResult =
  | { readonly of: 'run'; readonly result: RunResult }
  | { readonly of: 'build'; readonly result: BuildResult }
  | { readonly of: 'perform'; readonly result: CommandResult }
  | { readonly of: 'await-check'; readonly holds: boolean };
