import { rowsOf, type Snapshot } from '../../lab/snapshot.ts';
import { type PaneKind, type PaneView, paneView } from '../../tutor/layout.ts';
import { flowsOf, subjectOf } from '../../tutor/pane-subject.ts';
import type { TutorState } from '../../tutor/state.ts';
import { inputLine } from '../cells/input-line.ts';
import { type Line, line, span } from '../cells/line.ts';
import { addressNamer } from '../wording/address-owner.ts';
import { amountText } from '../wording/amount.ts';
import { buildProgress, buildRows } from './build-rows.ts';
import { clusterRows } from './cluster-rows.ts';
import { ecmpRows } from './ecmp-rows.ts';
import { evpnTable } from './evpn-rows.ts';
import { forwardingTable, groupMembers } from './forwarding-rows.ts';
import { paneTitles } from './pane-titles.ts';
import { chosenItem, type Picture } from './picture.ts';
import { routeHops, routesTable } from './routes-rows.ts';
import { sessionsTable } from './sessions-rows.ts';
import { shellRows } from './shell-rows.ts';
import { type ShownTable, showTable, type Table } from './table.ts';
import { failoverLines, timelineRows } from './timeline-rows.ts';
import { topologyPicture } from './topology-picture.ts';
import { trafficRows } from './traffic-rows.ts';

export type Room = { readonly width: number; readonly height: number };

/** What a pane shows in a room of this size. Pure: the same state and room give the same picture. */
export function pictureOfPane(state: TutorState, pane: PaneKind, room: Room): Picture {
  const view = paneView(state.layout, pane);
  if (pane === 'shell') return shellPicture(state, view, room);
  if (pane === 'topology') return topologyPicture(state, view, room);
  if (pane === 'timeline') return timelinePicture(state, view, room);
  const snapshot = state.view;
  if (snapshot === undefined) return notYet(pane, 'The lab has not been looked at yet.');
  return painters[pane](state, snapshot, view, room);
}

type Painter = (state: TutorState, snapshot: Snapshot, view: PaneView, room: Room) => Picture;

const painters: Readonly<Record<Exclude<PaneKind, 'shell' | 'topology' | 'timeline'>, Painter>> = {
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
  ecmp: (state, snapshot, view, room) => {
    const ref = flowsOf(state);
    const flows = ref === undefined ? undefined : rowsOf(snapshot, ref);
    const title = titled('ecmp', ref === undefined ? undefined : `${ref.destination}:${ref.port}`);
    if (ref === undefined || flows === undefined || flows.length === 0)
      return {
        ...notYet('ecmp', 'Flows to the service appear here once it has an address and the lab has clients.'),
        title,
      };
    const name = addressNamer(state.lab);
    const rows = ecmpRows(flows, {
      width: room.width,
      filter: view.filter,
      name,
      lab: state.lab,
    });
    const items = rows.map(row => row.key).filter(key => key !== '');
    return {
      title,
      corner: `${amountText(flows.length, 'new flow')} of ${ref.client}`,
      head: filterHead(view),
      rows,
      foot: [],
      items,
      selected: view.selected === undefined ? undefined : chosenItem(items, view.selected),
    };
  },
  cluster: (state, snapshot, view, room) => {
    const wanted = state.layout.panes.cluster?.subject?.node;
    const shown =
      snapshot.clusters.find(cluster => cluster.name === wanted) ??
      snapshot.clusters.find(cluster => cluster.services.length > 0) ??
      snapshot.clusters.at(-1);
    if (shown === undefined || shown.state === 'absent')
      return {
        ...notYet('cluster', 'Nodes, pods and services appear here once the clusters are built.'),
        title: titled('cluster', shown?.name),
      };
    const rows = clusterRows(shown, { at: snapshot.at, width: room.width, filter: view.filter });
    const items = rows.map(row => row.key).filter(key => key !== '');
    return {
      title: titled('cluster', shown.name),
      corner: `${amountText(shown.pods.length, 'pod')}`,
      head: filterHead(view),
      rows,
      foot: [],
      items,
      selected: view.selected === undefined ? undefined : chosenItem(items, view.selected),
      empty: view.filter === '' ? `Cluster ${shown.name} is starting.` : nothingMatches(view),
    };
  },
  traffic: (_state, snapshot, view, room) => {
    const { traffic } = snapshot;
    const target = traffic.destination;
    const title = titled('traffic', target === undefined ? undefined : `${target.address}:${target.port}`);
    if (traffic.totals.sent === 0 && !traffic.on)
      return {
        ...notYet(
          'traffic',
          'Requests of the clients are counted here: build the clients stage, then start them with T.',
        ),
        title,
      };
    const rows = trafficRows(traffic, room.width);
    const items = rows.map(row => row.key);
    return {
      title,
      corner: traffic.on ? amountText(traffic.clients.length, 'client') : '‖ stopped',
      head: [],
      rows,
      foot: [],
      items,
      selected: view.selected === undefined ? undefined : chosenItem(items, view.selected),
    };
  },
  build: (_state, snapshot, view, room) => {
    const { stages } = snapshot;
    const items = stages.map(stage => stage.id);
    const current =
      stages.find(stage => stage.progress === 'running') ?? stages.find(stage => stage.progress === 'failed');
    const selected = view.selected === undefined ? undefined : chosenItem(items, view.selected);
    return {
      title: paneTitles.build,
      corner: current === undefined ? undefined : current.title,
      head: [buildProgress(stages, room.width), line()],
      rows: buildRows(stages, { at: snapshot.at, width: room.width, opened: view.selected }),
      foot: [],
      items,
      selected,
      empty: 'The lab files name no stages.',
    };
  },
};

