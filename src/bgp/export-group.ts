import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import { applyActions, derive, prepended, sameAttributes } from './attributes.ts';
import { defaultLocalPreference } from './decision.ts';
import { compilePolicies, noActions, type Policy, type PolicyActions } from './policy.ts';
import type { Announcement, Destination, Received } from './rib.ts';
import { type Family, originAttributes, type PathAttributes } from './route.ts';
import type { Session } from './session.ts';
import type { SpeakerState } from './state.ts';

/** Established sessions of one family that are told the same: what they are told is worked out once. */
export type ExportGroup = {
  readonly key: string;
  readonly family: Family;
  readonly internal: boolean;
  readonly localAs: Asn;
  readonly nextHopSelf: boolean;
  readonly sendDefaultRoute: boolean;
  readonly reflectorClient: boolean;
  readonly clusterId: Ipv4;
  /** Undefined: nothing goes out (RFC 8212). */
  readonly policy: Policy | undefined;
  readonly members: Session[];
  /** Adj-RIB-Out by destination index, before what concerns one member only. */
  readonly out: (Announcement | undefined)[];
  /** Reasons under which derived attributes are kept. */
  readonly reasons: Map<Session | 'med' | 'own-as' | 'preference', object>;
};

export const defaultPrefix = '0.0.0.0/0';

/** The group of a session, made when it is the first of its kind. */
export function exportGroupFor(state: SpeakerState, session: Session, family: Family): ExportGroup {
  const key = exportKey(session, family);
  const known = state.exportGroups.get(key);
  if (known !== undefined) return known;
  const { config } = session;
  const group: ExportGroup = {
    key,
    family,
    internal: session.internal,
    localAs: config.localAs,
    nextHopSelf: config.nextHopSelf,
    sendDefaultRoute: config.sendDefaultRoute && family === 'ipv4-unicast',
    reflectorClient: config.routeReflectorClient,
    clusterId: config.clusterId ?? state.config.routerId,
    policy: exportPolicy(state, session),
    members: [],
    out: [],
    reasons: new Map(),
  };
  state.exportGroups.set(key, group);
  for (const destination of state.tables[family].byKey.values()) {
    group.out[destination.index] = announcementOf(state, group, destination);
  }
  return group;
}

/** What decides about a session's export; equal keys share a group. */
export function exportKey(session: Session, family: Family): string {
  const { localAs, nextHopSelf, sendDefaultRoute, routeReflectorClient, clusterId, exportPolicies } =
    session.config;
  const flags = [session.internal, nextHopSelf, sendDefaultRoute, routeReflectorClient].map(Number).join('');
  return [family, flags, localAs, clusterId ?? '', ...exportPolicies].join(' ');
}

/** What a group says about a destination now; the former announcement itself when that says the same. */
export function announcementOf(
  state: SpeakerState,
  group: ExportGroup,
  destination: Destination,
): Announcement | undefined {
  const former = group.out[destination.index];
  const now = announce(state, group, destination);
  if (now === undefined || former === undefined) return now;
  if (!sameAttributes(now.attributes, former.attributes)) return now;
  if (sameAnnouncement(now, former) && now.learntOver === former.learntOver) return former;
  return { ...now, attributes: former.attributes };
}

/** Whether a peer that holds one need not be told the other. */
export function sameAnnouncement(a: Announcement | undefined, b: Announcement | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return a.nextHop === b.nextHop && a.nlri === b.nlri && sameAttributes(a.attributes, b.attributes);
}

function announce(
  state: SpeakerState,
  group: ExportGroup,
  destination: Destination,
): Announcement | undefined {
  if (group.sendDefaultRoute && destination.key === defaultPrefix) return defaultRoute(state, group);
  const { family, own } = destination;
  if (own !== undefined) {
    const actions = group.policy?.(own.nlri, family, own.protocol);
    if (actions === undefined || !mayLeave(group, own.attributes)) return undefined;
    const nextHop = actions.nextHop ?? ownNextHop(group, own.nextHop);
    const attributes = outgoing(state, group, own.attributes, actions);
    return { nlri: own.nlri, attributes, nextHop, learntOver: undefined };
  }
  const best = destination.choice?.best;
  if (best === undefined) return undefined;
  const reflected = group.internal && best.internal;
  if (reflected && !group.reflectorClient && !best.session.config.routeReflectorClient) return undefined;
  const actions = group.policy?.(best.nlri, family, 'bgp');
  if (actions === undefined || !mayLeave(group, best.attributes)) return undefined;
  const received = group.internal ? best.attributes : withoutMed(state, group, best.attributes);
  const attributes = outgoing(state, group, received, actions);
  return {
    nlri: best.nlri,
    attributes: reflected ? reflect(state, group, best, attributes) : attributes,
    nextHop: actions.nextHop ?? learntNextHop(group, best),
    learntOver: best.session,
  };
}

