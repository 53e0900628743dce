import { routeTargetsOf } from '../../../bgp/extended-community.ts';
import type { Path } from '../../../bgp/outcome.ts';
import type { Nlri, PathAttributes } from '../../../bgp/route.ts';
import { type ExplainedPath, explain, ribKeys } from '../../../bgp/speaker.ts';
import type { BgpPath, BgpRow, EvpnRow, PathStatus } from '../../../lab/snapshot.ts';
import type { BgpProcess } from '../bgp-process.ts';
import type { World } from '../world.ts';

/** The IPv4 unicast RIB with losers and reasons. */
export function bgpRows(world: World, process: BgpProcess): BgpRow[] {
  const { speaker } = process;
  if (speaker === undefined) return [];
  return ribKeys(speaker, 'ipv4-unicast').flatMap(prefix =>
    explain(speaker, 'ipv4-unicast', prefix).map(one => ({
      prefix,
      path: pathOf(world, one),
      ...statusOf(one),
    })),
  );
}

/** The EVPN RIB: own routes and received ones. */
export function evpnRows(world: World, process: BgpProcess): EvpnRow[] {
  const { speaker } = process;
  if (speaker === undefined) return [];
  return ribKeys(speaker, 'evpn').flatMap(key =>
    explain(speaker, 'evpn', key).flatMap(one => evpnRow(world, one) ?? []),
  );
}

function evpnRow(world: World, explained: ExplainedPath): EvpnRow | undefined {
  const nlri: Nlri | undefined = explained.path?.nlri ?? explained.own?.nlri;
  const attributes = attributesOf(explained);
  if (nlri === undefined || typeof nlri === 'string' || attributes === undefined) return undefined;
  const { routeType, routeDistinguisher, ethernetTag, vni } = nlri;
  return {
    routeType,
    routeDistinguisher,
    ethernetTag,
    vni,
    ...(nlri.routeType === 2
      ? { mac: nlri.mac, ...(nlri.ip === undefined ? {} : { address: nlri.ip }) }
      : {}),
    ...(nlri.routeType === 3 ? { address: nlri.originatingRouter } : {}),
    ...(nlri.routeType === 5 ? { prefix: nlri.prefix } : {}),
    routeTargets: routeTargetsOf(attributes),
    path: pathOf(world, explained),
    ...statusOf(explained),
  };
}

function pathOf(world: World, explained: ExplainedPath): BgpPath {
  const { path, own } = explained;
  const attributes = attributesOf(explained);
  const peerNode = path === undefined ? undefined : world.nodeOwning(path.peer);
  return {
    ...(path === undefined ? {} : { peer: path.peer }),
    ...(peerNode === undefined ? {} : { peerNode }),
    nextHop: nextHopOf(path) ?? own?.nextHop ?? '0.0.0.0',
    asPath: attributes?.asPath ?? [],
    origin: attributes?.origin ?? 'igp',
    ...(attributes?.localPref === undefined ? {} : { localPreference: attributes.localPref }),
    ...(attributes?.med === undefined ? {} : { med: attributes.med }),
    communities: attributes?.communities ?? [],
    ...(attributes?.originatorId === undefined ? {} : { originatorId: attributes.originatorId }),
    clusterList: attributes?.clusterList ?? [],
  };
}

function nextHopOf(path: Path | undefined): string | undefined {
  return path?.nextHop;
}

function attributesOf({ path, own }: ExplainedPath): PathAttributes | undefined {
  return path?.attributes ?? own?.attributes;
}

function statusOf({ valid, best, used, invalidReason, rule }: ExplainedPath): PathStatus {
  return {
    valid,
    best,
    used,
    ...(invalidReason === undefined ? {} : { invalidReason }),
    ...(rule === undefined ? {} : { rule }),
  };
}
