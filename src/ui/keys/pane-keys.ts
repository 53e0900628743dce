import { type PaneKind, paneKinds } from '../../tutor/layout.ts';
import { paneQuestions, paneTitles } from '../panes/pane-titles.ts';
import type { KeyRow } from './keymap.ts';
import { onPane } from './on-pane.ts';

/** The number key of each pane, where it has one; shown in its title. */
export const paneNumbers: Readonly<Partial<Record<PaneKind, string>>> = Object.fromEntries(
  paneKinds.slice(0, 9).map((pane, index) => [pane, `${(index + 2) % 10}`]),
);

export const paneKeys: readonly KeyRow[] = [
  {
    place: 'lesson-screen',
    keys: ['tab'],
    group: 'Panes',
    help: 'To the next pane',
    bar: { rank: 3, label: 'pane' },
    command: () => ({ type: 'focus-asked', to: 'next' }),
  },
  {
    place: 'lesson-screen',
    keys: ['shift-tab'],
    group: 'Panes',
    help: 'To the pane before',
    command: () => ({ type: 'focus-asked', to: 'previous' }),
  },
  {
    place: 'lesson-screen',
    keys: ['1'],
    group: 'Panes',
    help: 'To the lesson',
    command: () => ({ type: 'focus-asked', to: 'lesson' }),
  },
  ...paneKinds
    .filter(pane => paneNumbers[pane] !== undefined)
    .map(
      (pane): KeyRow => ({
        place: 'lesson-screen',
        keys: [paneNumbers[pane] ?? ''],
        group: 'Panes',
        help: `${paneTitles[pane]}: ${paneQuestions[pane]}`,
        command: () => ({ type: 'focus-asked', to: pane }),
      }),
    ),
  {
    place: 'lesson-screen',
    keys: ['p'],
    group: 'Panes',
    help: `${paneTitles.packets}: ${paneQuestions.packets}`,
    command: () => ({ type: 'focus-asked', to: 'packets' }),
  },
  {
    place: 'lesson-screen',
    keys: ['B'],
    group: 'Panes',
    help: `${paneTitles.build}: ${paneQuestions.build}`,
    command: () => ({ type: 'focus-asked', to: 'build' }),
  },
  {
    place: 'lesson-screen',
    keys: ['z'],
    group: 'Panes',
    help: 'Give the whole screen to what has the keys, and back',
    bar: { rank: 6, label: 'zoom' },
    command: () => ({ type: 'zoom-asked' }),
  },
  {
    place: 'lesson-screen',
    keys: ['+', '='],
    group: 'Panes',
    help: 'Larger',
    command: () => ({ type: 'pane-sized', by: 1 }),
  },
  {
    place: 'lesson-screen',
    keys: ['-'],
    group: 'Panes',
    help: 'Smaller',
    command: () => ({ type: 'pane-sized', by: -1 }),
  },
  {
    place: 'pane',
    keys: ['w'],
    group: 'Panes',
    help: 'Close this pane',
    command: ({ state }) => onPane(state.layout.focus, pane => ({ type: 'pane-toggled', pane })),
    disabledBecause: ({ state }) => (state.layout.shown.length === 1 ? 'it is the only one' : undefined),
  },
  {
    place: 'lesson-screen',
    keys: ['R'],
    group: 'Panes',
    help: 'The panes that the step shows, in their sizes',
    command: () => ({ type: 'panes-reset' }),
  },
];
