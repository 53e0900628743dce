import type { Block, Step } from '../course/lesson.ts';
import { blocksOf } from '../course/lesson.ts';
import { formatFileError } from '../lab/lab-error.ts';
import { faultTitle } from '../tutor/fault-title.ts';
import { currentBlock } from '../tutor/live-blocks.ts';
import { stepProgress } from '../tutor/progress.ts';
import type { Failure } from '../tutor/screen.ts';
import { currentLesson, currentStep, type TutorState } from '../tutor/state.ts';
import { onJourney } from '../tutor/work.ts';

/** What somebody who reads line by line has to hear when the state has changed. */
export function linesBetween(before: TutorState, after: TutorState): string[] {
  return [
    ...newScreen(before, after),
    ...newNotices(before, after),
    ...newOutput(before, after),
    ...newVerdicts(before, after),
    ...newPredictions(before, after),
    ...newHints(before, after),
    ...(onJourney(after.work) && !onJourney(before.work)
      ? ['(the lab is brought to where this step begins)']
      : []),
    ...newPrompt(before, after),
  ];
}

/** The home screen in lines. */
export function homeLines({ course, progress }: TutorState): string[] {
  return [
    '',
    'srklab-tutor: a Kubernetes BGP load balancer on an EVPN-VXLAN fabric',
    '',
    ...course.lessons.map(lesson => {
      const kept = progress.lessons[lesson.id];
      const passed = lesson.steps.filter(step => kept?.steps[step.id]?.outcome !== undefined).length;
      return `  ${lesson.id}  ${lesson.title} (${lesson.minutes} min, ${passed} of ${lesson.steps.length} steps done)`;
    }),
    '',
    'open <lesson> opens one, help lists what can be typed, quit leaves.',
  ];
}

function newScreen(before: TutorState, after: TutorState): string[] {
  const { screen } = after;
  const moved =
    screen.name !== before.screen.name ||
    after.lesson?.id !== before.lesson?.id ||
    after.lesson?.step !== before.lesson?.step ||
    after.course !== before.course;
  if (!moved) return [];
  switch (screen.name) {
    case 'home':
      return homeLines(after);
    case 'finished':
      return ['', 'That was the last step of this lesson. An empty line opens the next lesson.'];
    case 'failure':
      return failureLines(screen.failure);
    case 'lesson':
    case 'presenter':
      return stepLines(after);
  }
}

function stepLines(state: TutorState): string[] {
  const lesson = currentLesson(state);
  const step = currentStep(state);
  if (lesson === undefined || step === undefined) return [];
  const at = (state.lesson?.step ?? 0) + 1;
  const introduction = at === 1 ? lesson.introduction.flatMap(blockLines) : [];
  return [
    '',
    `${lesson.title}, step ${at} of ${lesson.steps.length}: ${step.title}`,
    '',
    ...introduction,
    ...step.blocks.flatMap(blockLines),
  ];
}

function blockLines(block: Block): string[] {
  switch (block.type) {
    case 'prose':
      return [...block.markdown.trimEnd().split('\n'), ''];
    case 'run':
      return [`  $ ${block.commandLine}${block.on === undefined ? '' : `   (on ${block.on})`}`, ''];
    case 'stage':
      return [`  build the stage ${block.stage}`, ''];
    case 'break':
      return [`  break: ${faultTitle(block.fault)}`, ''];
    case 'heal':
      return [`  heal: ${block.fault}`, ''];
    case 'predict': {
      const { answer } = block;
      const choices =
        answer.kind === 'choice' ? answer.choices.map((choice, at) => `    ${at + 1} ${choice.text}`) : [];
      return [`  Your guess: ${block.question}`, ...choices, ''];
    }
    default:
      return [];
  }
}

function failureLines(failure: Failure): string[] {
  switch (failure.reader) {
    case 'author':
      return [
        '',
        ...failure.errors.flatMap(error => formatFileError(error, failure.texts.get(error.file)).split('\n')),
      ];
    case 'learner':
      return ['', failure.title, failure.because, ...failure.nextSteps.map(step => `  ${step}`)];
    case 'bug':
      return [
        '',
        `srklab-tutor met a bug in itself: ${failure.message}`,
        'Progress is kept. An empty line goes on.',
      ];
  }
}

