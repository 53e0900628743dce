import { blockDone } from './block-done.ts';
import { giveNotice } from './give-notice.ts';
import { goOn } from './go-on.ts';
import { keepStepOf } from './keep-progress.ts';
import type { WorkResult } from './message.ts';
import { outputKept } from './progress.ts';
import { blockEnded } from './shell-blocks.ts';
import { currentStep, type TutorState } from './state.ts';
import { cancelLane, finished, startWaiting } from './update-work.ts';
import { andThen, to, type Updated } from './updated.ts';
import type { Work } from './work.ts';

/** A job came to its end: the shell, the step and the queue hear of it. */
export function workFinished(state: TutorState, id: number, result: WorkResult): Updated {
  const work = state.work.underway.find(entry => entry.id === id);
  if (work === undefined) return to(state);
  const ended: TutorState = {
    ...state,
    work: finished(state.work, id),
    shell: result.of === 'run' ? blockEnded(state.shell, id, result.result.exitCode) : state.shell,
  };
  const told = tellLearner(ended, work, result);
  return andThen(
    andThen(told, next => advanceLesson(next, work, result)),
    startWaiting,
  );
}

/** What failed is said aloud; what waited behind a failed stage is not tried. */
function tellLearner(state: TutorState, work: Work, result: WorkResult): Updated {
  const failure = failedStage(work, result);
  if (failure !== undefined) {
    return andThen(cancelLane(state, 'lesson'), next =>
      to({
        ...next,
        screen: {
          name: 'failure',
          failure: { reader: 'learner', ...failure },
          behind: next.screen.name === 'home' ? 'home' : 'lesson',
        },
      }),
    );
  }
  if (result.of === 'perform' && result.result.outcome === 'refused') {
    const { because, nextSteps } = result.result;
    return giveNotice(state, 'warning', [because, ...nextSteps].join(' '));
  }
  if (result.of === 'await-check' && !result.holds && work.purpose.of === 'journey') {
    return giveNotice(
      state,
      'warning',
      'A step on the way did not pass its check; the lab may not be quite where this step begins. To start the lesson again: :restart',
    );
  }
  return to(state);
}

type StageFailure = {
  readonly title: string;
  readonly because: string;
  readonly nextSteps: readonly string[];
};

/** A stage that was asked for, or one on the way to where the lab was to be. */
function failedStage({ job }: Work, result: WorkResult): StageFailure | undefined {
  if (result.of === 'build' && result.result.outcome === 'failed') {
    const { because, nextSteps } = result.result;
    return {
      title: job.type === 'build' ? `Stage ${job.stage} failed` : 'The stage failed',
      because,
      nextSteps,
    };
  }
  if (result.of !== 'perform' || result.result.outcome === 'done') return undefined;
  const { stage, because, nextSteps } = result.result;
  if (stage === undefined) return undefined;
  const title = `Stage ${stage} failed`;
  if (job.type !== 'perform' || job.command.type !== 'restore') return { title, because, nextSteps };
  const again = `To try again: Esc, then “:stage ${job.command.stage}”. What is there already stays, and so does your progress.`;
  return { title, because, nextSteps: [...nextSteps, again] };
}

function advanceLesson(state: TutorState, work: Work, result: WorkResult): Updated {
  const { purpose } = work;
  if (purpose.of === 'block') {
    if (!succeeded(result)) return to(state);
    return finishBlock(withOutput(state, purpose, work, result), purpose);
  }
  if (purpose.of === 'shell' && work.job.type === 'run')
    return countTyped(state, work.job.commandLine, result);
  if (purpose.of === 'journey' && purpose.arrival?.to === 'after-skipped') {
    const { lesson, step } = purpose.arrival;
    const here = state.lesson?.id === lesson && currentStep(state)?.id === step;
    return here && !cancelled(result) ? goOn(state, 'skipped') : to(state);
  }
  return to(state);
}

type BlockPurpose = Extract<Work['purpose'], { readonly of: 'block' }>;

function finishBlock(state: TutorState, purpose: BlockPurpose): Updated {
  const here = state.lesson?.id === purpose.lesson && currentStep(state)?.id === purpose.step;
  if (here) return to(blockDone(state, purpose.block));
  return to(
    keepStepOf(state, purpose.lesson, purpose.step, step => ({
      ...step,
      done: step.done.includes(purpose.block) ? step.done : [...step.done, purpose.block],
    })),
  );
}

/** What a command of the lesson printed is kept with its step. */
function withOutput(state: TutorState, purpose: BlockPurpose, work: Work, result: WorkResult): TutorState {
  if (result.of !== 'run' || work.job.type !== 'run') return state;
  const { commandLine } = work.job;
  const text = result.result.output
    .map(chunk => chunk.text)
    .join('')
    .slice(0, outputKept);
  const output = { commandLine, text, exitCode: result.result.exitCode };
  return keepStepOf(state, purpose.lesson, purpose.step, step => ({
    ...step,
    outputs: [...(step.outputs ?? []).filter(one => one.commandLine !== commandLine), output],
  }));
}

/** The lesson's command typed in the shell counts as done; anything else counts by its effect alone. */
function countTyped(state: TutorState, commandLine: string, result: WorkResult): Updated {
  const index = state.lesson?.current;
  const block = index === undefined ? undefined : currentStep(state)?.blocks[index];
  const same = block?.type === 'run' && words(block.commandLine) === words(commandLine);
  return to(same && index !== undefined && succeeded(result) ? blockDone(state, index) : state);
}

/** A command that ran to its end counts, even when it says no: showing that may be the lesson. */
function succeeded(result: WorkResult): boolean {
  switch (result.of) {
    case 'run':
      return result.result.exitCode !== 127 && !cancelled(result);
    case 'build':
    case 'perform':
      return result.result.outcome === 'done';
    case 'await-check':
      return result.holds;
  }
}

function cancelled(result: WorkResult): boolean {
  if (result.of === 'run') return result.result.exitCode === 130;
  return result.of === 'build' && result.result.outcome === 'cancelled';
}

function words(commandLine: string): string {
  return commandLine.trim().split(/\s+/).join(' ');
}
