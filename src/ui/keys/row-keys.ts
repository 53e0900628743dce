import { faultId } from '../../lab/fault.ts';
import { type Focus, paneView } from '../../tutor/layout.ts';
import type { Message } from '../../tutor/message.ts';
import type { TutorState } from '../../tutor/state.ts';
import { lineText } from '../cells/line.ts';
import { sortableColumns } from '../panes/pane-columns.ts';
import { pictureOfPane } from '../panes/picture-of-pane.ts';
import type { KeyContext } from './key-context.ts';
import type { KeyRow } from './keymap.ts';
import { nextInstance, nextLink, nextSubject, subjectWord } from './next-subject.ts';
import { onPane } from './on-pane.ts';
import { openRow } from './open-row.ts';
import { downKeys, movedBy, upKeys } from './scroll.ts';

export const rowKeys: readonly KeyRow[] = [
  {
    place: 'pane',
    keys: upKeys,
    group: 'Rows',
    help: 'The row above',
    bar: { rank: 1, label: 'select', keys: '↑/↓' },
    command: context => selected(context, -1),
  },
  {
    place: 'pane',
    keys: downKeys,
    group: 'Rows',
    help: 'The row below',
    command: context => selected(context, 1),
  },
  {
    place: 'pane',
    keys: ['pageup'],
    group: 'Rows',
    help: 'Ten rows up',
    command: context => selected(context, -10),
  },
  {
    place: 'pane',
    keys: ['pagedown'],
    group: 'Rows',
    help: 'Ten rows down',
    command: context => selected(context, 10),
  },
  {
    place: 'pane',
    keys: ['home', 'g'],
    group: 'Rows',
    help: 'The first row',
    command: context => selected(context, -1_000_000),
  },
  {
    place: 'pane',
    keys: ['end', 'G'],
    group: 'Rows',
    help: 'The last row',
    command: context => selected(context, 1_000_000),
  },
  {
    place: 'pane',
    keys: ['enter'],
    group: 'Rows',
    help: 'More about the row: why this route, where this flow goes, what led to this event, the routes of this switch',
    bar: { rank: 0, label: ({ state }) => openLabel(state) },
    command: ({ state }) => openRow(state),
    disabledBecause: ({ state }) =>
      openRow(state) === undefined ? 'there is nothing more to say about this row' : undefined,
  },
  {
    place: 'pane',
    keys: ['/'],
    group: 'Rows',
    help: 'Filter the rows: words that must occur, !word that must not',
    bar: { rank: 2, label: 'filter' },
    command: ({ state }) =>
      onPane(state.layout.focus, pane => {
        const { filter } = paneView(state.layout, pane);
        const input = { text: filter, cursor: [...filter].length };
        return { type: 'overlay-asked', overlay: { name: 'filter', pane, input } };
      }),
  },
  {
    place: 'pane',
    keys: ['o'],
    group: 'Rows',
    help: 'Sort by the next column',
    bar: { rank: 5, label: 'sort' },
    command: ({ state }) =>
      onPane(state.layout.focus, pane => {
        const columns = sortableColumns(pane);
        const at = columns.indexOf(paneView(state.layout, pane).sort?.column ?? '');
        const column = columns[(at + 1) % Math.max(1, columns.length)];
        return column === undefined ? undefined : { type: 'pane-sorted', pane, column };
      }),
    disabledBecause: unsortable,
  },
  {
    place: 'pane',
    keys: ['O'],
    group: 'Rows',
    help: 'Turn the order; once more, end sorting',
    command: ({ state }) =>
      onPane(state.layout.focus, pane => {
        const column = paneView(state.layout, pane).sort?.column ?? sortableColumns(pane)[0];
        return column === undefined ? undefined : { type: 'pane-sorted', pane, column };
      }),
    disabledBecause: unsortable,
  },
  {
    place: 'pane',
    keys: ['y'],
    group: 'Rows',
    help: 'Copy the row',
    bar: { rank: 8, label: 'copy' },
    command: context =>
      onPane(context.state.layout.focus, pane => {
        const { rows, selected: key } = pictureOfPane(context.state, pane, wide);
        const row = rows.find(each => each.key === key) ?? rows.find(each => each.key !== '');
        const text = row === undefined ? key : lineText(row.line).trim();
        return text === undefined || text === '' ? undefined : { type: 'copy-asked', text };
      }),
  },
  {
    place: 'pane',
    keys: ['n'],
    group: 'Rows',
    help: 'The next switch (cluster, client): whose table this is',
    bar: { rank: 4, label: ({ state }) => `next ${subjectWord(state.layout.focus)}` },
    command: context => nextSubject(context, 1),
    disabledBecause: context =>
      nextSubject(context, 1) === undefined ? 'this pane shows the whole lab' : undefined,
  },
  {
    place: 'pane',
    keys: ['N'],
    group: 'Rows',
    help: 'The switch before',
    command: context => nextSubject(context, -1),
    disabledBecause: context =>
      nextSubject(context, -1) === undefined ? 'this pane shows the whole lab' : undefined,
  },
  {
    place: 'pane',
    keys: ['i'],
    group: 'Rows',
    help: 'The next network-instance of the switch',
    command: context => nextInstance(context),
    disabledBecause: context =>
      nextInstance(context) === undefined ? 'this pane is not about one network-instance' : undefined,
  },
  {
    place: 'packets',
    keys: ['l'],
    group: 'Rows',
    help: 'Only the next link of the node (or of the lab); after the last, all again',
    bar: { rank: 3, label: 'next link' },
    command: context => nextLink(context),
  },
  {
    place: 'topology',
    keys: ['x'],
    group: 'Lab',
    help: 'Cut the selected link or stop the selected node; heal it when it is broken',
    bar: { rank: 3, label: 'cut/heal' },
    command: context => cutOrHeal(context),
    disabledBecause: context =>
      cutOrHeal(context) === undefined ? 'select a link or a node first (↑ ↓)' : undefined,
  },
  {
    place: 'pane',
    keys: ['esc'],
    group: 'Rows',
    help: 'Clear the filter, then the selection, then back to the lesson',
    bar: { rank: 9, label: 'back' },
    command: ({ state }) =>
      onPane(state.layout.focus, (pane): Message => {
        const view = paneView(state.layout, pane);
        if (view.filter !== '') return { type: 'pane-filtered', pane, filter: '' };
        return { type: 'back-asked' };
      }),
  },
];

