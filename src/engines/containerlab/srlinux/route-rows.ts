import type { RouteOwner } from '../../../lab/event.ts';
import type { ForwardingMember, ForwardingRow, NextHopRow, RouteRow } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { comparePrefixes } from '../../../net/prefix.ts';
import { listOf, objectOf, type Said, textOf } from '../../real/said.ts';
import { countOf, momentOf, prefixOf, wordOf } from './yang-json.ts';

export type RouteContext = {
  readonly at: number;
  readonly ownerOf: (address: Ipv4) => string | undefined;
  /** When we saw the route change. */
  readonly sinceOf: (prefix: string) => number | undefined;
  readonly ofWall: (milliseconds: number) => number;
  /** The node at the other end of a port. */
  readonly neighborOf: (port: string) => string | undefined;
  /** VNI of this routing instance, for a tunnel that does not say its own. */
  readonly vni: number | undefined;
};

/** `route-table` of a network-instance: every owner's route to every prefix, the active one first. */
export function routeRows(table: Said, context: RouteContext): RouteRow[] {
  const hops = new NextHops(table);
  return entriesOf(table)
    .map(({ prefix, said }): RouteRow => {
      const owner = ownerOfRoute(said);
      const changed = momentOf(said['last-app-update']);
      return {
        prefix,
        owner,
        active: said['active'] === true,
        preference: countOf(said['preference']) ?? 0,
        metric: countOf(said['metric']) ?? 0,
        nextHops: hops
          .ofGroup(said['next-hop-group'])
          .flatMap(({ hop }) => nextHopRow(hop, owner, hops, context)),
        since: context.sinceOf(prefix) ?? (changed === undefined ? context.at : context.ofWall(changed)),
      };
    })
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix) || Number(b.active) - Number(a.active));
}

/** What the data plane uses, of the same table: prefix → group → members. */
export function forwardingRows(table: Said, context: RouteContext): ForwardingRow[] {
  const hops = new NextHops(table);
  return entriesOf(table)
    .flatMap(({ prefix, said }): ForwardingRow[] => {
      const programming = objectOf(said['fib-programming']);
      if (said['active'] !== true || programming['suppressed'] === true) return [];
      const members = hops.members(said['next-hop-group'], 1, context);
      if (members.length === 0) return [];
      return [
        {
          prefix,
          // Groups have 64-bit numbers; what is shown is to tell two apart.
          group: Number(countOf(said['next-hop-group']) ?? 0),
          algorithm: said['resilient-hash'] === true ? 'resilient' : 'hash-threshold',
          members: merged(members),
        },
      ];
    })
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix));
}

type Hop = { readonly hop: Said; readonly weight: number };

/** The next hops of a table: routes name groups, groups name next hops, an indirect one names the group that resolves it. */
class NextHops {
  private readonly groups: ReadonlyMap<string, Said>;
  private readonly hops: ReadonlyMap<string, Said>;

  constructor(table: Said) {
    this.groups = byIndex(table['next-hop-group']);
    this.hops = byIndex(table['next-hop']);
  }

  ofGroup(index: unknown): Hop[] {
    const group = this.groups.get(String(index));
    return listOf(group?.['next-hop']).flatMap(member => {
      const hop = this.hops.get(String(member['next-hop']));
      if (hop === undefined || member['resolved'] === 'false') return [];
      return [{ hop, weight: countOf(member['weight']) ?? 1 }];
    });
  }

  /** Where packets go in the end; `share` of the hash space falls to this group. Resolving is a few steps deep; a loop is no route. */
  members(index: unknown, share: number, context: RouteContext, via?: Ipv4, depth = 4): ForwardingMember[] {
    const hops = this.ofGroup(index);
    const total = hops.reduce((sum, { weight }) => sum + weight, 0);
    return hops.flatMap(({ hop, weight }) =>
      this.memberOf(hop, (share * weight) / total, context, via, depth),
    );
  }

