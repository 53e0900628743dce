import type { Action, Lesson, Prediction } from '../course/lesson.ts';
import { type LessonRun, planLessonRun, type StepRun } from '../course/lesson-run.ts';
import type { LabEngine, RunResult } from '../lab/engine.ts';
import { tablesFor } from '../lab/evaluate-probe.ts';
import type { LabEvent } from '../lab/event.ts';
import { tablesForMeasurement } from '../lab/measurement.ts';
import type { Verdict } from '../lab/probe.ts';
import { differencesFrom, referenceTables } from '../lab/reference-state.ts';
import type { Snapshot, TableRef } from '../lab/snapshot.ts';
import { jobOf } from '../tutor/journey.ts';
import { outcomeOf } from '../tutor/measure-predictions.ts';
import { awaitCheck } from './await-check.ts';
import { drive, letPass } from './drive.ts';

export type LessonReport = {
  readonly lesson: string;
  readonly title: string;
  readonly file: string;
  readonly steps: readonly StepReport[];
  readonly passed: boolean;
  /** Real milliseconds. */
  readonly tookMs: number;
};

export type StepReport = {
  readonly step: string;
  readonly title: string;
  readonly line: number;
  /** Sentences about what went wrong; none: passed. */
  readonly problems: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly measured: readonly { readonly question: string; readonly answer: string }[];
  /** Lab milliseconds from the end of the solution until the check held. */
  readonly checkTookMs?: number;
  /** Lab milliseconds of the whole step. */
  readonly labMs: number;
  readonly tookMs: number;
};

export type RunOptions = {
  readonly stepBegins?: (step: StepRun) => void;
  readonly stepDone?: (report: StepReport) => void;
  readonly now?: () => number;
  readonly signal?: AbortSignal;
};

/** Lab milliseconds that the lab gets at most before each step. */
const readingTime = 5000;
/** Real routers' logs are read that much later at most. Milliseconds. */
const hearsay = 2_000;
/** And how many to become what it was after healing. */
const settleWithin = 120_000;

/**
 * Takes a lesson without a learner: each step's check must fail before its solution and hold in time after it; once everything
 * broken is healed the lab must be what it was before.
 */
export async function runLesson(
  engine: LabEngine,
  lesson: Lesson,
  options: RunOptions = {},
): Promise<LessonReport> {
  const plan = planLessonRun(lesson);
  const now = options.now ?? (() => performance.now());
  const began = now();
  const steps: StepReport[] = [];
  const events: LabEvent[] = [];
  const unsubscribe = engine.subscribe(batch => events.push(...batch));
  try {
    const start = await startProblem(engine, plan);
    const run = createStepRunner(engine, events, now);
    for (const step of plan.steps) {
      if (options.signal?.aborted === true) break;
      options.stepBegins?.(step);
      const report = start === undefined ? await run(step) : notRun(step, start);
      steps.push(report);
      options.stepDone?.(report);
    }
  } finally {
    unsubscribe();
  }
  const passed = steps.length === plan.steps.length && steps.every(step => step.problems.length === 0);
  const { lesson: id, title, file } = plan;
  return { lesson: id, title, file, steps, passed, tookMs: now() - began };
}

async function startProblem(engine: LabEngine, plan: LessonRun): Promise<string | undefined> {
  const result = await drive(
    engine,
    engine.perform({
      type: 'restore',
      stage: plan.startFrom,
      ...(plan.lab !== undefined && { lab: plan.lab }),
    }),
  );
  if (result.outcome === 'done') return undefined;
  return `the lab could not be brought to ${plan.startFrom}: ${result.because}`;
}

function notRun(step: StepRun, because: string): StepReport {
  const { step: id, title, line } = step;
  return { step: id, title, line, problems: [because], verdicts: [], measured: [], labMs: 0, tookMs: 0 };
}

