import type { PeerState, SessionView } from '../../../bgp/speaker.ts';
import type { SessionRow } from '../../../lab/snapshot.ts';
import type { Bfd } from '../bfd.ts';
import { BgpProcess } from '../bgp-process.ts';
import type { Transport } from '../transport.ts';
import type { World } from '../world.ts';

export type SessionSources = {
  readonly world: World;
  readonly transport: Transport;
  readonly bfd: Bfd;
};

/** Every BGP session of one node or of the lab, in the order of the lab's nodes. */
export function sessionRows(sources: SessionSources, node: string | undefined): SessionRow[] {
  const rows: SessionRow[] = [];
  for (const process of processesOf(sources, node)) {
    for (const session of process.sessions()) rows.push(rowOf(sources, process, session));
  }
  return rows;
}

/** How the sessions of each node stand. */
export function statesByNode({ transport }: SessionSources): StatesByNode {
  const states = new Map<string, PeerState[]>();
  for (const [node, processes] of processesByNode(transport)) {
    const ofNode: PeerState[] = [];
    for (const process of processes) ofNode.push(...process.sessionStates());
    states.set(node, ofNode);
  }
  return states;
}

export type StatesByNode = ReadonlyMap<string, readonly PeerState[]>;

/** BGP processes that live, in the order of the lab's nodes; those on nodes it does not name come last. */
function processesOf({ world, transport }: SessionSources, node: string | undefined): BgpProcess[] {
  const byNode = processesByNode(transport);
  if (node !== undefined) return byNode.get(node) ?? [];
  const processes: BgpProcess[] = [];
  for (const { name } of world.lab.nodes) {
    processes.push(...(byNode.get(name) ?? []));
    byNode.delete(name);
  }
  for (const others of byNode.values()) processes.push(...others);
  return processes;
}

/** BGP processes that live. */
function processesByNode(transport: Transport): Map<string, BgpProcess[]> {
  const byNode = new Map<string, BgpProcess[]>();
  for (const user of transport.users()) {
    if (!(user instanceof BgpProcess) || !user.alive) continue;
    const ofNode = byNode.get(user.device.name);
    if (ofNode === undefined) byNode.set(user.device.name, [user]);
    else ofNode.push(user);
  }
  return byNode;
}

function rowOf({ world, bfd }: SessionSources, process: BgpProcess, session: SessionView): SessionRow {
  const { config, peer } = session;
  const end = bfd
    .of(process.device)
    .find(one => one.options.peer === peer && one.options.instance === process.instance);
  const peerNode = world.nodeOwning(peer);
  return {
    node: process.device.name,
    instance: process.instance,
    peer,
    group: config.group,
    localAs: config.localAs,
    peerAs: session.peerAs,
    dynamic: session.dynamic,
    state: session.state,
    since: session.since,
    families: session.families,
    bfd: end === undefined ? 'off' : end.state === 'up' ? 'up' : 'down',
    ...(peerNode === undefined ? {} : { peerNode }),
    ...(session.localAddress === undefined ? {} : { localAddress: session.localAddress }),
    ...(session.holdTime === undefined ? {} : { holdTime: session.holdTime }),
    ...(session.keepaliveInterval === undefined ? {} : { keepalive: session.keepaliveInterval }),
    ...(session.lastError === undefined ? {} : { lastError: session.lastError }),
  };
}
