/** What is kept between sessions: plain JSON, versioned. */
export type Progress = {
  readonly version: 1;
  /** Where the learner was last. */
  readonly last?: { readonly lesson: string; readonly step: string };
  /** By lesson id. */
  readonly lessons: Readonly<Record<string, LessonProgress>>;
};

export type LessonProgress = {
  /** Id of the step the learner is at. */
  readonly at: string;
  readonly finished: boolean;
  /** By step id. */
  readonly steps: Readonly<Record<string, StepProgress>>;
};

export type StepProgress = {
  /** 'skipped': the solution was run for the learner and they went on. */
  readonly outcome?: 'passed' | 'skipped';
  /** Indexes into the step's blocks: the live ones that were done. */
  readonly done: readonly number[];
  /** How many hints were opened. */
  readonly hints: number;
  /** The solution was run by "do it for me". */
  readonly solved: boolean;
  /** By id of the prediction: what the learner said, and what was measured later. */
  readonly predictions: Readonly<Record<string, KeptPrediction>>;
  /** What the step's commands printed when the learner ran them last, to take home. */
  readonly outputs?: readonly KeptOutput[];
};

/** `text` is cut at `outputKept` characters. */
export type KeptOutput = { readonly commandLine: string; readonly text: string; readonly exitCode: number };

export const outputKept = 8000;

/** `right` is absent where nothing was measured yet or a number was asked for (near is a matter of taste). */
export type KeptPrediction = {
  readonly answer: string;
  readonly measured?: string;
  readonly right?: boolean;
};

export const emptyProgress: Progress = { version: 1, lessons: {} };
export const emptyStep: StepProgress = { done: [], hints: 0, solved: false, predictions: {} };

/** Progress of one step; an untouched step's when there is none. */
export function stepProgress(progress: Progress, lesson: string, step: string): StepProgress {
  return progress.lessons[lesson]?.steps[step] ?? emptyStep;
}
