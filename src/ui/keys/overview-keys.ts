import type { Message } from '../../tutor/message.ts';
import { overviewGrid } from '../screens/presenter/overview-grid.ts';
import type { KeyContext } from './key-context.ts';
import type { KeyRow } from './keymap.ts';
import { downKeys, upKeys } from './scroll.ts';

/** Keys in the overview of slides, on stage. */
export const overviewKeys: readonly KeyRow[] = [
  {
    place: 'overview',
    keys: ['left', 'h'],
    group: 'Stage',
    help: 'The slide to the left',
    bar: { rank: 1, label: 'choose', keys: '←↑↓→' },
    command: context => overviewBy(context, () => -1),
  },
  {
    place: 'overview',
    keys: ['right', 'l'],
    group: 'Stage',
    help: 'The slide to the right',
    command: context => overviewBy(context, () => 1),
  },
  {
    place: 'overview',
    keys: upKeys,
    group: 'Stage',
    help: 'The slide above',
    command: context => overviewBy(context, columns => -columns),
  },
  {
    place: 'overview',
    keys: downKeys,
    group: 'Stage',
    help: 'The slide below',
    command: context => overviewBy(context, columns => columns),
  },
  {
    place: 'overview',
    keys: ['pageup', '['],
    group: 'Stage',
    help: 'The lesson before',
    bar: { rank: 2, label: 'lesson', keys: 'PgUp/PgDn' },
    command: context => overviewLesson(context, -1),
  },
  {
    place: 'overview',
    keys: ['pagedown', ']'],
    group: 'Stage',
    help: 'The next lesson',
    command: context => overviewLesson(context, 1),
  },
  {
    place: 'overview',
    keys: ['enter', 'space'],
    group: 'Stage',
    help: 'Show the chosen slide',
    bar: { rank: 0, label: 'show it' },
    command: () => ({ type: 'do-asked' }),
  },
  {
    place: 'overview',
    keys: ['esc', 'o', 'b', '.'],
    group: 'Stage',
    help: 'Back to the slide that is on',
    bar: { rank: 3, label: 'back', keys: 'Esc' },
    command: () => ({ type: 'overview-asked' }),
  },
];

function overviewBy({ state, size }: KeyContext, by: (columns: number) => number): Message | undefined {
  const overview = state.presenter?.overview;
  if (overview === undefined) return undefined;
  const { columns } = overviewGrid(size.columns);
  return { type: 'overview-moved', lesson: overview.lesson, cursor: overview.cursor + by(columns) };
}

function overviewLesson({ state }: KeyContext, by: number): Message | undefined {
  const overview = state.presenter?.overview;
  return overview === undefined
    ? undefined
    : { type: 'overview-moved', lesson: overview.lesson + by, cursor: 0 };
}
