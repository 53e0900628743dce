import type { BgpPath, BgpRow, EvpnRow, PathStatus } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { comparePrefixes } from '../../../net/prefix.ts';
import { listOf, objectOf, type Said, textOf } from '../../real/said.ts';
import { countOf, prefixOf, textsOf, wordOf } from './yang-json.ts';

export type RibContext = {
  readonly ownerOf: (address: Ipv4) => string | undefined;
  /** Entries of `bgp-rib/attr-sets/attr-set`. */
  readonly attributes: readonly Said[];
};

/** `ipv4-unicast` of `bgp-rib/afi-safi`: what the local RIB holds, and what was received and not taken into it. */
export function bgpRows(family: Said, context: RibContext): BgpRow[] {
  const attributes = attributesById(context);
  const keyOf = (said: Said) => prefixOf(said['prefix']) ?? '';
  const taken = listOf(objectOf(family['local-rib'])['route']);
  return withRules(allPaths(taken, received(family, 'route'), keyOf), keyOf)
    .flatMap(({ said, status }) => {
      const prefix = prefixOf(said['prefix']);
      return prefix === undefined ? [] : [{ prefix, path: pathOf(said, attributes, context), ...status }];
    })
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix) || Number(b.best) - Number(a.best));
}

const evpnLists = { 2: 'mac-ip-route', 3: 'imet-route', 5: 'ip-prefix-route' } as const;

/** `evpn` of `bgp-rib/afi-safi`: types 2, 3 and 5. */
export function evpnRows(family: Said, context: RibContext): EvpnRow[] {
  const attributes = attributesById(context);
  return ([2, 3, 5] as const).flatMap(routeType => {
    const list = evpnLists[routeType];
    const taken = listOf(objectOf(family['local-rib'])[list]);
    return withRules(allPaths(taken, received(family, list), evpnKey), evpnKey).map(
      ({ said, status }): EvpnRow => ({
        routeType,
        routeDistinguisher: textOf(said['route-distinguisher']) ?? '',
        ethernetTag: countOf(said['ethernet-tag-id']) ?? 0,
        ...hostOrPrefix(routeType, said),
        vni: vniOf(said, attributes.get(textOf(said['attr-id']) ?? '')),
        routeTargets: extendedCommunities(attributes.get(textOf(said['attr-id']) ?? '')).filter(text =>
          text.startsWith('target:'),
        ),
        path: pathOf(said, attributes, context),
        ...status,
      }),
    );
  });
}

function received(family: Said, list: string): readonly Said[] {
  return listOf(objectOf(objectOf(family['rib-in-out'])['rib-in-post'])[list]);
}

/** What names a route, whoever told it. */
function evpnKey(said: Said): string {
  return [
    'route-distinguisher',
    'ethernet-tag-id',
    'mac-address',
    'ip-address',
    'originating-router',
    'ip-prefix',
  ]
    .map(name => String(said[name] ?? ''))
    .join(' ');
}

function hostOrPrefix(routeType: 2 | 3 | 5, said: Said): Pick<EvpnRow, 'mac' | 'address' | 'prefix'> {
  if (routeType === 5) {
    const prefix = prefixOf(said['ip-prefix']);
    return prefix === undefined ? {} : { prefix };
  }
  if (routeType === 3) {
    const address = textOf(said['originating-router']);
    return address === undefined ? {} : { address };
  }
  const mac = textOf(said['mac-address'])?.toLowerCase();
  const address = textOf(said['ip-address']);
  // A MAC without a host address is told with 0.0.0.0.
  const hasAddress = address !== undefined && address !== '0.0.0.0' && !address.includes(':');
  return { ...(mac === undefined ? {} : { mac }), ...(hasAddress ? { address } : {}) };
}

/** In types 2 and 5 the label field is the VNI (RFC 8365 section 5.1.3), in type 3 it stands in the PMSI tunnel attribute. */
function vniOf(said: Said, attributes: Said | undefined): number {
  const label = said['label1'] ?? said['label'] ?? objectOf(attributes?.['pmsi-tunnel'])['label'];
  return countOf(objectOf(label)['value']) ?? 0;
}

type Path = { readonly said: Said; readonly status: PathStatus };

/** Every path once: those of the local RIB, then received ones that are not in it. */
function allPaths(taken: readonly Said[], all: readonly Said[], keyOf: (said: Said) => string): Said[] {
  const known = new Set(taken.map(said => `${keyOf(said)} ${peerOf(said)} ${countOf(said['path-id']) ?? 0}`));
  return [
    ...taken,
    ...all.filter(said => !known.has(`${keyOf(said)} ${peerOf(said)} ${countOf(said['path-id']) ?? 0}`)),
  ];
}

/**
 * SR Linux says of a loser at which rule it fell, and of the best path nothing. What decided for the best path is the latest rule at
 * which another valid one fell.
 */
