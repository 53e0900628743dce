import { rowsOf, type Snapshot } from '../../lab/snapshot.ts';
import type { PaneKind, PaneView } from '../../tutor/layout.ts';
import { subjectOf } from '../../tutor/pane-subject.ts';
import type { TutorState } from '../../tutor/state.ts';
import { amountText } from '../wording/amount.ts';
import { evpnTable } from './evpn-rows.ts';
import { forwardingTable, groupMembers } from './forwarding-rows.ts';
import { chosenItem, keysOf, type Picture, type Room } from './picture.ts';
import { filterHead, nothingMatches, notYet, titled } from './picture-words.ts';
import { routeHops, routesTable } from './routes-rows.ts';
import { sessionsTable } from './sessions-rows.ts';
import { type ShownTable, showTable, type Table } from './table.ts';

/** Makes a pane's picture once the lab was looked at. */
export type Painter = (state: TutorState, snapshot: Snapshot, view: PaneView, room: Room) => Picture;

/** Panes that are one table of a switch. */
export const tablePainters = {
  sessions: (state, snapshot, view, room) => {
    const node = state.layout.panes.sessions?.subject?.node;
    const rows = rowsOf(snapshot, { name: 'sessions', ...(node !== undefined && { node }) });
    return tablePicture(sessionsTable(snapshot.at, node !== undefined), rows, view, room, {
      title: titled('sessions', node ?? 'all switches'),
      unit: 'session',
      empty: 'BGP sessions appear here once the switches run: build the fabric.',
    });
  },
  routes: (state, snapshot, view, room) => {
    const { node, instance, prefix } = subjectOf(state, 'routes');
    const routes = rowsOf(snapshot, { name: 'routes', node, instance });
    const bgp = rowsOf(snapshot, { name: 'bgp', node, instance });
    return tablePicture(
      routesTable(snapshot.at),
      routes === undefined ? undefined : routeHops(routes, bgp),
      view,
      room,
      {
        title: titled('routes', node, instance),
        unit: 'next hop',
        empty: `The route table of ${node} is empty: it fills when interfaces and sessions come up.`,
        prefix,
        corner: routes === undefined ? undefined : amountText(routes.length, 'route'),
      },
    );
  },
  evpn: (state, snapshot, view, room) => {
    const { node, prefix } = subjectOf(state, 'evpn');
    return tablePicture(evpnTable(), rowsOf(snapshot, { name: 'evpn', node }), view, room, {
      title: titled('evpn', node),
      unit: 'route',
      empty: `${node} has no EVPN routes yet: they arrive over the sessions with the spines' loopbacks.`,
      prefix,
    });
  },
  forwarding: (state, snapshot, view, room) => {
    const { node, instance, prefix } = subjectOf(state, 'forwarding');
    const rows = rowsOf(snapshot, { name: 'forwarding', node, instance });
    return tablePicture(forwardingTable(), rows === undefined ? undefined : groupMembers(rows), view, room, {
      title: titled('forwarding', node, instance),
      unit: 'member',
      empty: `${node} forwards nothing in ${instance} yet: entries follow the route table.`,
      prefix,
      corner: rows === undefined ? undefined : amountText(rows.length, 'prefix', 'prefixes'),
    });
  },
} satisfies Partial<Record<PaneKind, Painter>>;

type TableWords = {
  readonly title: string;
  readonly unit: string;
  readonly empty: string;
  readonly prefix?: string | undefined;
  readonly corner?: string | undefined;
};

function tablePicture<R>(
  table: Table<R>,
  rows: readonly R[] | undefined,
  view: PaneView,
  room: Room,
  words: TableWords,
): Picture {
  if (rows === undefined) return { ...notYet('routes', 'Looking …'), title: words.title, unseen: true };
  const shown: ShownTable = showTable(table, rows, {
    width: room.width,
    filter: view.filter,
    order: view.sort,
  });
  const items = keysOf(shown.rows);
  const about = words.prefix === undefined ? undefined : items.find(key => key.includes(words.prefix ?? ''));
  const some =
    shown.rows.length === rows.length
      ? (words.corner ?? amountText(rows.length, words.unit))
      : `${shown.rows.length} of ${amountText(rows.length, words.unit)}`;
  return {
    title: words.title,
    corner: rows.length === 0 ? undefined : some,
    head: [...filterHead(view), ...(shown.rows.length > 0 ? [shown.header] : [])],
    rows: shown.rows,
    foot: [],
    items,
    selected: view.selected === undefined ? about : chosenItem(items, view.selected),
    empty: rows.length === 0 ? words.empty : nothingMatches(view),
  };
}
