import { blocksOf, solutionOf } from '../course/lesson.ts';
import { actionsLeft } from './actions-left.ts';
import { answerPrediction } from './answer-prediction.ts';
import { allDone } from './block-done.ts';
import { enterLesson, placeAt } from './enter-lesson.ts';
import { giveNotice } from './give-notice.ts';
import { goOn } from './go-on.ts';
import { jobOf, journeyPast, journeyTo, journeyToStage } from './journey.ts';
import { keepLesson, keepStep } from './keep-progress.ts';
import { currentBlock, isPassed, type LiveBlock } from './live-blocks.ts';
import type { LessonMessage } from './message.ts';
import { stepProgress } from './progress.ts';
import { emptyInput } from './screen.ts';
import { currentLesson, currentStep, type TutorState } from './state.ts';
import { enqueue } from './update-work.ts';
import { andThen, to, type Updated } from './updated.ts';
import { type Job, lessonWork, onJourney, type Purpose } from './work.ts';

/** What the learner does in a lesson. */
export function updateLesson(state: TutorState, message: LessonMessage): Updated {
  switch (message.type) {
    case 'next-step-asked':
      return nextStep(state);
    case 'previous-step-asked':
      return previousStep(state);
    case 'do-asked':
      return doCurrent(state);
    case 'typing-asked':
      return startTyping(state);
    case 'typing-edited':
      return state.lesson?.typing === undefined
        ? to(state)
        : to({ ...state, lesson: { ...state.lesson, typing: message.input } });
    case 'answer-edited':
      return withPosition(state, lesson => ({
        ...lesson,
        answer: { ...lesson.answer, input: message.input },
      }));
    case 'choice-moved':
      return withPosition(state, lesson => ({ ...lesson, answer: { ...lesson.answer, choice: message.to } }));
    case 'hint-asked':
      return openHint(state);
    case 'solution-asked':
      return solve(state);
    case 'skip-asked':
      return skip(state);
    case 'restart-lesson-asked':
      return restart(state);
    case 'goto-stage-asked':
      return journeyToStage({ ...state, overlay: { name: 'none' } }, message.stage);
    case 'goto-step-asked':
      return enterLesson(state, message.lesson, message.step);
    case 'lesson-scrolled':
      return withPosition(state, lesson => ({ ...lesson, scroll: Math.max(0, message.to) }));
  }
}

function nextStep(state: TutorState): Updated {
  if (isPassed(state)) return goOn(state, 'passed');
  if (onJourney(state.work)) return giveNotice(state, 'info', 'The lab is on its way; one moment.');
  const { lesson } = state;
  if (lesson?.current !== undefined) {
    return giveNotice(
      state,
      'info',
      'Not done yet. Enter does it, s does the rest for you, K skips the step.',
    );
  }
  const missing = lesson?.check?.verdicts.find(verdict => !verdict.holds);
  const what = missing === undefined ? 'the check of this step' : missing.expected;
  return giveNotice(state, 'info', `Not there yet: ${what}. h hint, s solution, K skip.`);
}

function previousStep(state: TutorState): Updated {
  const lesson = currentLesson(state);
  const at = state.lesson?.step ?? 0;
  return lesson === undefined || at === 0 ? to(state) : to(placeAt(state, lesson.id, at - 1));
}

function doCurrent(state: TutorState): Updated {
  if (state.lesson === undefined) return to(state);
  const current = currentBlock(state);
  if (current === undefined) return nextStep(state);
  const { block, index } = current;
  if (block.type === 'predict') return answerPrediction(state, block, index);
  const underway = lessonWork(state.work);
  if (underway !== undefined) return giveNotice(state, 'info', 'Still at work. Ctrl-C cancels it.');
  const typed = state.lesson.typing?.text.trim();
  if (typed === '')
    return giveNotice(state, 'info', 'Type the command, or press esc and then Enter to run it.');
  return andThen(pausedWarning(state), next =>
    enqueue(next, [{ job: jobOfBlock(block, typed), purpose: blockPurpose(next, index) }]),
  );
}

