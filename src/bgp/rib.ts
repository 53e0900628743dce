import { type Ipv4, toNumber } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import { comparePrefixes } from '../net/prefix.ts';
import type { Candidate, Choice } from './decision.ts';
import type { NextHop } from './next-hop.ts';
import type { Path } from './outcome.ts';
import type { Protocol } from './policy.ts';
import { type Family, type Nlri, nlriKey, type PathAttributes } from './route.ts';
import type { Session } from './session.ts';

/** Why a received path takes no part in the decision: SR Linux's invalid reasons, and 'originator-loop' (RFC 4456 section 8). */
export type InvalidReason =
  | 'rejected-route'
  | 'as-loop'
  | 'cluster-loop'
  | 'originator-loop'
  | 'next-hop-unresolved';

/** One NLRI with all that is known about it: the row of Adj-RIB-In, Loc-RIB and own routes. */
export type Destination = {
  readonly family: Family;
  readonly nlri: Nlri;
  readonly key: string;
  /** Its place in every Adj-RIB-Out of the family. */
  readonly index: number;
  /** Adj-RIB-In of all peers, at most one of each. */
  readonly paths: Received[];
  own: OwnRoute | undefined;
  /** Loc-RIB, over received paths. */
  choice: Choice<Received> | undefined;
  /** What the export groups were last told of: the own route or the best path. */
  exported: OwnRoute | Received | undefined;
  /** Waits for a decision. */
  dirty: boolean;
};

/** A route the host brings into BGP: one of its route table, or an EVPN route of a bridge domain or VRF. */
export type OwnRoute = {
  readonly nlri: Nlri;
  readonly protocol: Protocol;
  readonly attributes: PathAttributes;
  /** Undefined: the address of each session. EVPN routes name their VTEP here. */
  readonly nextHop?: Ipv4;
};

/** What an export group says about a destination. Immutable; the identity tells whether a peer is up to date. */
export type Announcement = {
  readonly nlri: Nlri;
  readonly attributes: PathAttributes;
  /** 'self': the local address of each session. */
  readonly nextHop: Ipv4 | 'self';
  /** Not told to the session it was learnt over. */
  readonly learntOver: Session | undefined;
};

/** A path as one peer sent it. Never changed but for its slots: a new announcement, policy or next hop makes a new one. */
export class Received implements Candidate, Path {
  readonly session: Session;
  readonly destination: Destination;
  readonly nlri: Nlri;
  /** Before the import policy: Adj-RIB-In. */
  readonly receivedAttributes: PathAttributes;
  readonly receivedNextHop: Ipv4;
  readonly attributes: PathAttributes;
  readonly tracked: NextHop;
  readonly cost: number;
  readonly invalidReason: InvalidReason | undefined;
  readonly receivedAt: number;
  /** Places in `session.paths` and `tracked.paths`. */
  sessionSlot = -1;
  nextHopSlot = -1;

  constructor(of: {
    readonly session: Session;
    readonly destination: Destination;
    readonly nlri: Nlri;
    readonly receivedAttributes: PathAttributes;
    readonly receivedNextHop: Ipv4;
    readonly attributes: PathAttributes;
    readonly tracked: NextHop;
    readonly invalidReason: InvalidReason | undefined;
    readonly receivedAt: number;
  }) {
    this.session = of.session;
    this.destination = of.destination;
    this.nlri = of.nlri;
    this.receivedAttributes = of.receivedAttributes;
    this.receivedNextHop = of.receivedNextHop;
    this.attributes = of.attributes;
    this.tracked = of.tracked;
    this.cost = of.tracked.resolution?.cost ?? 0;
    this.invalidReason =
      of.invalidReason ?? (of.tracked.resolution === undefined ? 'next-hop-unresolved' : undefined);
    this.receivedAt = of.receivedAt;
  }

  get nextHop(): Ipv4 {
    return this.tracked.address;
  }

  get nextHopText(): string {
    return this.tracked.address;
  }

  get peer(): Ipv4 {
    return this.session.peer;
  }

  get peerAs(): Asn {
    return this.session.peerAs;
  }

  get internal(): boolean {
    return this.session.internal;
  }

  get routerIdNumber(): number {
    const { originatorId } = this.attributes;
    return originatorId === undefined ? this.session.bgpIdentifierNumber : toNumber(originatorId);
  }

  get peerAddressNumber(): number {
    return this.session.peerAddressNumber;
  }
}

/** All destinations of one family. Indexes of removed ones are used again, so that Adj-RIB-Outs stay dense. */
export type RibTable = {
  readonly family: Family;
  readonly byKey: Map<string, Destination>;
  readonly freeIndexes: number[];
  nextIndex: number;
};

export function createRibTable(family: Family): RibTable {
  return { family, byKey: new Map(), freeIndexes: [], nextIndex: 0 };
}

export function destinationFor(table: RibTable, nlri: Nlri): Destination {
  const key = nlriKey(nlri);
  let destination = table.byKey.get(key);
  if (destination === undefined) {
    const index = table.freeIndexes.pop() ?? table.nextIndex++;
    destination = {
      family: table.family,
      nlri,
      key,
      index,
      paths: [],
      own: undefined,
      choice: undefined,
      exported: undefined,
      dirty: false,
    };
    table.byKey.set(key, destination);
  }
  return destination;
}

export function isEmpty(destination: Destination): boolean {
  return destination.paths.length === 0 && destination.own === undefined;
}

/** Nobody may hold the destination in an Adj-RIB-Out any more. */
export function removeDestination(table: RibTable, destination: Destination): void {
  table.byKey.delete(destination.key);
  table.freeIndexes.push(destination.index);
}

/** Keys in the order of a route table; EVPN routes by type, then text. */
export function sortedKeys(table: RibTable): string[] {
  const keys = [...table.byKey.keys()];
  return table.family === 'ipv4-unicast' ? keys.sort(comparePrefixes) : keys.sort();
}

export function pathFrom(destination: Destination, session: Session): Received | undefined {
  for (const path of destination.paths) if (path.session === session) return path;
  return undefined;
}

/** Files a path in the three lists that lead to it, instead of `former`. */
export function storePath(path: Received, former: Received | undefined): void {
  const { paths } = path.destination;
  if (former === undefined) {
    paths.push(path);
    path.sessionSlot = path.session.paths.push(path) - 1;
    path.session.families[path.destination.family].receivedCount++;
  } else {
    paths[paths.indexOf(former)] = path;
    path.sessionSlot = former.sessionSlot;
    path.session.paths[path.sessionSlot] = path;
    removeAt(former.tracked.paths, former.nextHopSlot, 'nextHopSlot');
  }
  path.nextHopSlot = path.tracked.paths.push(path) - 1;
}

export function removePath(path: Received): void {
  const { paths } = path.destination;
  paths.splice(paths.indexOf(path), 1);
  removeAt(path.session.paths, path.sessionSlot, 'sessionSlot');
  removeAt(path.tracked.paths, path.nextHopSlot, 'nextHopSlot');
  path.session.families[path.destination.family].receivedCount--;
}

/** Closes the gap with the last element: constant time, and the order is still a function of history alone. */
function removeAt(list: Received[], slot: number, slotName: 'sessionSlot' | 'nextHopSlot'): void {
  const last = list.pop();
  if (last === undefined || slot === list.length) return;
  list[slot] = last;
  last[slotName] = slot;
}
