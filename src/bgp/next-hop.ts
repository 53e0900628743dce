import type { Ipv4 } from '../net/address.ts';
import type { Received } from './rib.ts';
import type { Family } from './route.ts';

/** Looks a next hop up in the host's route table: undefined when nothing leads there. */
export type ResolveNextHop = (nextHop: Ipv4, family: Family) => Resolution | undefined;

export type Resolution = {
  /** IGP metric, 0 for a connected network. */
  readonly cost: number;
};

/** A next hop of received paths: looked up once, and again when the host says that something changed. */
export type NextHop = {
  readonly address: Ipv4;
  readonly family: Family;
  resolution: Resolution | undefined;
  readonly paths: Received[];
};

export type NextHopTable = {
  readonly resolve: ResolveNextHop;
  readonly byAddress: Readonly<Record<Family, Map<Ipv4, NextHop>>>;
};

export function createNextHopTable(resolve: ResolveNextHop): NextHopTable {
  return { resolve, byAddress: { 'ipv4-unicast': new Map(), evpn: new Map() } };
}

export function trackNextHop(table: NextHopTable, address: Ipv4, family: Family): NextHop {
  const known = table.byAddress[family].get(address);
  if (known !== undefined) {
    // Nobody told about changes while no path had it.
    if (known.paths.length === 0) known.resolution = table.resolve(address, family);
    return known;
  }
  const tracked: NextHop = { address, family, resolution: table.resolve(address, family), paths: [] };
  table.byAddress[family].set(address, tracked);
  return tracked;
}

/** Looks a next hop up again; whether its paths have to be judged anew. */
export function refreshNextHop(table: NextHopTable, nextHop: NextHop): boolean {
  const before = nextHop.resolution;
  const after = table.resolve(nextHop.address, nextHop.family);
  nextHop.resolution = after;
  return before === undefined ? after !== undefined : before.cost !== after?.cost;
}
