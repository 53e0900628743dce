import type { SessionView } from '../../../bgp/speaker.ts';
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

/** BGP processes that live, in the order of the lab's nodes. */
export function processesOf({ world, transport }: SessionSources, node: string | undefined): BgpProcess[] {
  const order = new Map(world.lab.nodes.map(({ name }, index) => [name, index]));
  const place = (process: BgpProcess) => order.get(process.device.name) ?? order.size;
  return [...transport.users()]
    .filter(user => user instanceof BgpProcess)
    .filter(({ alive, device }) => alive && (node === undefined || device.name === node))
    .sort((a, b) => place(a) - place(b));
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
