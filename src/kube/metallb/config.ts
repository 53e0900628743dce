import type { Ipv4 } from '../../net/address.ts';
import type { Asn } from '../../net/asn.ts';
import { goMilliseconds } from '../go-duration.ts';
import type { BgpPeer, LabelSelector } from '../objects.ts';
import type { ObjectStore } from '../store.ts';
import { type AddressRange, parseAddresses } from './address-range.ts';

/** What MetalLB made of its custom resources (or of its old ConfigMap). Times in milliseconds. */
export type MetallbConfig = {
  readonly peers: readonly PeerConfig[];
  /** In the order of their names. */
  readonly pools: readonly PoolConfig[];
  readonly advertisements: readonly AdvertisementConfig[];
};

export type PeerConfig = {
  readonly name: string;
  readonly myAsn: Asn;
  /** undefined with `dynamicASN`. */
  readonly peerAsn: Asn | undefined;
  readonly dynamicAsn: 'internal' | 'external' | undefined;
  readonly address: Ipv4;
  readonly port: number;
  readonly sourceAddress: Ipv4 | undefined;
  /** Undefined: the BGP implementation's default. */
  readonly holdTime: number | undefined;
  readonly keepaliveTime: number | undefined;
  readonly connectTime: number | undefined;
  readonly routerId: Ipv4 | undefined;
  /** Empty: every node. */
  readonly nodeSelectors: readonly LabelSelector[];
  readonly ebgpMultiHop: boolean;
  readonly bfd: BfdParameters | undefined;
  readonly hasPassword: boolean;
};

export type BfdParameters = {
  readonly profile: string;
  /** Milliseconds; FRR's defaults filled in. */
  readonly receiveInterval: number;
  readonly transmitInterval: number;
  readonly detectMultiplier: number;
};

export type PoolConfig = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ranges: readonly AddressRange[];
  readonly autoAssign: boolean;
  readonly avoidBuggyIps: boolean;
  readonly allocation:
    | {
        readonly priority: number;
        readonly namespaces: readonly string[];
        readonly namespaceSelectors: readonly LabelSelector[];
        readonly serviceSelectors: readonly LabelSelector[];
      }
    | undefined;
};

export type AdvertisementConfig = {
  readonly name: string;
  readonly aggregationLength: number;
  readonly localPref: number | undefined;
  readonly communities: readonly string[];
  /** Names; empty together with no selectors: all pools. */
  readonly pools: readonly string[];
  readonly poolSelectors: readonly LabelSelector[];
  readonly nodeSelectors: readonly LabelSelector[];
  /** Names of peers; empty: all. */
  readonly peers: readonly string[];
  /** Empty: all services. */
  readonly serviceSelectors: readonly LabelSelector[];
};

export const emptyConfig: MetallbConfig = { peers: [], pools: [], advertisements: [] };

