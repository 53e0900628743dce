import type { StepTake } from '../course/handout.ts';
import type { Lesson } from '../course/lesson.ts';
import { observed } from '../engines/wrap/observed-engine.ts';
import type { LabEngine } from '../lab/engine.ts';
import { runLesson } from './run-lesson.ts';

/** Plays a lesson and keeps what its commands printed and its checks saw, by step id. Stops the engine. */
export async function takeOfLesson(
  engine: LabEngine,
  lesson: Lesson,
  signal: AbortSignal,
): Promise<{ readonly steps: ReadonlyMap<string, StepTake>; readonly passed: boolean }> {
  const steps = new Map<string, StepTake>();
  let outputs: StepTake['outputs'][number][] = [];
  const watched = observed(engine, {
    ran: (commandLine, { output, exitCode }) => {
      outputs.push({ commandLine, text: output.map(chunk => chunk.text).join(''), exitCode });
    },
  });
  const report = await runLesson(watched, lesson, {
    signal,
    stepBegins: () => {
      outputs = [];
    },
    stepDone: ({ step, verdicts, measured }) => {
      steps.set(step, {
        outputs,
        predictions: measured.map(({ question, answer }) => ({ question, measured: answer })),
        seen: verdicts.map(({ expected, observed, holds }) => ({ expected, observed, holds })),
      });
    },
  });
  await watched.stop();
  return { steps, passed: report.passed };
}
