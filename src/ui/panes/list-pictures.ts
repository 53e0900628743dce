import { rowsOf } from '../../lab/snapshot.ts';
import type { PaneKind } from '../../tutor/layout.ts';
import { comparisonOf, flowsOf } from '../../tutor/pane-subject.ts';
import { line } from '../cells/line.ts';
import { addressNamer } from '../wording/address-owner.ts';
import { amountText } from '../wording/amount.ts';
import { buildProgress, buildRows } from './build-rows.ts';
import { clusterRows } from './cluster-rows.ts';
import { comparisonPicture } from './comparison-picture.ts';
import { ecmpRows } from './ecmp-rows.ts';
import { packetsPicture } from './packets-picture.ts';
import { paneTitles } from './pane-titles.ts';
import { chosenItem, keysOf } from './picture.ts';
import { filterHead, nothingMatches, notYet, titled } from './picture-words.ts';
import type { Painter } from './table-pictures.ts';
import { trafficRows } from './traffic-rows.ts';

/** Panes that list things of several kinds below each other. */
export const listPainters = {
  ecmp: (state, snapshot, view, room) => {
    const compared = comparisonOf(state);
    if (compared !== undefined) return comparisonPicture(state, snapshot, compared, room);
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
    const items = keysOf(rows);
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
  packets: packetsPicture,
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
    const items = keysOf(rows);
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
    const items = keysOf(rows);
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
} satisfies Partial<Record<PaneKind, Painter>>;
