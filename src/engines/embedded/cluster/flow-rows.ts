import type { FlowRow, TableRef } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { TCP } from '../../../net/flow.ts';
import type { Dependences } from '../device.ts';
import { type Caller, sendSegment } from './connection.ts';
import type { Network } from './http-request.ts';
import type { NodeDevice } from './node-device.ts';
import { routeOf } from './path-places.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/** Whose flows they are. */
export type FlowClient = Caller & { readonly address: Ipv4 };

/** A row and what it hangs on. */
export type FoundFlow = { readonly row: FlowRow; readonly hangsOn: Dependences };

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
  const hangsOn: Dependences = { lookUps: [], places: [] };
  const row = flowRow(network, client, ref, ref.firstPort + index, hangsOn);
  for (const node of devices) node.conntrack.forgetImagined();
  return { row, hangsOn };
}

function flowRow(
  network: Network,
  client: FlowClient,
  ref: FlowsRef,
  sourcePort: number,
  hangsOn: Dependences,
): FlowRow {
  const flow = {
    sourceAddress: client.address,
    destinationAddress: ref.destination,
    protocol: TCP,
    sourcePort,
    destinationPort: ref.port,
  };
  const { world, servers, connections } = network;
  const imagined = { kind: 'syn', observe: true, explain: true, hangsOn } as const;
  const segment = sendSegment(client, flow, { world, servers, connections, ...imagined });
  const { node } = routeOf(world, segment.there);
  const { hops } = segment.there;
  const reply = segment.back?.hops ?? [];
  const row: { -readonly [Field in keyof FlowRow]: FlowRow[Field] } = {
    flow,
    outcome: segment.outcome === 'reset' ? 'refused' : segment.outcome,
    hops,
    reply,
  };
  if (node !== undefined) row.node = node;
  if (segment.outcome === 'answered') {
    row.pod = segment.pod.name;
    row.podNode = segment.node;
  } else {
    row.endedAt = segment.outcome === 'reset' ? segment.by : segment.at;
    row.because = segment.because;
  }
  return row;
}