function withRules(paths: readonly Said[], keyOf: (said: Said) => string): Path[] {
  const byKey = new Map<string, Said[]>();
  for (const said of paths) byKey.set(keyOf(said), [...(byKey.get(keyOf(said)) ?? []), said]);
  return paths.map(said => {
    const rivals = (byKey.get(keyOf(said)) ?? []).filter(
      each => each !== said && each['valid-route'] === true,
    );
    return { said, status: statusOf(said, rivals) };
  });
}

function statusOf(said: Said, rivals: readonly Said[]): PathStatus {
  const valid = said['valid-route'] === true;
  const best = said['best-route'] === true;
  const invalidReason = valid ? undefined : invalidReasonOf(said);
  const reasons = (best ? rivals : [said]).map(each => wordOf(each['tie-break-reason']) ?? 'none');
  const latest = reasons.reduce<string | undefined>(
    (found, reason) =>
      reason === 'none' || (found !== undefined && order.indexOf(found) >= order.indexOf(reason))
        ? found
        : reason,
    undefined,
  );
  const own = peerOf(said) === undefined;
  const rule =
    latest !== undefined
      ? { name: latest, section: sections[latest] ?? 'SR Linux' }
      : best && rivals.length === 0 && !own
        ? { name: 'only-path', section: 'RFC 4271 section 9.1.2' }
        : undefined;
  return {
    valid,
    best,
    used: said['used-route'] === true,
    ...(invalidReason === undefined ? {} : { invalidReason }),
    ...(rule === undefined || !valid ? {} : { rule }),
  };
}

function invalidReasonOf(said: Said): string {
  const found = Object.entries(objectOf(said['invalid-reason'])).find(([, holds]) => holds === true);
  return found?.[0] ?? wordOf(said['tie-break-reason']) ?? 'unknown';
}

/** SR Linux's `tie-break-reason`, by where the rule stands; the order is that of the decision. */
const sections: Readonly<Record<string, string>> = {
  'invalid-route': 'RFC 4271 section 9.1.2',
  'rtm-pref': 'SR Linux: another owner of the route is preferred',
  'long-live-gr-stale': 'RFC 9494 section 4.3',
  'local-pref': 'RFC 4271 section 9.1.1',
  aigp: 'RFC 7311 section 4',
  'as-path-length': 'RFC 4271 section 9.1.2.2 a',
  origin: 'RFC 4271 section 9.1.2.2 b',
  med: 'RFC 4271 section 9.1.2.2 c',
  'ebgp-route': 'RFC 4271 section 9.1.2.2 d',
  'next-hop-cost': 'RFC 4271 section 9.1.2.2 e',
  'originator-id': 'RFC 4271 section 9.1.2.2 f, RFC 4456 section 9',
  'peer-router-id': 'RFC 4271 section 9.1.2.2 f, RFC 4456 section 9',
  'cluster-list': 'RFC 4456 section 9',
  'peer-ip': 'RFC 4271 section 9.1.2.2 g',
  'path-identifier': 'RFC 7911 section 3',
};
const order = Object.keys(sections);

/** Own routes have no peer: 0.0.0.0 stands there. */
function peerOf(said: Said): Ipv4 | undefined {
  const neighbor = textOf(said['neighbor']);
  return neighbor === undefined || neighbor === '0.0.0.0' || neighbor === '::' ? undefined : neighbor;
}

function attributesById({ attributes }: RibContext): ReadonlyMap<string, Said> {
  return new Map(attributes.map(said => [String(said['index']), said]));
}

function pathOf(said: Said, attributes: ReadonlyMap<string, Said>, { ownerOf }: RibContext): BgpPath {
  const set = attributes.get(String(said['attr-id'])) ?? {};
  const peer = peerOf(said);
  const peerNode = peer === undefined ? undefined : ownerOf(peer);
  const localPreference = countOf(set['local-pref']);
  const med = countOf(set['med']);
  const originatorId = textOf(set['originator-id']);
  const origin = set['origin'];
  const communities = objectOf(set['communities']);
  return {
    nextHop: textOf(set['next-hop']) ?? '0.0.0.0',
    asPath: listOf(objectOf(set['as-path'])['segment']).flatMap(segment => numbersOf(segment['member'])),
    origin: origin === 'egp' || origin === 'incomplete' ? origin : 'igp',
    communities: [...textsOf(communities['community']), ...textsOf(communities['large-community'])],
    clusterList: textsOf(set['cluster-list']),
    ...(peer === undefined ? {} : { peer }),
    ...(peerNode === undefined ? {} : { peerNode }),
    ...(localPreference === undefined ? {} : { localPreference }),
    ...(med === undefined ? {} : { med }),
    ...(originatorId === undefined ? {} : { originatorId }),
  };
}

function extendedCommunities(attributes: Said | undefined): readonly string[] {
  return textsOf(objectOf(attributes?.['communities'])['ext-community']);
}

function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.flatMap(each => countOf(each) ?? []) : [];
}