function openLabel(state: TutorState): string {
  const { focus } = state.layout;
  switch (focus) {
    case 'topology': {
      const { selected } = paneView(state.layout, focus);
      return state.lab.links.some(({ id }) => id === selected) ? 'its packets' : 'its routes';
    }
    case 'sessions':
      return 'its routes';
    case 'timeline':
      return 'what led to it';
    case 'ecmp':
      return 'its way';
    case 'packets':
      return 'all fields';
    default:
      return 'why';
  }
}

/** Rows do not depend on the room, so any will do to find out which there are. */
const wide = { width: 160, height: 60 };

function selected({ state }: KeyContext, by: number): Message | undefined {
  return selectedRow(state, state.layout.focus, by);
}

/** Selects the row of a pane that stands so far from the selected one. */
export function selectedRow(state: TutorState, focus: Focus, by: number): Message | undefined {
  return onPane(focus, (pane): Message | undefined => {
    const picture = pictureOfPane(state, pane, wide);
    if (picture.items.length === 0) return undefined;
    const last = picture.items.length - 1;
    // Nothing selected yet: the first key press selects, from the end where the pane shows its end.
    const at =
      picture.selected === undefined
        ? picture.follows === true
          ? by < 0
            ? last
            : last
          : by > 1
            ? movedBy(0, by, last)
            : 0
        : movedBy(picture.items.indexOf(picture.selected), by, last);
    const row = picture.items[at];
    return row === undefined ? undefined : { type: 'row-selected', pane, row };
  });
}

function unsortable({ state }: KeyContext): string | undefined {
  return onPane(state.layout.focus, pane =>
    sortableColumns(pane).length === 0 ? 'this pane has an order of its own' : undefined,
  );
}

function cutOrHeal({ state }: KeyContext): Message | undefined {
  const item = paneView(state.layout, 'topology').selected;
  if (item === undefined) return undefined;
  const active = state.view?.faults.find(
    ({ fault }) => ('link' in fault && fault.link === item) || ('node' in fault && fault.node === item),
  );
  if (active !== undefined) return { type: 'heal-asked', fault: faultId(active.fault) };
  if (state.lab.links.some(link => link.id === item))
    return { type: 'break-asked', fault: { kind: 'link-cut', link: item } };
  if (state.lab.nodes.some(node => node.name === item))
    return { type: 'break-asked', fault: { kind: 'node-stopped', node: item } };
  return undefined;
}
