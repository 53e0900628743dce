import { addressOfService } from '../../../kube/metallb/allocator.ts';
import type { EndpointSlice, KubeObject, Node, Pod, Service } from '../../../kube/objects.ts';
import { conditionOf, isDeleting, isReady } from '../../../kube/pod.ts';
import { sameValue } from '../../../kube/store.ts';
import type { Fact } from '../../../lab/event.ts';
import { toldKinds } from './resources.ts';

/** What it means that an object was one thing and is another now. `undefined`: it was not there, or is gone. */
export function factsOfChange(
  cluster: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): Fact[] {
  const object = after ?? before;
  if (object === undefined) return [];
  const facts = factsByKind(cluster, object.kind, before, after);
  return toldKinds.has(object.kind) ? [...applied(cluster, before, after), ...facts] : facts;
}

function factsByKind(
  cluster: string,
  kind: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): Fact[] {
  switch (kind) {
    case 'Node':
      return nodeFacts(cluster, before as Node | undefined, after as Node | undefined);
    case 'Pod':
      return podFacts(cluster, before as Pod | undefined, after as Pod | undefined);
    case 'Service':
      return serviceFacts(cluster, before as Service | undefined, after as Service | undefined);
    case 'EndpointSlice':
      return endpointFacts(cluster, before as EndpointSlice | undefined, after as EndpointSlice | undefined);
    case 'Event':
      return after === undefined ? [] : refusalFacts(cluster, after);
    default:
      return [];
  }
}

function applied(cluster: string, before: KubeObject | undefined, after: KubeObject | undefined): Fact[] {
  const object = after ?? before;
  if (object === undefined) return [];
  const { name, namespace } = object.metadata;
  const what = { cluster, kind: object.kind, name, ...(namespace === undefined ? {} : { namespace }) };
  if (after === undefined) return [{ type: 'object-deleted', ...what }];
  const asked = before === undefined || !sameValue(before['spec'], after['spec']);
  return asked ? [{ type: 'object-applied', ...what }] : [];
}

function nodeFacts(cluster: string, before: Node | undefined, after: Node | undefined): Fact[] {
  const node = (after ?? before)?.metadata.name ?? '';
  const was = before !== undefined && ready(before);
  const is = after !== undefined && ready(after);
  if (was === is) return [];
  return [{ type: is ? 'cluster-node-ready' : 'cluster-node-not-ready', cluster, node }];
}

function ready({ status }: Node): boolean {
  return conditionOf(status.conditions, 'Ready')?.status === 'True';
}

function podFacts(cluster: string, before: Pod | undefined, after: Pod | undefined): Fact[] {
  const pod = after ?? before;
  if (pod === undefined) return [];
  const node = pod.spec.nodeName;
  const what = {
    cluster,
    namespace: pod.metadata.namespace ?? 'default',
    pod: pod.metadata.name,
    ...(node === undefined ? {} : { node }),
  };
  if (after === undefined) return [{ type: 'pod-gone', ...what }];
  const facts: Fact[] = [];
  if (before?.spec.nodeName === undefined && node !== undefined)
    facts.push({ type: 'pod-scheduled', ...what });
  const was = before !== undefined && isReady(before) && !isDeleting(before);
  const is = isReady(after) && !isDeleting(after);
  if (was !== is) facts.push({ type: is ? 'pod-ready' : 'pod-not-ready', ...what });
  return facts;
}

/** MetalLB's controller notes the pool in the service. */
const POOL = ['metallb.io/ip-allocated-from-pool', 'metallb.universe.tf/ip-allocated-from-pool'];

function serviceFacts(cluster: string, before: Service | undefined, after: Service | undefined): Fact[] {
  const address = after === undefined ? undefined : addressOfService(after);
  if (after === undefined || address === undefined) return [];
  if (before !== undefined && addressOfService(before) === address) return [];
  const { annotations, namespace = 'default', name } = after.metadata;
  const pool = POOL.map(key => annotations?.[key]).find(value => value !== undefined) ?? '';
  return [{ type: 'service-got-address', cluster, namespace, service: name, address, pool }];
}

function endpointFacts(
  cluster: string,
  before: EndpointSlice | undefined,
  after: EndpointSlice | undefined,
): Fact[] {
  const slice = after ?? before;
  const service = slice?.metadata.labels?.['kubernetes.io/service-name'];
  if (slice === undefined || service === undefined || slice.addressType !== 'IPv4') return [];
  const now = readyEndpoints(after);
  if (readyEndpoints(before).join() === now.join()) return [];
  const nodes = (after?.endpoints ?? [])
    .filter(({ conditions }) => conditions.ready)
    .flatMap(({ nodeName }) => nodeName ?? []);
  return [
    {
      type: 'endpoints-changed',
      cluster,
      namespace: slice.metadata.namespace ?? 'default',
      service,
      ready: now.length,
      nodes: [...new Set(nodes)].sort(),
    },
  ];
}

function readyEndpoints(slice: EndpointSlice | undefined): string[] {
  return (slice?.endpoints ?? [])
    .filter(({ conditions }) => conditions.ready)
    .map(({ addresses }) => addresses[0] ?? '')
    .sort();
}

function refusalFacts(cluster: string, event: KubeObject): Fact[] {
  const about = event['involvedObject'] as { kind?: string; namespace?: string; name?: string } | undefined;
  if (about?.kind !== 'Service' || event['reason'] !== 'AllocationFailed') return [];
  const message = typeof event['message'] === 'string' ? event['message'] : '';
  return [
    {
      type: 'service-address-refused',
      cluster,
      namespace: about.namespace ?? 'default',
      service: about.name ?? '',
      because: message.replace(/^Failed to allocate IP for "[^"]*": /, ''),
    },
  ];
}
