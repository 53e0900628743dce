import type { BgpPath, BgpRow, EvpnRow, PathStatus } from '../../lab/snapshot.ts';
import type { Ipv4 } from '../../net/address.ts';
import type { Asn } from '../../net/asn.ts';
import { comparePrefixes } from '../../net/prefix.ts';
import { listOf, membersOf, numberOf, objectOf, type Said, textOf } from './said.ts';

export type RibContext = {
  readonly ownerOf: (address: Ipv4) => string | undefined;
  /** VNIs by the number behind the colon of a route target. */
  readonly vniOfTarget: (target: string) => number | undefined;
};

/** `show bgp [vrf …] ipv4 unicast json`. FRR names the rule that chose the best path, not those at which losers fell. */
export function bgpRows(said: unknown, context: RibContext): BgpRow[] {
  return Object.entries(objectOf(objectOf(said)['routes']))
    .flatMap(([prefix, paths]) =>
      listOf(paths).map(path => ({ prefix, path: pathOf(path, context), ...statusOf(path) })),
    )
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix) || Number(b.best) - Number(a.best));
}

/** `show bgp l2vpn evpn json`. */
export function evpnRows(said: unknown, context: RibContext): EvpnRow[] {
  const rows: EvpnRow[] = [];
  for (const [distinguisher, routes] of membersOf(said)) {
    for (const [, route] of membersOf(routes)) {
      for (const path of listOf(route['paths']).flatMap(each => (Array.isArray(each) ? each : [each]))) {
        const row = evpnRow(distinguisher, path, context);
        if (row !== undefined) rows.push(row);
      }
    }
  }
  return rows;
}

function evpnRow(routeDistinguisher: string, said: Said, context: RibContext): EvpnRow | undefined {
  const routeType = numberOf(said['routeType']);
  if (routeType !== 2 && routeType !== 3 && routeType !== 5) return undefined;
  const communities = textOf(objectOf(said['extendedCommunity'])['string'])?.split(' ') ?? [];
  const targets = communities.filter(text => text.startsWith('RT:')).map(text => `target:${text.slice(3)}`);
  const address = textOf(said['ip']);
  const mac = textOf(said['mac']);
  return {
    routeType,
    routeDistinguisher,
    ethernetTag: numberOf(said['ethTag']) ?? 0,
    vni: numberOf(said['vni']) ?? targets.map(context.vniOfTarget).find(vni => vni !== undefined) ?? 0,
    routeTargets: targets,
    path: pathOf(said, context),
    ...statusOf(said),
    ...(mac === undefined ? {} : { mac }),
    ...(address === undefined || routeType === 5 ? {} : { address }),
    ...(routeType === 5 && address !== undefined
      ? { prefix: `${address}/${numberOf(said['ipLen']) ?? 32}` }
      : {}),
  };
}

function pathOf(said: Said, context: RibContext): BgpPath {
  const [hop = {}] = listOf(said['nexthops']);
  const peerText = textOf(said['peerId']);
  const peer = peerText === undefined || peerText === '(unspec)' ? undefined : peerText;
  const peerNode = peer === undefined ? undefined : context.ownerOf(peer);
  const localPreference = numberOf(said['locPrf']);
  const med = numberOf(said['metric']);
  const origin = textOf(said['origin'])?.toLowerCase();
  return {
    nextHop: textOf(hop['ip']) ?? '0.0.0.0',
    asPath: asPathOf(textOf(said['path'])),
    origin: origin === 'igp' || origin === 'egp' ? origin : 'incomplete',
    communities: textOf(objectOf(said['community'])['string'])?.split(' ') ?? [],
    clusterList: [],
    ...(peer === undefined ? {} : { peer }),
    ...(peerNode === undefined ? {} : { peerNode }),
    ...(localPreference === undefined ? {} : { localPreference }),
    ...(med === undefined || med === 0 ? {} : { med }),
  };
}

function statusOf(said: Said): PathStatus {
  const valid = said['valid'] === true;
  const best = said['bestpath'] === true;
  const reason = textOf(said['selectionReason']);
  const section = reason === undefined ? undefined : ruleSections[reason.toLowerCase()];
  return {
    valid,
    best,
    used: best || said['multipath'] === true,
    ...(valid ? {} : { invalidReason: 'next-hop-unresolved' }),
    ...(best && reason !== undefined ? { rule: { name: reason, section: section ?? 'FRR' } } : {}),
  };
}

/** Where FRR's words for a decision stand in the standard. */
const ruleSections: Readonly<Record<string, string>> = {
  'local pref': 'RFC 4271 section 9.1.1',
  'as path': 'RFC 4271 section 9.1.2.2 a',
  origin: 'RFC 4271 section 9.1.2.2 b',
  med: 'RFC 4271 section 9.1.2.2 c',
  'peer type': 'RFC 4271 section 9.1.2.2 d',
  'igp metric': 'RFC 4271 section 9.1.2.2 e',
  'router id': 'RFC 4271 section 9.1.2.2 f',
  'neighbor ip': 'RFC 4271 section 9.1.2.2 g',
  'cluster length': 'RFC 4456 section 9',
};

function asPathOf(text: string | undefined): Asn[] {
  return (text ?? '')
    .split(/[\s{},()]+/)
    .filter(part => /^\d+$/.test(part))
    .map(Number);
}