  private memberOf(
    hop: Said,
    share: number,
    context: RouteContext,
    via: Ipv4 | undefined,
    depth: number,
  ): ForwardingMember[] {
    const address = textOf(hop['ip-address']) ?? via;
    const tunnel = tunnelOf(hop, context);
    if (tunnel !== undefined) {
      const node = context.ownerOf(tunnel.address);
      return [
        {
          label: tunnel.address,
          vtep: tunnel.address,
          share,
          ...(tunnel.vni === undefined ? {} : { vni: tunnel.vni }),
          ...(node === undefined ? {} : { node }),
        },
      ];
    }
    const resolving = objectOf(objectOf(hop['indirect'])['resolving-route'])['next-hop-group'];
    if (resolving !== undefined)
      return depth === 0 ? [] : this.members(resolving, share, context, address, depth - 1);
    const subinterface = textOf(hop['subinterface']);
    if (subinterface === undefined) {
      const word = wordOf(hop['type']) ?? '';
      return word === 'extract' ? [{ label: 'extract', share }] : [];
    }
    const port = subinterface.replace(/\.\d+$/, '');
    const isPort = port.startsWith('ethernet-');
    // A directly connected subnet's next hop carries the switch's own address there.
    const nextHop = via;
    const node = (nextHop === undefined ? undefined : context.ownerOf(nextHop)) ?? context.neighborOf(port);
    return [
      {
        label: isPort ? port : subinterface,
        port: isPort ? port : subinterface,
        share,
        ...(nextHop === undefined ? {} : { nextHop }),
        ...(node === undefined ? {} : { node }),
      },
    ];
  }
}

function byIndex(list: unknown): ReadonlyMap<string, Said> {
  return new Map(listOf(list).map(said => [String(said['index']), said]));
}

function nextHopRow(hop: Said, owner: RouteOwner, hops: NextHops, context: RouteContext): NextHopRow[] {
  const type = wordOf(hop['type']);
  const address = textOf(hop['ip-address']);
  const subinterface = textOf(hop['subinterface']);
  const on = subinterface === undefined ? {} : { interface: subinterface };
  if (type === 'extract') return [{ type: 'extract', ...on }];
  // The kernel's broadcast entries and blackholes lead nowhere.
  if (type === 'broadcast' || type === 'discard' || type === 'reject') return [];
  if (owner === 'local' || owner === 'arp-nd') return [{ type: 'local', ...on }];
  const tunnel = tunnelOf(hop, context);
  if (tunnel !== undefined) {
    const node = context.ownerOf(tunnel.address);
    return [
      {
        type: 'vxlan',
        address: tunnel.address,
        ...(tunnel.vni === undefined ? {} : { vni: tunnel.vni }),
        ...(node === undefined ? {} : { node }),
      },
    ];
  }
  const node = address === undefined ? undefined : context.ownerOf(address);
  const named = { ...(address === undefined ? {} : { address }), ...(node === undefined ? {} : { node }) };
  if (type !== 'indirect') return [{ type: 'direct', ...named, ...on }];
  const over = hops.ofGroup(objectOf(objectOf(hop['indirect'])['resolving-route'])['next-hop-group']);
  const only = over.length === 1 ? textOf(over[0]?.hop['subinterface']) : undefined;
  return [{ type: 'indirect', ...named, ...(only === undefined ? {} : { interface: only }) }];
}

/** The far end of the VXLAN tunnel that an indirect next hop is resolved by. */
function tunnelOf(
  hop: Said,
  { vni }: RouteContext,
): { readonly address: Ipv4; readonly vni: number | undefined } | undefined {
  const tunnel = objectOf(objectOf(hop['indirect'])['resolving-tunnel']);
  if (wordOf(tunnel['tunnel-type']) !== 'vxlan') return undefined;
  const address = textOf(hop['ip-address']) ?? textOf(tunnel['ip-prefix'])?.replace(/\/32$/, '');
  if (address === undefined) return undefined;
  return { address, vni: countOf(objectOf(hop['vxlan-encapsulation'])['vni']) ?? vni };
}

/** Two ways to the same port are one member with both shares. */
function merged(members: readonly ForwardingMember[]): ForwardingMember[] {
  const byLabel = new Map<string, ForwardingMember>();
  for (const member of members) {
    const known = byLabel.get(member.label);
    byLabel.set(member.label, known === undefined ? member : { ...known, share: known.share + member.share });
  }
  return [...byLabel.values()];
}

function entriesOf(table: Said): { readonly prefix: string; readonly said: Said }[] {
  return listOf(objectOf(table['ipv4-unicast'])['route']).flatMap(said => {
    const prefix = prefixOf(said['ipv4-prefix']);
    return prefix === undefined || isBroadcast(said, table) ? [] : [{ prefix, said }];
  });
}

/** SR Linux lists the broadcast address of a subnet as a host route of its own: no other engine has it. */
function isBroadcast(said: Said, table: Said): boolean {
  if (wordOf(said['route-type']) !== 'host') return false;
  return new NextHops(table)
    .ofGroup(said['next-hop-group'])
    .some(({ hop }) => wordOf(hop['type']) === 'broadcast');
}

function ownerOfRoute(said: Said): RouteOwner {
  const type = wordOf(said['route-type']) ?? '';
  if (type.startsWith('bgp-evpn')) return 'bgp-evpn';
  return owners.find(owner => owner === type) ?? 'static';
}

const owners: readonly RouteOwner[] = ['local', 'host', 'static', 'bgp', 'arp-nd'];