/** Where lab time stands still nothing can happen: say so instead of hanging. */
function pausedWarning(state: TutorState): Updated {
  return state.clock?.mode === 'paused'
    ? giveNotice(
        state,
        'info',
        'Lab time is paused: it goes on with space, or one event at a time with the full stop.',
      )
    : to(state);
}

function jobOfBlock(block: Exclude<LiveBlock, { type: 'predict' }>, typed: string | undefined): Job {
  switch (block.type) {
    case 'run':
      return jobOf({ ...block, verb: 'run', commandLine: typed ?? block.commandLine });
    case 'stage':
      return jobOf({ verb: 'stage', stage: block.stage });
    case 'break':
      return jobOf({ verb: 'break', fault: block.fault });
    case 'heal':
      return jobOf({ verb: 'heal', fault: block.fault });
  }
}

function blockPurpose(state: TutorState, block: number): Purpose {
  return { of: 'block', lesson: state.lesson?.id ?? '', step: currentStep(state)?.id ?? '', block };
}

function startTyping(state: TutorState): Updated {
  const current = currentBlock(state);
  if (current?.block.type !== 'run') return giveNotice(state, 'info', 'There is no command to type here.');
  return withPosition(state, lesson => ({ ...lesson, typing: lesson.typing ?? emptyInput }));
}

function openHint(state: TutorState): Updated {
  const step = currentStep(state);
  if (step === undefined || state.lesson === undefined) return to(state);
  const levels = blocksOf(step, 'hint').length;
  const { hints } = stepProgress(state.progress, state.lesson.id, step.id);
  if (levels === 0) return giveNotice(state, 'info', 'This step has no hint; s shows and runs the solution.');
  if (hints >= levels) return giveNotice(state, 'info', 'That was the last hint; s does it for you.');
  return to(keepStep(state, kept => ({ ...kept, hints: hints + 1 })));
}

function solve(state: TutorState): Updated {
  const step = currentStep(state);
  if (step === undefined || state.lesson === undefined) return to(state);
  if (lessonWork(state.work) !== undefined)
    return giveNotice(state, 'info', 'Still at work. Ctrl-C cancels it.');
  const actions = actionsLeft(state, step);
  if (actions.length === 0) return giveNotice(state, 'info', 'There is nothing to do in this step.');
  const purpose: Purpose = { of: 'solution', lesson: state.lesson.id, step: step.id };
  const solved = keepStep(allDone(state), kept => ({ ...kept, solved: true }));
  return andThen(pausedWarning(solved), next =>
    enqueue(
      next,
      actions.map(action => ({ job: jobOf(action), purpose })),
    ),
  );
}

function skip(state: TutorState): Updated {
  const lesson = currentLesson(state);
  const step = currentStep(state);
  if (lesson === undefined || step === undefined) return to(state);
  if (isPassed(state)) return goOn(state, 'passed');
  const check = blocksOf(step, 'check')[0];
  if (solutionOf(step).length === 0 && check === undefined) return goOn(allDone(state), 'skipped');
  return journeyPast(state, lesson, step);
}

function restart(state: TutorState): Updated {
  const lesson = currentLesson(state);
  if (lesson === undefined) return to(state);
  const forgotten = keepLesson(state, lesson.id, before => ({ ...before, finished: false, steps: {} }));
  const placed = placeAt(
    { ...forgotten, screen: { name: 'lesson' }, overlay: { name: 'none' } },
    lesson.id,
    0,
  );
  return journeyTo(placed, lesson, 0);
}

function withPosition(
  state: TutorState,
  change: (lesson: NonNullable<TutorState['lesson']>) => NonNullable<TutorState['lesson']>,
): Updated {
  return to(state.lesson === undefined ? state : { ...state, lesson: change(state.lesson) });
}
