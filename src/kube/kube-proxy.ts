import type { Ipv4 } from '../net/address.ts';
import { derived } from '../values/derived.ts';
import type { EndpointSlice, Service, ServicePort } from './objects.ts';

/** What kube-proxy's rules on one node make of a packet to a service address. */
export type ProxyDecision =
  /** Not a service address and port: left alone. */
  | { readonly type: 'none' }
  | {
      readonly type: 'translate';
      readonly address: Ipv4;
      readonly port: number;
      readonly node: string | undefined;
      /** The source becomes the node's own address, so that the answer comes back this way. */
      readonly masquerade: boolean;
      readonly service: string;
    }
  /** `Local` and no endpoint here: dropped without a word. */
  | { readonly type: 'drop'; readonly service: string; readonly because: string }
  /** No endpoint anywhere: an ICMP port unreachable, which a client sees as "connection refused". */
  | { readonly type: 'reject'; readonly service: string; readonly because: string };

export type ProxiedService = { readonly service: Service; readonly slices: readonly EndpointSlice[] };

/**
 * Follows kube-proxy's iptables rules on `node` for a new connection. `random` (0 to below 1) is the draw of the
 * statistic match that picks the endpoint; `external` says that the packet came from outside the cluster's pods.
 */
export function proxyDecision(
  services: readonly ProxiedService[],
  node: string,
  nodeAddresses: readonly Ipv4[],
  packet: { readonly destination: Ipv4; readonly port: number; readonly external: boolean },
  random: () => number,
): ProxyDecision {
  for (const proxied of services) {
    const hit = matches(proxied.service, nodeAddresses, packet);
    if (hit !== undefined) return decide(proxied, hit.port, hit.entry, node, packet.external, random);
  }
  return { type: 'none' };
}

type Entry = 'cluster-ip' | 'external';

function matches(
  service: Service,
  nodeAddresses: readonly Ipv4[],
  packet: { readonly destination: Ipv4; readonly port: number },
): { readonly port: ServicePort; readonly entry: Entry } | undefined {
  const { destination, port } = packet;
  const entry: Entry | undefined =
    service.spec.clusterIP === destination
      ? 'cluster-ip'
      : service.status.loadBalancer.ingress?.some(({ ip }) => ip === destination) === true
        ? 'external'
        : undefined;
  if (entry !== undefined) {
    const found = service.spec.ports.find(each => each.port === port);
    return found === undefined ? undefined : { port: found, entry };
  }
  if (!nodeAddresses.includes(destination)) return undefined;
  const byNodePort = service.spec.ports.find(each => each.nodePort === port);
  return byNodePort === undefined ? undefined : { port: byNodePort, entry: 'external' };
}

function decide(
  proxied: ProxiedService,
  port: ServicePort,
  entry: Entry,
  node: string,
  external: boolean,
  random: () => number,
): ProxyDecision {
  const { service } = proxied;
  const name = `${service.metadata.namespace}/${service.metadata.name}`;
  if (usable(proxied, port, undefined).length === 0)
    return { type: 'reject', service: name, because: `service ${name} has no endpoints` };
  // Pods of the cluster itself reach a load-balancer address by the cluster-wide rules whatever the policy is.
  const local = entry === 'external' && service.spec.externalTrafficPolicy === 'Local' && external;
  const candidates = usable(proxied, port, local ? node : undefined);
  const chosen = candidates[Math.min(candidates.length - 1, Math.floor(random() * candidates.length))];
  if (chosen === undefined)
    return {
      type: 'drop',
      service: name,
      because: `externalTrafficPolicy is Local and ${node} has no endpoint of ${name}`,
    };
  return {
    type: 'translate',
    address: chosen.address,
    port: chosen.port,
    node: chosen.node,
    masquerade: entry === 'external' && !local,
    service: name,
  };
}

type Target = { readonly address: Ipv4; readonly port: number; readonly node: string | undefined };

/** Worked out once for each value of service and slices, as kube-proxy does: its rules stand until one of them changes. */
const rulesOf = derived((_: ProxiedService) => new Map<string, readonly Target[]>());

function usable(
  proxied: ProxiedService,
  servicePort: ServicePort,
  onNode: string | undefined,
): readonly Target[] {
  const known = rulesOf(proxied);
  const key = `${servicePort.name ?? ''} ${onNode ?? ''}`;
  let targets = known.get(key);
  if (targets === undefined) {
    targets = targetsOf(proxied.slices, servicePort, onNode);
    known.set(key, targets);
  }
  return targets;
}

/** Ready endpoints (of one node); when there is none, those that still serve while they terminate. */
function targetsOf(
  slices: readonly EndpointSlice[],
  servicePort: ServicePort,
  onNode: string | undefined,
): Target[] {
  const targets = (wanted: (conditions: { ready: boolean; serving: boolean }) => boolean) =>
    slices.flatMap(slice => {
      const port = slice.ports.find(each => each.name === (servicePort.name ?? ''))?.port;
      if (port === undefined) return [];
      return slice.endpoints
        .filter(endpoint => wanted(endpoint.conditions))
        .filter(endpoint => onNode === undefined || endpoint.nodeName === onNode)
        .flatMap(endpoint => endpoint.addresses.map(address => ({ address, port, node: endpoint.nodeName })));
    });
  const ready = targets(conditions => conditions.ready);
  return ready.length > 0 ? ready : targets(conditions => conditions.serving);
}
