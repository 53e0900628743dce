import type { Course, Lesson, Step } from '../course/lesson.ts';
import type { Capability, LabEngine } from '../lab/engine.ts';
import type { Lab } from '../lab/lab.ts';
import type { Verdict } from '../lab/probe.ts';
import type { Snapshot } from '../lab/snapshot.ts';
import type { ClockState } from './clock.ts';
import { firstClock } from './clock.ts';
import { firstLayout, type Layout } from './layout.ts';
import type { Presenter } from './presenter.ts';
import type { Progress } from './progress.ts';
import { emptyInput, type Overlay, type Screen, type TextInput } from './screen.ts';
import { emptyShell, type Shell } from './shell.ts';
import { emptyTimeline, type Timeline } from './timeline.ts';
import { noWork, type WorkList } from './work.ts';

/** Everything the tutorial knows. One value; `update` makes the next one. */
export type TutorState = {
  /** What runs, as the last look at it said: `labAsWritten`, or that scaled out. */
  readonly lab: Lab;
  readonly labAsWritten: Lab;
  readonly course: Course;
  readonly engine: EngineFacts;
  readonly screen: Screen;
  readonly overlay: Overlay;
  /** The lesson the learner is in; stays while they look at the home screen. */
  readonly lesson?: LessonPosition;
  /** Set while somebody presents. */
  readonly presenter?: Presenter;
  readonly progress: Progress;
  /** The lab as last seen; undefined before the first look. */
  readonly view?: Snapshot;
  readonly timeline: Timeline;
  readonly layout: Layout;
  readonly shell: Shell;
  readonly work: WorkList;
  /** Undefined where the engine has no clock. */
  readonly clock?: ClockState;
  /** Newest last. */
  readonly notices: readonly Notice[];
  readonly nextNoticeId: number;
  /** The program is on its way out. */
  readonly leaving: boolean;
};

export type EngineFacts = {
  readonly name: LabEngine['name'];
  /** What it cannot do, with the reason a learner reads. */
  readonly absent: ReadonlyMap<Capability, string>;
  /** It can go back to what happened. */
  readonly travels?: true;
};

/** Where in a lesson, and what is going on at this step. What is worth keeping lives in `progress`. */
export type LessonPosition = {
  readonly id: string;
  /** Index into the lesson's steps. */
  readonly step: number;
  /** First line shown of the text; the terminal keeps it in range. */
  readonly scroll: number;
  /** Index into the step's blocks: what Enter does next; undefined when nothing is left to do. */
  readonly current?: number;
  /** The learner types the current run block's command themselves. */
  readonly typing?: TextInput;
  /** The answer to the current predict block: text of a number, or index of the choice. */
  readonly answer: PredictionAnswer;
  /** The current check, probe by probe, in the order of its items. */
  readonly check?: CheckProgress;
  /** By prediction id: the lab when the learner answered, and the newest event then. */
  readonly before: Readonly<Record<string, { readonly snapshot: Snapshot; readonly event: number }>>;
};

export type PredictionAnswer = { readonly input: TextInput; readonly choice: number };

export type CheckProgress = {
  /** Lab time when everything of the step was done; undefined before. */
  readonly since?: number;
  readonly verdicts: readonly Verdict[];
  /** All probes hold. Stays true once reached, as the learner may break the lab afterwards. */
  readonly passed: boolean;
  /** The check's time is over and it does not hold: hints are shown. */
  readonly overdue: boolean;
};

export type Notice = {
  readonly id: number;
  readonly tone: 'info' | 'warning' | 'error';
  readonly text: string;
};

export const noAnswer: PredictionAnswer = { input: emptyInput, choice: 0 };

/** The state before anything happened: the home screen. */
export function firstState(parts: {
  readonly lab: Lab;
  readonly course: Course;
  readonly engine: EngineFacts & { readonly hasClock: boolean };
  readonly progress: Progress;
}): TutorState {
  const { lab, course, progress } = parts;
  const { name, absent, hasClock, travels } = parts.engine;
  const at = course.lessons.findIndex(lesson => lesson.id === progress.last?.lesson);
  return {
    lab,
    labAsWritten: lab,
    course,
    engine: { name, absent, ...(travels && { travels }) },
    screen: { name: 'home', cursor: Math.max(0, at) },
    overlay: { name: 'none' },
    progress,
    timeline: emptyTimeline,
    layout: firstLayout,
    shell: emptyShell,
    work: noWork,
    ...(hasClock && { clock: firstClock }),
    notices: [],
    nextNoticeId: 1,
    leaving: false,
  };
}

/** The lesson the learner is in. */
export function currentLesson(state: TutorState): Lesson | undefined {
  return state.course.lessons.find(lesson => lesson.id === state.lesson?.id);
}

/** The step the learner is at. */
export function currentStep(state: TutorState): Step | undefined {
  return currentLesson(state)?.steps[state.lesson?.step ?? 0];
}
