import { type Lab, switchesOf } from '../lab/lab.ts';
import { FIRST_PORT } from '../lab/measurement.ts';
import type { TableRef } from '../lab/snapshot.ts';
import { type PaneKind, paneView } from './layout.ts';
import type { TutorState } from './state.ts';

/** Whose tables a pane shows: what was chosen for it, completed with the lab's last switch and its first routed instance. */
export function subjectOf(
  state: TutorState,
  pane: PaneKind,
): { readonly node: string; readonly instance: string; readonly prefix?: string } {
  const { subject } = paneView(state.layout, pane);
  const nodes = switchesOf(state.lab);
  const node = nodes.find(entry => entry.name === subject?.node) ?? nodes.at(-1);
  const instances = instancesOf(state.lab, node?.name ?? '');
  const chosen = instances.find(name => name === subject?.instance);
  const instance = chosen ?? instances.find(name => name !== 'default') ?? 'default';
  return {
    node: node?.name ?? '',
    instance,
    ...(subject?.prefix !== undefined && { prefix: subject.prefix }),
  };
}

/** The network-instances of a switch that route: default and every ip-vrf. */
export function instancesOf(lab: Lab, node: string): string[] {
  const found = switchesOf(lab).find(entry => entry.name === node);
  return (found?.config.networkInstances ?? [])
    .filter(instance => instance.type !== 'mac-vrf')
    .map(instance => instance.name);
}

/** The packets that a packets pane shows: of the lab, a node or a link. */
export function packetsOf(state: TutorState): TableRef & { readonly name: 'packets' } {
  const { node = '', link = '' } = paneView(state.layout, 'packets').subject ?? {};
  return {
    name: 'packets',
    ...(node !== '' && { node }),
    ...(link !== '' && { link }),
  };
}

export const flowsShown = 64;
/** So many that shares mean something. */
const flowsCompared = 1000;

/** The comparison that an ecmp pane shows; undefined where it shows flows. */
export function comparisonOf(
  state: TutorState,
): (TableRef & { readonly name: 'hash-comparison' }) | undefined {
  const flows = flowsOf(state);
  if (flows === undefined || paneView(state.layout, 'ecmp').subject?.compares !== true) return undefined;
  const { node, instance, prefix = `${flows.destination}/32` } = subjectOf(state, 'ecmp');
  const { client, port, firstPort } = flows;
  return { name: 'hash-comparison', node, instance, prefix, client, port, firstPort, count: flowsCompared };
}

/** The flows an ecmp pane shows: from one client to the service; undefined while the lab has neither. */
export function flowsOf(state: TutorState): (TableRef & { readonly name: 'flows' }) | undefined {
  const { view } = state;
  const { subject } = paneView(state.layout, 'ecmp');
  const clients = view?.traffic.clients ?? [];
  const client = clients.find(entry => entry.name === subject?.client) ?? clients[0];
  const destination = view?.traffic.destination ?? firstService(state);
  if (client === undefined || destination === undefined) return undefined;
  return {
    name: 'flows',
    client: client.name,
    destination: destination.address,
    port: destination.port,
    firstPort: FIRST_PORT,
    count: flowsShown,
  };
}

function firstService(state: TutorState): { address: string; port: number } | undefined {
  for (const service of (state.view?.clusters ?? []).flatMap(cluster => cluster.services)) {
    const port = service.ports[0]?.port;
    if (service.externalIp !== undefined && port !== undefined) return { address: service.externalIp, port };
  }
  return undefined;
}