function newNotices(before: TutorState, after: TutorState): string[] {
  const known = new Set(before.notices.map(notice => notice.id));
  return after.notices.filter(notice => !known.has(notice.id)).map(notice => `* ${notice.text}`);
}

function newOutput(before: TutorState, after: TutorState): string[] {
  if (before.shell.blocks === after.shell.blocks) return [];
  return after.shell.blocks.flatMap(block => {
    const earlier = before.shell.blocks.find(other => other.id === block.id);
    if (earlier === block) return [];
    const ended = block.exitCode !== undefined && earlier?.exitCode === undefined;
    if (!ended) return earlier === undefined ? [`$ ${block.commandLine}`] : [];
    const text = block.output
      .map(chunk => chunk.text)
      .join('')
      .trimEnd();
    return [
      ...(earlier === undefined ? [`$ ${block.commandLine}`] : []),
      ...(text === '' ? [] : text.split('\n')),
      ...(block.exitCode === 0 ? [] : [`(exit code ${block.exitCode})`]),
    ];
  });
}

function newVerdicts(before: TutorState, after: TutorState): string[] {
  const check = after.lesson?.check;
  if (check === undefined || after.lesson?.current !== undefined) return [];
  const samePlace = before.lesson?.step === after.lesson?.step && before.lesson?.id === after.lesson?.id;
  const earlier = samePlace && before.lesson?.current === undefined ? before.lesson?.check : undefined;
  const lines = check.verdicts.flatMap((verdict, index) => {
    const was = earlier?.verdicts[index];
    if (was !== undefined && was.holds === verdict.holds) return [];
    return [
      verdict.holds ? `ok: ${verdict.expected}` : `waiting: ${verdict.expected}; now: ${verdict.observed}`,
    ];
  });
  const passed = check.passed && earlier?.passed !== true ? ['Step passed. An empty line goes on.'] : [];
  return [...lines, ...passed];
}

function newPredictions(before: TutorState, after: TutorState): string[] {
  const step = currentStep(after);
  const lesson = after.lesson?.id;
  if (step === undefined || lesson === undefined || before.progress === after.progress) return [];
  return blocksOf(step, 'predict').flatMap(({ id, question }) => {
    const now = stepProgress(after.progress, lesson, step.id).predictions[id];
    const was = stepProgress(before.progress, lesson, step.id).predictions[id];
    if (now?.measured === undefined || was?.measured !== undefined) return [];
    return [`${question} You said ${now.answer}; measured: ${now.measured}.`];
  });
}

function newHints(before: TutorState, after: TutorState): string[] {
  const step = currentStep(after);
  const lesson = after.lesson?.id;
  if (step === undefined || lesson === undefined) return [];
  const opened = (state: TutorState) => stepProgress(state.progress, lesson, step.id).hints;
  return blocksOf(step, 'hint')
    .slice(opened(before), opened(after))
    .map(hint => `hint: ${hint.markdown.trim()}`);
}

/** What an empty line would do now, said when that has changed. */
function newPrompt(before: TutorState, after: TutorState): string[] {
  if (after.screen.name !== 'lesson' || onJourney(after.work)) return [];
  const now = promptOf(after);
  const same =
    before.screen.name === 'lesson' && currentStep(before) === currentStep(after) && !onJourney(before.work);
  return now === undefined || (same && promptOf(before) === now) ? [] : [now];
}

function promptOf(state: TutorState): string | undefined {
  const block = currentBlock(state)?.block;
  switch (block?.type) {
    case 'run':
      return `> an empty line runs: ${block.commandLine}`;
    case 'stage':
      return `> an empty line builds the stage ${block.stage}`;
    case 'break':
      return `> an empty line breaks it: ${faultTitle(block.fault)}`;
    case 'heal':
      return '> an empty line heals it';
    case 'predict':
      return block.answer.kind === 'choice' ? '> type the number of your choice' : '> type your guess';
    case undefined:
      return hasNoCheck(currentStep(state)) ? '> an empty line goes on' : undefined;
  }
}

function hasNoCheck(step: Step | undefined): boolean {
  return step !== undefined && blocksOf(step, 'check').length === 0;
}