function defaultRoute(state: SpeakerState, group: ExportGroup): Announcement {
  const attributes = outgoing(state, group, originAttributes, noActions);
  return { nlri: defaultPrefix, attributes, nextHop: 'self', learntOver: undefined };
}

/** RFC 4271 section 5.1.3: an external peer hears our address. EVPN next hops name the tunnel end and stay. */
function learntNextHop(group: ExportGroup, best: Received): Ipv4 | 'self' {
  if (group.internal) return group.nextHopSelf ? 'self' : best.nextHop;
  return group.family === 'evpn' ? best.nextHop : 'self';
}

function ownNextHop(group: ExportGroup, nextHop: Ipv4 | undefined): Ipv4 | 'self' {
  if (nextHop === undefined) return 'self';
  if (group.internal) return group.nextHopSelf ? 'self' : nextHop;
  return group.family === 'evpn' ? nextHop : 'self';
}

/** RFC 1997: NO_ADVERTISE, and NO_EXPORT towards external peers. */
function mayLeave(group: ExportGroup, { communities }: PathAttributes): boolean {
  if (communities.length === 0) return true;
  if (communities.some(community => community === 'no-advertise' || community === '65535:65282'))
    return false;
  return (
    group.internal || !communities.some(community => community === 'no-export' || community === '65535:65281')
  );
}

/** RFC 4271 section 5.1.4: a received MED stops at the neighbour AS. */
function withoutMed(state: SpeakerState, group: ExportGroup, attributes: PathAttributes): PathAttributes {
  if (attributes.med === undefined) return attributes;
  return derive(state, attributes, reasonOf(group, 'med'), () => {
    const { med: _, ...kept } = attributes;
    return kept;
  });
}

function outgoing(
  state: SpeakerState,
  group: ExportGroup,
  received: PathAttributes,
  actions: PolicyActions,
): PathAttributes {
  const attributes = applyActions(state, received, actions);
  if (group.internal) {
    if (attributes.localPref !== undefined) return attributes;
    return derive(state, attributes, reasonOf(group, 'preference'), () => ({
      ...attributes,
      localPref: defaultLocalPreference,
    }));
  }
  return derive(state, attributes, reasonOf(group, 'own-as'), () => {
    const { localPref: _, originatorId: __, ...kept } = attributes;
    return { ...kept, clusterList: [], asPath: withOwnAs(state, group, attributes.asPath) };
  });
}

/** RFC 4271 section 5.1.2. With a local AS that differs SR Linux puts the instance's AS first, then the local one before it. */
function withOwnAs(state: SpeakerState, group: ExportGroup, asPath: readonly Asn[]): readonly Asn[] {
  const { autonomousSystem } = state.config;
  if (group.localAs === autonomousSystem) return prepended(asPath, autonomousSystem);
  return prepended(prepended(asPath, autonomousSystem), group.localAs);
}

/** RFC 4456 section 8. */
function reflect(
  state: SpeakerState,
  group: ExportGroup,
  best: Received,
  attributes: PathAttributes,
): PathAttributes {
  return derive(state, attributes, reasonOf(group, best.session), () => ({
    ...attributes,
    originatorId: attributes.originatorId ?? best.session.bgpIdentifier ?? best.session.peer,
    clusterList: [group.clusterId, ...attributes.clusterList],
  }));
}

function reasonOf(group: ExportGroup, of: Session | 'med' | 'own-as' | 'preference'): object {
  let reason = group.reasons.get(of);
  if (reason === undefined) {
    reason = {};
    group.reasons.set(of, reason);
  }
  return reason;
}

/** Undefined: RFC 8212. What no policy decides: BGP routes and EVPN routes go out, others do not. */
function exportPolicy(state: SpeakerState, session: Session): Policy | undefined {
  const { exportPolicies } = session.config;
  if (exportPolicies.length === 0 && !session.internal && state.config.ebgpDefaultPolicy.exportRejectAll) {
    return undefined;
  }
  const name = `export ${exportPolicies.join(' ')}`;
  let policy = state.policies.get(name);
  if (policy === undefined) {
    policy = compilePolicies(
      exportPolicies,
      state.config.policies,
      state.config.prefixSets,
      (protocol, family) => family === 'evpn' || protocol === 'bgp',
    );
    state.policies.set(name, policy);
  }
  return policy;
}
