import { absentCluster } from '../../lab/cluster-state.ts';
import type { Lab, LabLink, LabNode } from '../../lab/lab.ts';
import {
  type LinkState,
  type NodeState,
  type SessionRow,
  type Snapshot,
  type TableRef,
  type TableRows,
  tableKey,
} from '../../lab/snapshot.ts';
import type { StageState } from '../../lab/stage.ts';
import { noTraffic } from '../../lab/traffic-state.ts';
import { flowRows } from '../real/flow-table.ts';
import type { OpenedFlows } from '../real/opened-flows.ts';
import { type RouterTables, sessionCount } from '../real/router-tables.ts';
import type { Traffic } from '../real/traffic.ts';
import type { FaultKit } from './faults/fault-kit.ts';
import { FrrRouter } from './frr/frr-router.ts';
import type { Oracle } from './traffic/oracle.ts';
import type { LinkRates } from './watch/link-rates.ts';
import type { Watch } from './watch/watch.ts';

export type Looked = {
  readonly watch: Watch;
  readonly tables: RouterTables;
  readonly faults: FaultKit;
  readonly traffic: Traffic;
  readonly oracle: Oracle;
  readonly openedFlows: OpenedFlows;
  readonly rates: LinkRates;
};

/** Puts together what is known and asks for what somebody wants to see: only that. */
export async function takeSnapshot(
  lab: Lab,
  looked: Looked | undefined,
  wanted: readonly TableRef[],
  stages: readonly StageState[],
  now: () => number,
): Promise<Snapshot> {
  if (looked === undefined) return emptySnapshot(lab, stages, now());
  const { watch, faults, traffic } = looked;
  await Promise.all(
    [...watch.routers.values()].map(router => (router instanceof FrrRouter ? router.refresh() : undefined)),
  );
  const sessions = [...watch.routers.values()].flatMap(router => router.sessions() ?? []);
  const tables = new Map<string, TableRows[TableRef['name']]>();
  await Promise.all(
    wanted.map(async ref => {
      const rows = await tableOf(lab, looked, ref, sessions);
      if (rows !== undefined) tables.set(tableKey(ref), rows);
    }),
  );
  return {
    at: now(),
    stages,
    nodes: lab.nodes.map(node => nodeState(node, watch, sessions)),
    links: lab.links.map(link => linkState(link, looked, sessions)),
    faults: [...faults.active.values()],
    clusters: lab.clusters.map(({ name }) => watch.clusters.get(name)?.state() ?? absentCluster(name)),
    traffic: traffic.state(),
    tables,
  };
}

function emptySnapshot(lab: Lab, stages: readonly StageState[], at: number): Snapshot {
  return {
    at,
    stages,
    nodes: lab.nodes.map(({ name }) => ({ name, state: 'absent' })),
    links: lab.links.map(({ id }) => ({ id, state: 'absent', rateAToB: 0, rateBToA: 0 })),
    faults: [],
    clusters: lab.clusters.map(({ name }) => absentCluster(name)),
    traffic: noTraffic,
    tables: new Map(),
  };
}

function nodeState(
  { name, kind }: LabNode,
  { containers, routers, unheard }: Watch,
  sessions: readonly SessionRow[],
): NodeState {
  const container = containers.stateOf(name);
  if (container === 'absent' || container === 'stopped') return { name, state: container };
  const answering = routers.get(name)?.answering;
  // A host is there when its container is, whether or not FRR runs on it; whether that is, Docker says.
  if (kind !== 'switch')
    return unheard === undefined
      ? { name, state: 'running', ...sessionCount(name, sessions) }
      : { name, state: 'running', unknown: unheard };
  switch (answering?.state) {
    case 'waiting':
      return { name, state: 'starting' };
    case 'unknown':
      return {
        name,
        state: 'running',
        unknown: { since: answering.since, because: answering.because },
      };
    default:
      return { name, state: 'running', ...sessionCount(name, sessions) };
  }
}

function linkState(
  link: LabLink,
  { watch, faults, rates, tables }: Looked,
  sessions: readonly SessionRow[],
): LinkState {
  const { id, a, b } = link;
  if (!watch.isPlugged(link)) return { id, state: 'absent', rateAToB: 0, rateBToA: 0 };
  const struck = faults.ports.stateOf(link);
  const down =
    struck === 'down' ||
    [a, b].some(({ node, port }) => {
      const router = watch.routers.get(node);
      return (
        watch.containers.stateOf(node) === 'stopped' ||
        (router instanceof FrrRouter && router.portUp(port) === false)
      );
    });
  return {
    id,
    state: down ? 'down' : struck,
    ...tables.bgpOver(link, sessions),
    ...rates.of(link),
  };
}

async function tableOf(
  lab: Lab,
  looked: Looked,
  ref: TableRef,
  sessions: readonly SessionRow[],
): Promise<TableRows[TableRef['name']] | undefined> {
  const { routers } = looked.watch;
  switch (ref.name) {
    case 'sessions':
      return ref.node === undefined ? sessions : sessions.filter(({ node }) => node === ref.node);
    case 'bfd': {
      const asked = [...routers.values()].filter(({ name }) => ref.node === undefined || name === ref.node);
      const rows = await Promise.all(asked.map(router => router.table({ name: 'bfd', node: router.name })));
      return rows.flatMap(each => (each ?? []) as TableRows['bfd']);
    }
    case 'flows':
      return flowRows(
        {
          clientNamed: name => looked.traffic.clientNamed(name),
          entry: looked.oracle.entry,
          gatewaysOf: (entry, flows) => looked.oracle.gatewaysOf(entry, flows),
          opened: (client, flows) => looked.openedFlows.of(client, flows),
          json: (node, command) => looked.oracle.json(node, command),
        },
        lab,
        ref,
      );
    case 'packets':
    case 'hash-comparison':
      // Real packets: tcpdump in the container shows them. How a switch or kernel hashes, none of them tells.
      return undefined;
    default:
      return routers.get(ref.node)?.table(ref);
  }
}