function timelinePicture(state: TutorState, view: PaneView, room: Room): Picture {
  const name = addressNamer(state.lab);
  const { events, failovers } = state.timeline;
  const failover = failovers.at(-1);
  const head = failover === undefined || room.height < 8 ? [] : failoverLines(failover, room.width, name);
  const rows = timelineRows(events.slice(-timelineShown), { width: room.width, filter: view.filter, name });
  const items = rows.map(row => row.key);
  return {
    title: paneTitles.timeline,
    corner: events.length === 0 ? undefined : amountText(events.length, 'event'),
    head: [...head, ...(head.length > 0 ? [line()] : []), ...filterHead(view)],
    rows,
    foot: [],
    items,
    selected: view.selected === undefined ? undefined : chosenItem(items, view.selected, 'last'),
    follows: true,
    empty:
      view.filter === ''
        ? 'What happens in the lab is written here, each event below its cause.'
        : nothingMatches(view),
  };
}

/** Rows computed at once; older events stay in the state and the filter's reach. */
const timelineShown = 600;

function shellPicture(state: TutorState, view: PaneView, room: Room): Picture {
  const { blocks, input } = state.shell;
  const focused = state.layout.focus === 'shell';
  const rows = shellRows(blocks.slice(-40), room.width);
  const items = rows.map(row => row.key);
  const running = blocks.at(-1)?.exitCode === undefined && blocks.length > 0;
  const prompt = focused
    ? inputLine(input, {
        prompt: '▸ ',
        width: room.width,
        hint: 'kubectl, docker, containerlab, sr_cli, curl …',
      })
    : line(span('▸ ', 'dim'), span('S to type a command', 'dim'));
  return {
    title: paneTitles.shell,
    corner: running ? '… running' : undefined,
    head: [],
    rows,
    foot: [prompt],
    items,
    selected: view.selected === undefined ? undefined : chosenItem(items, view.selected, 'last'),
    follows: true,
    empty: 'Commands and what they print appear here.',
  };
}

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
  if (rows === undefined) return { ...notYet('routes', 'Looking …'), title: words.title };
  const shown: ShownTable = showTable(table, rows, {
    width: room.width,
    filter: view.filter,
    order: view.sort,
  });
  const items = shown.rows.map(row => row.key);
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

function titled(pane: PaneKind, ...about: readonly (string | undefined)[]): string {
  return [paneTitles[pane], ...about].filter(part => part !== undefined && part !== '').join(' · ');
}

function notYet(pane: PaneKind, empty: string): Picture {
  return { title: paneTitles[pane], head: [], rows: [], foot: [], items: [], empty };
}

function filterHead(view: PaneView): Line[] {
  return view.filter === ''
    ? []
    : [line(span('/', 'accent'), span(view.filter, 'strong'), span('   Esc clears it', 'dim'))];
}

function nothingMatches(view: PaneView): string {
  return `Nothing matches "${view.filter}". Esc clears the filter.`;
}