function createStepRunner(engine: LabEngine, events: LabEvent[], now: () => number) {
  /** The lab before the first fault. */
  let reference: Snapshot | undefined;

  return async (step: StepRun): Promise<StepReport> => {
    const began = now();
    const problems: string[] = [];
    // A learner reads before they do something; meanwhile the lab comes to rest.
    engine.clock?.runUntilQuiet(readingTime);
    const tables = step.predictions.flatMap(tablesOfPrediction);
    if (step.actions.some(action => action.verb === 'break'))
      reference = await settledState(engine, reference);
    const before = await engine.snapshot(tables);
    const firstEvent = events.length;

    problems.push(...(await holdsAlready(engine, step)));
    for (const action of step.actions) problems.push(...(await act(engine, action)));
    // Small steps while something is under way; else only counters and hold timers can change what a check says.
    const pass = () => letPass(engine, engine.clock?.busy() === false ? 125 : 20);
    // What could not be done needs no waiting for.
    const check = problems.length === 0 ? step.check : step.check && { ...step.check, within: 0 };
    const outcome = check === undefined ? undefined : await awaitCheck(engine, check, pass);
    const failing = outcome?.holds === false ? outcome.verdicts.filter(verdict => !verdict.holds) : [];
    problems.push(...failing.map(({ expected, observed }) => `expected: ${expected}; observed: ${observed}`));

    const look = async () => {
      const after = await engine.snapshot(tables);
      const observation = { before, now: after, events: events.slice(firstEvent) };
      const measured = step.predictions.map(prediction => ({
        question: prediction.question,
        answer: outcomeOf(prediction, observation)?.text,
      }));
      return { after, measured };
    };
    let { after, measured } = await look();
    // Tables are asked for; what happened is heard, from real routers a moment later.
    const heardBy = now() + (engine.clock === undefined ? hearsay : 0);
    while (measured.some(({ answer }) => answer === undefined) && now() < heardBy) {
      await pass();
      ({ after, measured } = await look());
    }
    problems.push(
      ...measured.flatMap(({ question, answer }) =>
        answer === undefined ? [`nothing answers the prediction: ${question}`] : [],
      ),
    );
    if (!events.slice(firstEvent).some(isChangeOnPurpose))
      problems.push(...(await notRestored(engine, before, reference)));

    return {
      step: step.step,
      title: step.title,
      line: step.line,
      problems,
      verdicts: outcome?.verdicts ?? [],
      measured: measured.flatMap(({ question, answer }) =>
        answer === undefined ? [] : [{ question, answer }],
      ),
      ...(outcome !== undefined && { checkTookMs: outcome.tookMs }),
      labMs: after.at - before.at,
      tookMs: now() - began,
    };
  };
}

/** Whoever configures something while healing wants another lab than before. */
function isChangeOnPurpose(event: LabEvent): boolean {
  return ['config-changed', 'object-applied', 'object-deleted'].includes(event.type);
}

/** A check that holds before anything was done proves nothing. */
async function holdsAlready(engine: LabEngine, step: StepRun): Promise<string[]> {
  if (step.check === undefined) return [];
  const once = { ...step.check, within: -1 };
  const { holds } = await awaitCheck(engine, once, async () => undefined);
  return holds && step.actions.length > 0 ? ['the check holds before anything was done'] : [];
}

async function act(engine: LabEngine, action: Action): Promise<string[]> {
  const job = jobOf(action);
  const failing = action.verb === 'run' && action.failing === true;
  switch (job.type) {
    case 'run': {
      const { commandLine, on, cluster } = job;
      const where = { ...(on !== undefined && { on }), ...(cluster !== undefined && { cluster }) };
      const result = await drive(engine, engine.run(commandLine, where));
      if (result.exitCode === 127) return [`not understood: ${commandLine}: ${lastLine(result)}`];
      if ((result.exitCode !== 0) === failing) return [];
      return failing
        ? [`was expected to fail: ${commandLine}`]
        : [`failed with exit code ${result.exitCode}: ${commandLine}: ${lastLine(result)}`];
    }
    case 'build': {
      const result = await drive(engine, engine.build(job.stage));
      return result.outcome === 'done'
        ? []
        : [`stage ${job.stage}: ${'because' in result ? result.because : result.outcome}`];
    }
    case 'perform': {
      const result = await drive(engine, engine.perform(job.command));
      return result.outcome === 'done' ? [] : [`refused: ${result.because}`];
    }
    case 'await-check':
      return [];
  }
}

/** The lab to compare with later, once nothing changes any more: timers may still be at work. While something is broken, what it was before. */
async function settledState(engine: LabEngine, earlier: Snapshot | undefined): Promise<Snapshot> {
  const tables = referenceTables(engine.lab);
  let last = await engine.snapshot(tables);
  if (last.faults.length > 0 && earlier !== undefined) return earlier;
  const until = last.at + settleWithin;
  for (;;) {
    await letPass(engine, 2000);
    const now = await engine.snapshot(tables);
    if (now.at >= until || differencesFrom(last, now).length === 0) return now;
    last = now;
  }
}

/** After the last fault was healed the lab has to come back to what it was; it is given time for that. */
async function notRestored(
  engine: LabEngine,
  before: Snapshot,
  reference: Snapshot | undefined,
): Promise<string[]> {
  if (before.faults.length === 0 || reference === undefined) return [];
  const tables = referenceTables(engine.lab);
  let now = await engine.snapshot(tables);
  if (now.faults.length > 0) return [];
  const until = now.at + settleWithin;
  for (;;) {
    const differences = differencesFrom(reference, now);
    if (differences.length === 0) return [];
    if (now.at >= until)
      return [`after healing the lab is not what it was: ${differences.slice(0, 5).join('; ')}`];
    await letPass(engine, 500);
    now = await engine.snapshot(tables);
  }
}

function tablesOfPrediction({ answer }: Prediction): TableRef[] {
  const measured = answer.measurement === undefined ? [] : tablesForMeasurement(answer.measurement);
  if (answer.kind === 'number') return measured;
  return [
    ...measured,
    ...answer.choices.flatMap(({ when }) => (when.type === 'probe' ? tablesFor(when.probe) : [])),
  ];
}

function lastLine(result: RunResult): string {
  const text = result.output
    .map(chunk => chunk.text)
    .join('')
    .trimEnd();
  return text.slice(text.lastIndexOf('\n') + 1);
}
