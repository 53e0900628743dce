import type { PathAttributes } from '../../../bgp/route.ts';
import type { RouteOwner } from '../../../lab/event.ts';
import type { Ipv4Prefix } from '../../../net/prefix.ts';
import { type NextHop, nextHopKey } from './next-hop.ts';
import type { NextHopGroup } from './next-hop-group.ts';

/** What an owner wants in the table. */
export type Route = {
  readonly owner: RouteOwner;
  /** Lower wins over all owners. */
  readonly preference: number;
  readonly metric: number;
  readonly nextHops: readonly NextHop[];
  /** The rule of the BGP decision that chose it, where one did. */
  readonly decidedBy?: string;
  /** BGP's, where it came by BGP or EVPN: whoever exports the route passes them on. */
  readonly attributes?: PathAttributes;
};

/** A route in the table, with the group that its next hops make. */
export class Candidate implements Route {
  readonly owner: RouteOwner;
  readonly preference: number;
  readonly metric: number;
  readonly nextHops: readonly NextHop[];
  readonly decidedBy?: string;
  readonly attributes?: PathAttributes;
  readonly group: NextHopGroup;
  readonly since: number;
  readonly event: number | undefined;

  constructor(route: Route, group: NextHopGroup, since: number, event: number | undefined) {
    this.owner = route.owner;
    this.preference = route.preference;
    this.metric = route.metric;
    this.nextHops = route.nextHops;
    if (route.decidedBy !== undefined) this.decidedBy = route.decidedBy;
    if (route.attributes !== undefined) this.attributes = route.attributes;
    this.group = group;
    this.since = since;
    this.event = event;
  }
}

/** All owners' routes to a prefix, and which of them won. */
export type RouteEntry = {
  readonly prefix: Ipv4Prefix;
  /** One per owner, seldom more than one. */
  readonly candidates: Candidate[];
  active: Candidate | undefined;
  since: number;
  event: number | undefined;
};

/** At equal preference and metric. */
const ownerOrder: readonly RouteOwner[] = ['host', 'local', 'static', 'arp-nd', 'bgp-evpn', 'bgp'];

/** Lower is better. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    a.preference - b.preference ||
    a.metric - b.metric ||
    ownerOrder.indexOf(a.owner) - ownerOrder.indexOf(b.owner)
  );
}

/** Whether taking `b` for `a` would change nothing. */
export function sameRoute(a: Route, b: Route): boolean {
  return (
    a.preference === b.preference &&
    a.metric === b.metric &&
    a.decidedBy === b.decidedBy &&
    a.attributes === b.attributes &&
    (a.nextHops === b.nextHops ||
      (a.nextHops.length === b.nextHops.length &&
        a.nextHops.every((nextHop, index) => {
          const other = b.nextHops[index];
          return other !== undefined && nextHopKey(nextHop) === nextHopKey(other);
        })))
  );
}
