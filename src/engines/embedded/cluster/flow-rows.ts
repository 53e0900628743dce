import { keepParts } from '../../../lab/keep-parts.ts';
import type { FlowRow, TableRef } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { TCP } from '../../../net/flow.ts';
import { type Caller, sendSegment } from './connection.ts';
import type { Network } from './http-request.ts';
import type { NodeDevice } from './node-device.ts';
import { routeOf } from './path-places.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/** Whose flows they are. */
export type FlowClient = Caller & { readonly address: Ipv4 };

/** The paths that new flows of the client would take now: first packets are imagined, and the answers to them. */
export function flowRows(
  network: Network,
  client: FlowClient,
  ref: FlowsRef,
  devices: Iterable<NodeDevice>,
  /** Rows of the same table before: those that say the same are given again. */
  before: readonly FlowRow[] = [],
): FlowRow[] {
  const nodes = [...devices];
  const rows: FlowRow[] = [];
  for (let index = 0; index < ref.count; index++) {
    rows.push(keepParts(before[index], flowRow(network, client, ref, ref.firstPort + index)));
    for (const node of nodes) node.conntrack.forgetImagined();
  }
  return rows;
}

function flowRow(network: Network, client: FlowClient, ref: FlowsRef, sourcePort: number): FlowRow {
  const flow = {
    sourceAddress: client.address,
    destinationAddress: ref.destination,
    protocol: TCP,
    sourcePort,
    destinationPort: ref.port,
  };
  const segment = sendSegment(client, flow, { ...network, kind: 'syn', observe: true, explain: true });
  const { node } = routeOf(network.world, segment.there);
  const way = {
    flow,
    hops: segment.there.hops,
    reply: segment.back?.hops ?? [],
    ...(node === undefined ? {} : { node }),
  };
  switch (segment.outcome) {
    case 'answered':
      return { ...way, outcome: 'answered', pod: segment.pod.name, podNode: segment.node };
    case 'reset':
      return { ...way, outcome: 'refused', endedAt: segment.by, because: segment.because };
    case 'lost':
      return { ...way, outcome: 'lost', endedAt: segment.at, because: segment.because };
  }
}
