import type { Message } from '../../tutor/message.ts';
import { emptyInput } from '../../tutor/screen.ts';
import type { KeyContext, Place } from './key-context.ts';
import type { KeyRow } from './keymap.ts';
import { downKeys, upKeys } from './scroll.ts';

const screens: readonly Place[] = ['home', 'finished', 'failure', 'lesson-screen', 'presenter', 'overview'];

export const programKeys: readonly KeyRow[] = [
  {
    place: 'home',
    keys: ['enter', 'right'],
    group: 'Program',
    help: 'Open the lesson, where you left it',
    bar: { rank: 0, label: 'open' },
    command: ({ state }) => {
      const lesson = state.screen.name === 'home' ? state.course.lessons[state.screen.cursor] : undefined;
      return lesson === undefined ? undefined : { type: 'lesson-asked', lesson: lesson.id };
    },
  },
  {
    place: 'home',
    keys: upKeys,
    group: 'Program',
    help: 'The lesson above',
    bar: { rank: 1, label: 'choose', keys: '↑/↓' },
    command: context => homeMoved(context, -1),
  },
  {
    place: 'home',
    keys: downKeys,
    group: 'Program',
    help: 'The lesson below',
    command: context => homeMoved(context, 1),
  },
  {
    place: 'home',
    keys: ['esc'],
    group: 'Program',
    help: 'Back to the lesson you were in',
    command: ({ state }) =>
      state.lesson === undefined ? undefined : { type: 'lesson-asked', lesson: state.lesson.id },
    disabledBecause: ({ state }) => (state.lesson === undefined ? 'no lesson is open; q leaves' : undefined),
  },
  {
    place: 'finished',
    keys: ['enter', 'right'],
    group: 'Program',
    help: 'On to the next lesson',
    bar: { rank: 0, label: 'next lesson' },
    command: ({ state }): Message => {
      const { screen } = state;
      const at = state.course.lessons.findIndex(
        lesson => screen.name === 'finished' && lesson.id === screen.lesson,
      );
      const next = state.course.lessons[at + 1];
      return next === undefined ? { type: 'home-asked' } : { type: 'lesson-asked', lesson: next.id };
    },
  },
  {
    place: 'finished',
    keys: ['esc', 'left'],
    group: 'Program',
    help: 'To all lessons',
    bar: { rank: 1, label: 'all lessons', keys: 'Esc' },
    command: () => ({ type: 'home-asked' }),
  },
  {
    place: 'failure',
    keys: ['esc', 'enter'],
    group: 'Program',
    help: 'Back to where you were',
    bar: { rank: 0, label: 'back', keys: 'Esc' },
    command: () => ({ type: 'back-asked' }),
  },
  {
    place: 'failure',
    keys: ['y'],
    group: 'Program',
    help: 'Copy the report',
    bar: { rank: 1, label: 'copy' },
    command: ({ state }) => {
      if (state.screen.name !== 'failure') return undefined;
      const { failure } = state.screen;
      const text =
        failure.reader === 'bug'
          ? `${failure.message}\n${failure.stack ?? ''}`
          : failure.reader === 'learner'
            ? [failure.title, failure.because, ...failure.nextSteps].join('\n')
            : failure.errors.map(error => `${error.file}:${error.line}: ${error.message}`).join('\n');
      return { type: 'copy-asked', text };
    },
  },
  {
    place: 'lesson-screen',
    keys: ['esc'],
    group: 'Program',
    help: 'Back: out of a pane, out of zoom, to all lessons',
    command: () => ({ type: 'back-asked' }),
  },
  {
    place: 'lesson-screen',
    keys: [':', 'ctrl-p'],
    group: 'Program',
    help: 'Everything there is, by typing: steps, stages, panes, faults, speed',
    bar: { rank: 7, label: 'command', keys: ':' },
    command: openPalette,
  },
  {
    place: 'home',
    keys: [':', 'ctrl-p'],
    group: 'Program',
    help: 'Everything there is, by typing',
    bar: { rank: 3, label: 'command', keys: ':' },
    command: openPalette,
  },
  {
    place: 'lesson-screen',
    keys: ['m'],
    group: 'Program',
    help: 'Mouse on or off; while off, text can be selected',
    command: () => ({ type: 'toggle-mouse' }),
  },
  ...screens.flatMap((place): KeyRow[] => [
    {
      place,
      keys: ['?'],
      group: 'Program',
      help: 'Keys that work now',
      bar: { rank: 10, label: 'keys', always: true },
      command: () => ({ type: 'overlay-asked', overlay: { name: 'help', scroll: 0 } }),
    },
    {
      place,
      keys: ['q'],
      group: 'Program',
      help: 'Leave',
      bar: { rank: 11, label: 'quit' },
      command: () => ({ type: 'quit-asked' }),
    },
  ]),
  {
    place: 'anywhere',
    keys: ['ctrl-c'],
    group: 'Program',
    help: 'Cancel what is running; with nothing running, leave',
    command: () => ({ type: 'interrupt-asked' }),
  },
  {
    place: 'anywhere',
    keys: ['ctrl-l'],
    group: 'Program',
    help: 'Draw the screen again',
    command: () => ({ type: 'redraw' }),
  },
];

function openPalette(): Message {
  return { type: 'overlay-asked', overlay: { name: 'palette', input: emptyInput, cursor: 0 } };
}

function homeMoved({ state }: KeyContext, by: number): Message | undefined {
  return state.screen.name === 'home'
    ? { type: 'home-cursor-moved', to: state.screen.cursor + by }
    : undefined;
}
