import type { FlowRow, TableRef } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { TCP } from '../../../net/flow.ts';
import type { LookUp } from '../device.ts';
import { type Caller, sendSegment } from './connection.ts';
import type { Network } from './http-request.ts';
import type { NodeDevice } from './node-device.ts';
import { routeOf } from './path-places.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/** Whose flows they are. */
export type FlowClient = Caller & { readonly address: Ipv4 };

/** A row and the look-ups it hangs on. */
export type FoundFlow = { readonly row: FlowRow; readonly lookUps: readonly LookUp[] };

/** The paths that new flows of the client would take now: first packets are imagined, and the answers to them. */
export function flowRows(
  network: Network,
  client: FlowClient,
  ref: FlowsRef,
  devices: Iterable<NodeDevice>,
): FlowRow[] {
  const nodes = [...devices];
  return Array.from({ length: ref.count }, (_, index) => findFlow(network, client, ref, index, nodes).row);
}

/** The path of one of them. */
export function findFlow(
  network: Network,
  client: FlowClient,
  ref: FlowsRef,
  index: number,
  devices: readonly NodeDevice[],
): FoundFlow {
  const lookUps: LookUp[] = [];
  const row = flowRow(network, client, ref, ref.firstPort + index, lookUps);
  for (const node of devices) node.conntrack.forgetImagined();
  return { row, lookUps };
}

function flowRow(
  network: Network,
  client: FlowClient,
  ref: FlowsRef,
  sourcePort: number,
  lookUps: LookUp[],
): FlowRow {
  const flow = {
    sourceAddress: client.address,
    destinationAddress: ref.destination,
    protocol: TCP,
    sourcePort,
    destinationPort: ref.port,
  };
  const imagined = { kind: 'syn', observe: true, explain: true, lookUps } as const;
  const segment = sendSegment(client, flow, { ...network, ...imagined });
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
