import type { RouteOwner } from '../../lab/event.ts';
import type { ForwardingMember, ForwardingRow, NextHopRow, RouteRow } from '../../lab/snapshot.ts';
import type { Ipv4 } from '../../net/address.ts';
import { comparePrefixes } from '../../net/prefix.ts';
import { listOf, numberOf, objectOf, type Said, textOf } from './said.ts';

export type RouteContext = {
  readonly at: number;
  /** VNI of the tenant: its bridge is `br<vni>`. */
  readonly vni: number | undefined;
  /** The interface's name on the switch: "irb0.0" for the bridge of its domain. */
  readonly interfaceName: (device: string) => string;
  readonly ownerOf: (address: Ipv4) => string | undefined;
  readonly sinceOf: (prefix: string) => number | undefined;
  /** Next hops in the kernel, where it told: zebra's own view may be ahead of it by seconds. */
  readonly kernelGateways: (prefix: string) => readonly Ipv4[] | undefined;
  /** Flows to it are hashed by a table of buckets. */
  readonly isResilient: (prefix: string) => boolean;
  /** The neighbour on the other end of a port. */
  readonly neighborOf: (port: string) => string | undefined;
};

/** `show ip route [vrf …] json`: what won over all owners, and what did not. */
export function routeRows(said: unknown, context: RouteContext): RouteRow[] {
  const rows = entriesOf(said).map(([prefix, entry]): RouteRow => {
    const protocol = textOf(entry['protocol']) ?? '';
    const listed = hopsOf(entry);
    // zebra goes on listing a next hop whose port is down; it is no longer active.
    const active = listed.filter(hop => hop['active'] === true);
    const hops = active.length === 0 ? listed : active;
    return {
      prefix,
      owner: ownerOfRoute(protocol, hops, context),
      // FRR lists a connected /32 twice; the one it did not select is the kernel's local table's, in use all the same.
      active: entry['selected'] === true || (protocol === 'local' && entry['installed'] === true),
      preference: numberOf(entry['distance']) ?? 0,
      metric: numberOf(entry['metric']) ?? 0,
      nextHops: hops.map(hop => nextHopRow(hop, protocol, context)),
      since: context.sinceOf(prefix) ?? context.at - uptimeOf(textOf(entry['uptime'])),
    };
  });
  return withoutTwins(rows).sort(
    (a, b) => comparePrefixes(a.prefix, b.prefix) || Number(b.active) - Number(a.active),
  );
}

/** What is in the kernel: prefix → members. */
export function forwardingRows(said: unknown, context: RouteContext): ForwardingRow[] {
  const rows: ForwardingRow[] = [];
  for (const [prefix, entry] of entriesOf(said)) {
    if (entry['selected'] !== true || entry['installed'] !== true) continue;
    const protocol = textOf(entry['protocol']) ?? '';
    const kernel = protocol === 'bgp' ? context.kernelGateways(prefix) : undefined;
    const hops = hopsOf(entry).filter(hop =>
      kernel === undefined ? hop['active'] === true : kernel.includes(textOf(hop['ip']) ?? ''),
    );
    if (hops.length === 0) continue;
    rows.push({
      prefix,
      group: numberOf(entry['installedNexthopGroupId']) ?? numberOf(entry['nexthopGroupId']) ?? 0,
      algorithm: context.isResilient(prefix) ? 'resilient' : 'hash-threshold',
      members: hops.map(hop => memberOf(hop, protocol, 1 / hops.length, context)),
    });
  }
  return rows.sort((a, b) => comparePrefixes(a.prefix, b.prefix));
}

function memberOf(hop: Said, protocol: string, share: number, context: RouteContext): ForwardingMember {
  const device = textOf(hop['interfaceName']) ?? '';
  const address = textOf(hop['ip']);
  if (isTunnel(device, context) && address !== undefined) {
    const node = context.ownerOf(address);
    return {
      label: address,
      vtep: address,
      share,
      ...(context.vni === undefined ? {} : { vni: context.vni }),
      ...(node === undefined ? {} : { node }),
    };
  }
  const port = context.interfaceName(device);
  if (protocol === 'local' || device === 'lo') return { label: port, share };
  const node = (address === undefined ? undefined : context.ownerOf(address)) ?? context.neighborOf(port);
  return {
    label: port,
    port,
    share,
    ...(address === undefined ? {} : { nextHop: address }),
    ...(node === undefined ? {} : { node }),
  };
}

function nextHopRow(hop: Said, protocol: string, context: RouteContext): NextHopRow {
  const device = textOf(hop['interfaceName']) ?? '';
  const address = textOf(hop['ip']);
  const named = context.interfaceName(device);
  if (address === undefined) return { type: protocol === 'local' ? 'extract' : 'local', interface: named };
  const node = context.ownerOf(address);
  const owner = node === undefined ? {} : { node };
  if (isTunnel(device, context))
    return { type: 'vxlan', address, ...(context.vni === undefined ? {} : { vni: context.vni }), ...owner };
  return { type: 'indirect', address, interface: named, ...owner };
}

function isTunnel(device: string, { vni }: RouteContext): boolean {
  return vni !== undefined && device === `br${vni}`;
}

function ownerOfRoute(protocol: string, hops: readonly Said[], context: RouteContext): RouteOwner {
  if (protocol === 'local') return 'host';
  if (protocol === 'connected') return 'local';
  if (protocol !== 'bgp') return 'static';
  return hops.some(hop => isTunnel(textOf(hop['interfaceName']) ?? '', context)) ? 'bgp-evpn' : 'bgp';
}

function entriesOf(said: unknown): [string, Said][] {
  return Object.entries(objectOf(said)).flatMap(([prefix, entries]) =>
    listOf(entries).map(entry => [prefix, entry] as [string, Said]),
  );
}

/** Two reflectors tell the same next hop twice: it counts once. */
function hopsOf(entry: Said): readonly Said[] {
  return listOf(entry['nexthops']).filter(hop => hop['duplicate'] !== true);
}

/**
 * A loopback's /32 is both "connected" and "local"; a network whose address was there before zebra is both "connected" and
 * "kernel", until the port goes down for the first time. One row.
 */
function withoutTwins(rows: readonly RouteRow[]): RouteRow[] {
  const isTwin = ({ owner, active }: RouteRow) => owner === 'host' || (owner === 'static' && !active);
  return rows.filter(
    row => !isTwin(row) || !rows.some(other => other.owner === 'local' && other.prefix === row.prefix),
  );
}

/** "00:00:10", "1d02h03m" → milliseconds. */
export function uptimeOf(text: string | undefined): number {
  const clock = /^(\d+):(\d+):(\d+)$/.exec(text ?? '');
  if (clock !== null) return (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3])) * 1000;
  const days = /^(\d+)d(\d+)h(\d+)m$/.exec(text ?? '');
  if (days !== null) return ((Number(days[1]) * 24 + Number(days[2])) * 60 + Number(days[3])) * 60_000;
  return 0;
}
