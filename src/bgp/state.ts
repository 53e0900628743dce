import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { SpeakerConfig } from './config.ts';
import type { DecisionOptions } from './decision.ts';
import type { ExportGroup } from './export-group.ts';
import type { Connections } from './fsm-event.ts';
import type { NextHopTable } from './next-hop.ts';
import type { Policy } from './policy.ts';
import type { Destination, RibTable } from './rib.ts';
import type { Family, PathAttributes } from './route.ts';
import type { Session } from './session.ts';

/** Everything inside one speaker. Changed in place; what leaves it are values. */
export type SpeakerState = {
  config: SpeakerConfig;
  /** The instance's AS and every local AS of its sessions: what SR Linux takes for a loop in a received path. */
  ownAsns: ReadonlySet<Asn>;
  ownClusterIds: ReadonlySet<Ipv4>;
  decision: Readonly<Record<Family, DecisionOptions>>;
  readonly sessions: Map<Ipv4, Session>;
  readonly connections: Connections;
  readonly tables: Readonly<Record<Family, RibTable>>;
  readonly nextHops: NextHopTable;
  readonly exportGroups: Map<string, ExportGroup>;
  /** Compiled policies by direction and names. */
  readonly policies: Map<string, Policy>;
  /** Attributes that a policy or the speaker derived, so that equal ones stay one object. */
  derived: WeakMap<PathAttributes, Map<object | string, PathAttributes>>;
  /** Attributes of own routes by their text. */
  readonly ownAttributes: Map<string, PathAttributes>;
  /** Destinations that wait for a decision. */
  readonly dirty: Destination[];
  /** Destinations without any path or own route that some peer may still hold. */
  readonly empty: Set<Destination>;
  /** Sessions whose Adj-RIB-Out is ahead of what was sent. */
  readonly behind: Set<Session>;
};

export function markDirty(state: SpeakerState, destination: Destination): void {
  if (destination.dirty) return;
  destination.dirty = true;
  state.dirty.push(destination);
}
