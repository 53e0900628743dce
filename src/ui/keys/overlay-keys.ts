import type { Message } from '../../tutor/message.ts';
import type { KeyContext } from './key-context.ts';
import type { KeyRow } from './keymap.ts';
import { downKeys, upKeys } from './scroll.ts';

export const overlayKeys: readonly KeyRow[] = [
  {
    place: 'overlay',
    keys: ['esc'],
    group: 'Menu',
    help: 'Close',
    bar: { rank: 9, label: 'close' },
    command: () => ({ type: 'back-asked' }),
  },
  {
    place: 'menu',
    keys: ['enter'],
    group: 'Menu',
    help: 'Do the selected entry',
    bar: { rank: 0, label: 'do it' },
    command: () => ({ type: 'overlay-accepted' }),
  },
  {
    place: 'menu',
    keys: ['up', 'ctrl-p'],
    group: 'Menu',
    help: 'The entry above',
    bar: { rank: 1, label: 'select', keys: '↑/↓' },
    command: context => cursorMoved(context, -1),
  },
  {
    place: 'menu',
    keys: ['down', 'ctrl-n', 'tab'],
    group: 'Menu',
    help: 'The entry below',
    command: context => cursorMoved(context, 1),
  },
  {
    place: 'menu',
    keys: ['pageup'],
    group: 'Menu',
    help: 'Ten entries up',
    command: context => cursorMoved(context, -10),
  },
  {
    place: 'menu',
    keys: ['pagedown'],
    group: 'Menu',
    help: 'Ten entries down',
    command: context => cursorMoved(context, 10),
  },
  {
    place: 'confirm',
    keys: ['enter', 'y'],
    group: 'Menu',
    help: 'Yes',
    bar: { rank: 0, label: 'yes' },
    command: () => ({ type: 'overlay-accepted' }),
  },
  {
    place: 'confirm',
    keys: ['n', 'q'],
    group: 'Menu',
    help: 'No',
    bar: { rank: 1, label: 'no', keys: 'n' },
    command: () => ({ type: 'back-asked' }),
  },
  {
    place: 'filter',
    keys: ['enter'],
    group: 'Menu',
    help: 'Keep the filter',
    bar: { rank: 0, label: 'keep it' },
    command: () => ({ type: 'back-asked' }),
  },
  {
    place: 'filter',
    keys: ['esc'],
    group: 'Menu',
    help: 'Clear the filter',
    bar: { rank: 1, label: 'clear it' },
    command: ({ state }): readonly Message[] =>
      state.overlay.name === 'filter'
        ? [{ type: 'pane-filtered', pane: state.overlay.pane, filter: '' }, { type: 'back-asked' }]
        : [],
  },
  ...(['help', 'explain'] as const).flatMap((place): KeyRow[] => [
    {
      place,
      keys: upKeys,
      group: 'Menu',
      help: 'Scroll up',
      bar: { rank: 1, label: 'scroll', keys: '↑/↓' },
      command: context => scrolled(context, -1),
    },
    { place, keys: downKeys, group: 'Menu', help: 'Scroll down', command: context => scrolled(context, 1) },
    {
      place,
      keys: ['pageup'],
      group: 'Menu',
      help: 'Scroll a page up',
      command: context => scrolled(context, 4 - context.size.rows),
    },
    {
      place,
      keys: ['pagedown'],
      group: 'Menu',
      help: 'Scroll a page down',
      command: context => scrolled(context, context.size.rows - 4),
    },
    {
      place,
      keys: place === 'help' ? ['?', 'q', 'enter'] : ['q', 'enter'],
      group: 'Menu',
      help: 'Close, too',
      command: () => ({ type: 'back-asked' }),
    },
  ]),
];

function cursorMoved({ state }: KeyContext, by: number): Message | undefined {
  return 'cursor' in state.overlay
    ? { type: 'overlay-cursor-moved', to: state.overlay.cursor + by }
    : undefined;
}

function scrolled({ state }: KeyContext, by: number): Message | undefined {
  return 'scroll' in state.overlay
    ? { type: 'overlay-scrolled', to: Math.max(0, state.overlay.scroll + by) }
    : undefined;
}
