import { blocksOf } from '../../course/lesson.ts';
import { currentBlock } from '../../tutor/live-blocks.ts';
import type { Message } from '../../tutor/message.ts';
import { stepProgress } from '../../tutor/progress.ts';
import { currentStep, noAnswer } from '../../tutor/state.ts';
import { onJourney } from '../../tutor/work.ts';
import { lessonWindow } from '../screens/lesson-window.ts';
import type { KeyContext } from './key-context.ts';
import type { KeyRow } from './keymap.ts';
import { downKeys, movedBy, upKeys } from './scroll.ts';

export const lessonKeys: readonly KeyRow[] = [
  {
    place: 'lesson-screen',
    keys: ['right'],
    group: 'Lesson',
    help: 'Go on to the next step',
    bar: { rank: 1, label: 'step', keys: '←/→' },
    command: () => ({ type: 'next-step-asked' }),
  },
  {
    place: 'lesson-screen',
    keys: ['left'],
    group: 'Lesson',
    help: 'Back to the step before',
    command: () => ({ type: 'previous-step-asked' }),
    disabledBecause: ({ state }) => (state.lesson?.step === 0 ? 'this is the first step' : undefined),
  },
  {
    place: 'lesson',
    keys: ['enter'],
    group: 'Lesson',
    help: 'Do what the step asks for next: run it, build it, break it; then go on',
    bar: { rank: 0, label: ({ state }) => doLabel(currentBlock(state)?.block.type) },
    command: () => ({ type: 'do-asked' }),
  },
  {
    place: 'lesson',
    keys: ['t'],
    group: 'Lesson',
    help: 'Type the command yourself',
    command: () => ({ type: 'typing-asked' }),
    disabledBecause: ({ state }) =>
      currentBlock(state)?.block.type === 'run' ? undefined : 'the next thing to do is not a command',
  },
  {
    place: 'lesson',
    keys: ['h'],
    group: 'Lesson',
    help: 'A hint, one more with each press',
    bar: { rank: 6, label: 'hint' },
    command: () => ({ type: 'hint-asked' }),
    disabledBecause: context => (hintsLeft(context) > 0 ? undefined : 'this step has no more hints'),
  },
  {
    place: 'lesson',
    keys: ['s'],
    group: 'Lesson',
    help: 'Do the rest of the step for me',
    command: () => ({ type: 'solution-asked' }),
  },
  {
    place: 'lesson',
    keys: ['K'],
    group: 'Lesson',
    help: 'Skip the step: its solution is run, so that later steps work',
    command: () => ({ type: 'skip-asked' }),
    disabledBecause: ({ state }) =>
      onJourney(state.work) ? 'the lab is on its way to the next step already' : undefined,
  },
  {
    place: 'lesson',
    keys: ['y'],
    group: 'Lesson',
    help: 'Copy the command',
    command: ({ state }) => {
      const block = currentBlock(state)?.block;
      return block?.type === 'run' ? { type: 'copy-asked', text: block.commandLine } : undefined;
    },
    disabledBecause: ({ state }) =>
      currentBlock(state)?.block.type === 'run' ? undefined : 'there is no command to copy here',
  },
  {
    place: 'lesson',
    keys: upKeys,
    group: 'Lesson',
    help: 'Scroll the text up',
    command: context => scrolled(context, -1),
  },
  {
    place: 'lesson',
    keys: downKeys,
    group: 'Lesson',
    help: 'Scroll the text down',
    command: context => scrolled(context, 1),
  },
  {
    place: 'lesson',
    keys: ['pageup'],
    group: 'Lesson',
    help: 'Scroll the text a page up',
    command: context => scrolled(context, 'page-up'),
  },
  {
    place: 'lesson',
    keys: ['pagedown'],
    group: 'Lesson',
    help: 'Scroll the text a page down',
    command: context => scrolled(context, 'page-down'),
  },
  {
    place: 'lesson',
    keys: ['home', 'g'],
    group: 'Lesson',
    help: 'To the top of the text',
    command: () => ({ type: 'lesson-scrolled', to: 0 }),
  },
  {
    place: 'lesson',
    keys: ['end', 'G'],
    group: 'Lesson',
    help: 'To the end of the text',
    command: context => scrolled(context, 100_000),
  },
  {
    place: 'typing',
    keys: ['enter'],
    group: 'Lesson',
    help: 'Run what you typed',
    bar: { rank: 0, label: 'run' },
    command: () => ({ type: 'do-asked' }),
  },
  {
    place: 'typing',
    keys: ['esc'],
    group: 'Lesson',
    help: 'Stop typing',
    bar: { rank: 1, label: 'leave it' },
    command: () => ({ type: 'back-asked' }),
  },
];

export const answerKeys: readonly KeyRow[] = [
  {
    place: 'answer-choice',
    keys: upKeys,
    group: 'Answer',
    help: 'The choice above',
    bar: { rank: 2, label: 'choose', keys: '↑/↓' },
    command: context => chosen(context, -1),
  },
  {
    place: 'answer-choice',
    keys: downKeys,
    group: 'Answer',
    help: 'The choice below',
    command: context => chosen(context, 1),
  },
];

function doLabel(type: 'run' | 'stage' | 'predict' | 'break' | 'heal' | undefined): string {
  switch (type) {
    case 'run':
      return 'run it';
    case 'stage':
      return 'build it';
    case 'predict':
      return 'answer';
    case 'break':
      return 'break it';
    case 'heal':
      return 'heal it';
    case undefined:
      return 'go on';
  }
}

function scrolled(context: KeyContext, by: number | 'page-up' | 'page-down'): Message | undefined {
  const window = lessonWindow(context.state, context.size);
  if (window === undefined) return undefined;
  const page = Math.max(1, window.room - 2);
  const lines = by === 'page-up' ? -page : by === 'page-down' ? page : by;
  return {
    type: 'lesson-scrolled',
    to: movedBy(window.from, lines, window.text.lines.length - window.room),
  };
}

function chosen({ state }: KeyContext, by: number): Message | undefined {
  const block = currentBlock(state)?.block;
  if (block?.type !== 'predict' || block.answer.kind !== 'choice') return undefined;
  const { choice } = state.lesson?.answer ?? noAnswer;
  return { type: 'choice-moved', to: movedBy(choice, by, block.answer.choices.length - 1) };
}

function hintsLeft({ state }: KeyContext): number {
  const step = currentStep(state);
  if (step === undefined) return 0;
  return blocksOf(step, 'hint').length - stepProgress(state.progress, state.lesson?.id ?? '', step.id).hints;
}
