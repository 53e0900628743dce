import { fromNumber, type Ipv4, toNumber } from '../../net/address.ts';
import { type Ipv4Prefix, maskOf } from '../../net/prefix.ts';
import type { NotAnnouncedReason } from '../fact.ts';
import type { EndpointSlice, LabelSelector, Node, Service } from '../objects.ts';
import { conditionOf } from '../pod.ts';
import { selectorMatches } from '../selector.ts';
import { addressOfService, poolOf } from './allocator.ts';
import type { AdvertisementConfig, MetallbConfig, PoolConfig } from './config.ts';

const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';

/** What one speaker announces for a service, or why it does not. */
export type Announcement =
  | { readonly announced: true; readonly advertisements: readonly Advertisement[] }
  | { readonly announced: false; readonly reason: NotAnnouncedReason };

export type Advertisement = {
  readonly prefix: Ipv4Prefix;
  readonly localPref: number | undefined;
  readonly communities: readonly string[];
  /** Names of BGPPeers; empty: all. */
  readonly peers: readonly string[];
};

/** MetalLB's decision for one service and one node; the order of the questions is the speaker's. */
export function announcementFrom(
  config: MetallbConfig,
  node: Node,
  service: Service,
  slices: readonly EndpointSlice[],
): Announcement {
  const not = (reason: NotAnnouncedReason) => ({ announced: false, reason }) as const;
  const address = addressOfService(service);
  const pool = address === undefined ? undefined : poolOf(config, address);
  if (address === undefined || pool === undefined) return not('noIPAllocated');
  const onNode = config.advertisements.filter(
    each => selects(each, pool) && anyMatches(each.nodeSelectors, node.metadata.labels),
  );
  if (onNode.length === 0) return not('notOwner');
  const matching = onNode.filter(each => anyMatches(each.serviceSelectors, service.metadata.labels));
  if (matching.length === 0) return not('noMatchingAdvertisement');
  if (conflict(matching)) return not('conflictingAdvertisements');
  if (conditionOf(node.status.conditions, 'NetworkUnavailable')?.status === 'True')
    return not('nodeNetworkUnavailable');
  if (node.metadata.labels?.[EXCLUDED] !== undefined) return not('nodeLabeledExcludeBalancers');
  const serving = slices.flatMap(slice => slice.endpoints).filter(endpoint => endpoint.conditions.serving);
  const local = serving.some(endpoint => endpoint.nodeName === node.metadata.name);
  if (service.spec.externalTrafficPolicy === 'Local' && !local) return not('noLocalEndpoints');
  if (serving.length === 0) return not('noEndpoints');
  return { announced: true, advertisements: matching.map(each => advertisementOf(each, address)) };
}

/** An empty list of selectors selects everything. */
function anyMatches(
  selectors: readonly LabelSelector[],
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return selectors.length === 0 || selectors.some(selector => selectorMatches(selector, labels));
}

/** No pool named and no selector: every pool. */
function selects(advertisement: AdvertisementConfig, pool: PoolConfig): boolean {
  const { pools, poolSelectors } = advertisement;
  if (pools.length === 0 && poolSelectors.length === 0) return true;
  return pools.includes(pool.name) || poolSelectors.some(selector => selectorMatches(selector, pool.labels));
}

/** Two advertisements of the same prefix to the same peer with different local preferences. */
function conflict(advertisements: readonly AdvertisementConfig[]): boolean {
  return advertisements.some((one, index) =>
    advertisements
      .slice(index + 1)
      .some(
        other =>
          one.aggregationLength === other.aggregationLength &&
          (one.localPref ?? 0) !== (other.localPref ?? 0) &&
          (one.peers.length === 0 ||
            other.peers.length === 0 ||
            one.peers.some(peer => other.peers.includes(peer))),
      ),
  );
}

function advertisementOf(advertisement: AdvertisementConfig, address: Ipv4): Advertisement {
  const { aggregationLength, localPref, communities, peers } = advertisement;
  const network = fromNumber((toNumber(address) & maskOf(aggregationLength)) >>> 0);
  return { prefix: `${network}/${aggregationLength}`, localPref, communities, peers };
}