/** The configuration that the custom resources of MetalLB's namespace make, or why MetalLB refuses all of it (it then keeps the last good one). */
export function configFromResources(
  store: ObjectStore,
  namespace: string,
): MetallbConfig | { readonly problem: string } {
  const pools: PoolConfig[] = [];
  for (const pool of store.list('IPAddressPool', namespace)) {
    const ranges = parseAddresses(pool.spec.addresses);
    if ('problem' in ranges)
      return { problem: `parsing address pool ${pool.metadata.name}: ${ranges.problem}` };
    for (const other of pools) {
      for (const range of ranges.ranges) {
        const overlap = other.ranges.find(each => each.from <= range.to && range.from <= each.to);
        if (overlap !== undefined)
          return {
            problem: `CIDR "${range.text}" in pool "${pool.metadata.name}" overlaps with already defined CIDR "${overlap.text}"`,
          };
      }
    }
    const allocation = pool.spec.serviceAllocation;
    pools.push({
      name: pool.metadata.name,
      labels: pool.metadata.labels ?? {},
      ranges: ranges.ranges,
      autoAssign: pool.spec.autoAssign !== false,
      avoidBuggyIps: pool.spec.avoidBuggyIPs === true,
      allocation:
        allocation === undefined
          ? undefined
          : {
              priority: allocation.priority ?? 0,
              namespaces: allocation.namespaces ?? [],
              namespaceSelectors: allocation.namespaceSelectors ?? [],
              serviceSelectors: allocation.serviceSelectors ?? [],
            },
    });
  }
  const peers: PeerConfig[] = [];
  for (const peer of store.list('BGPPeer', namespace)) {
    const parsed = peerConfig(store, namespace, peer);
    if ('problem' in parsed) return { problem: `parsing peer ${peer.metadata.name}: ${parsed.problem}` };
    peers.push(parsed);
  }
  const aliases = communityAliases(store, namespace);
  const advertisements: AdvertisementConfig[] = store.list('BGPAdvertisement', namespace).map(object => ({
    name: object.metadata.name,
    aggregationLength: object.spec?.aggregationLength ?? 32,
    localPref: object.spec?.localPref,
    communities: (object.spec?.communities ?? []).map(text => aliases.get(text) ?? text).sort(),
    pools: object.spec?.ipAddressPools ?? [],
    poolSelectors: object.spec?.ipAddressPoolSelectors ?? [],
    nodeSelectors: object.spec?.nodeSelectors ?? [],
    peers: object.spec?.peers ?? [],
    serviceSelectors: object.spec?.serviceSelectors ?? [],
  }));
  return { peers, pools: pools.sort((a, b) => (a.name < b.name ? -1 : 1)), advertisements };
}

/** FRR's defaults for what a BFD profile leaves open. */
export function bfdParameters(
  profile: string,
  spec: {
    readonly receiveInterval?: number;
    readonly transmitInterval?: number;
    readonly detectMultiplier?: number;
  },
): BfdParameters {
  return {
    profile,
    receiveInterval: spec.receiveInterval ?? 300,
    transmitInterval: spec.transmitInterval ?? 300,
    detectMultiplier: spec.detectMultiplier ?? 3,
  };
}

function peerConfig(
  store: ObjectStore,
  namespace: string,
  object: BgpPeer,
): PeerConfig | { readonly problem: string } {
  const { spec } = object;
  if (spec.peerAddress === undefined) return { problem: 'unnumbered peers (interface) are not modelled' };
  const profile = spec.bfdProfile === '' ? undefined : spec.bfdProfile;
  const bfd = profile === undefined ? undefined : store.get('BFDProfile', profile, namespace);
  if (profile !== undefined && bfd === undefined)
    return { problem: `peer ${object.metadata.name} referencing non existing bfd profile ${profile}` };
  return {
    name: object.metadata.name,
    myAsn: spec.localASN ?? spec.myASN,
    peerAsn: spec.peerASN,
    dynamicAsn: spec.dynamicASN,
    address: spec.peerAddress,
    port: spec.peerPort ?? 179,
    sourceAddress: spec.sourceAddress,
    ...timersOf(spec.holdTime, spec.keepaliveTime),
    connectTime: goMilliseconds(spec.connectTime),
    routerId: spec.routerID,
    nodeSelectors: spec.nodeSelectors ?? [],
    ebgpMultiHop: spec.ebgpMultiHop === true,
    bfd: profile === undefined ? undefined : bfdParameters(profile, bfd?.spec ?? {}),
    hasPassword: spec.password !== undefined || spec['passwordSecret'] !== undefined,
  };
}

/** One of the two gives the other: keepalive is a third of the hold time. */
export function timersOf(
  hold: string | undefined,
  keepalive: string | undefined,
): { readonly holdTime: number | undefined; readonly keepaliveTime: number | undefined } {
  const holdTime = goMilliseconds(hold);
  const keepaliveTime = goMilliseconds(keepalive);
  return {
    holdTime: holdTime ?? (keepaliveTime === undefined ? undefined : keepaliveTime * 3),
    keepaliveTime: keepaliveTime ?? (holdTime === undefined ? undefined : holdTime / 3),
  };
}

function communityAliases(store: ObjectStore, namespace: string): Map<string, string> {
  return new Map(
    store
      .list('Community', namespace)
      .flatMap(object => object.spec.communities ?? [])
      .map(({ name, value }) => [name, value]),
  );
}
