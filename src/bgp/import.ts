import type { Ipv4 } from '../net/address.ts';
import { applyActions, derive, prepended, sameAttributes } from './attributes.ts';
import { sameNlri } from './evpn.ts';
import type { Call } from './fsm-event.ts';
import type { Update } from './message.ts';
import { trackNextHop } from './next-hop.ts';
import { compilePolicies, type Policy } from './policy.ts';
import {
  type Destination,
  destinationFor,
  type InvalidReason,
  pathFrom,
  Received,
  removePath,
  storePath,
} from './rib.ts';
import { type Nlri, nlriKey, type PathAttributes } from './route.ts';
import type { Session } from './session.ts';
import { markDirty, type SpeakerState } from './state.ts';

/** Files an UPDATE in the Adj-RIB-In and puts its routes through the import policy (RFC 4271 section 9). */
export function importUpdate(state: SpeakerState, session: Session, update: Update, call: Call): void {
  const table = state.tables[update.family];
  for (const nlri of update.withdrawn) {
    const destination = table.byKey.get(nlriKey(nlri));
    if (destination !== undefined) withdrawPath(state, destination, session);
  }
  const { attributes, nextHop } = update;
  if (update.announced.length === 0 || attributes === undefined || nextHop === undefined) return;
  const loop = findLoop(state, session, attributes);
  const accepted = receivable(state, session, attributes);
  const policy = importPolicy(state, session);
  for (const nlri of update.announced) {
    const destination = destinationFor(table, nlri);
    const former = pathFrom(destination, session);
    const told = { nlri, nextHop, attributes: accepted };
    const path = judge(state, session, destination, told, loop, policy, call.now);
    if (former !== undefined && samePath(former, path)) continue;
    storePath(path, former);
    markDirty(state, destination);
  }
}

/** Removes all that a peer sent. */
export function forgetPaths(state: SpeakerState, session: Session): void {
  for (let path = session.paths.at(-1); path !== undefined; path = session.paths.at(-1)) {
    removePath(path);
    markDirty(state, path.destination);
  }
}

/** Judges all that a peer sent once more, from the Adj-RIB-In: after a change of policy. */
export function reimport(state: SpeakerState, session: Session): void {
  const policy = importPolicy(state, session);
  for (const former of [...session.paths]) {
    const told = {
      nlri: former.nlri,
      nextHop: former.receivedNextHop,
      attributes: former.receivedAttributes,
    };
    const loop = findLoop(state, session, former.receivedAttributes);
    const path = judge(state, session, former.destination, told, loop, policy, former.receivedAt);
    if (samePath(former, path)) continue;
    storePath(path, former);
    markDirty(state, former.destination);
  }
}

/** Takes a path's next hop as it resolves now. */
export function rejudgeNextHop(state: SpeakerState, former: Received): void {
  const reason = former.invalidReason === 'next-hop-unresolved' ? undefined : former.invalidReason;
  storePath(new Received({ ...former, invalidReason: reason }), former);
  markDirty(state, former.destination);
}

function withdrawPath(state: SpeakerState, destination: Destination, session: Session): void {
  const path = pathFrom(destination, session);
  if (path === undefined) return;
  removePath(path);
  markDirty(state, destination);
}

type Told = { readonly nlri: Nlri; readonly nextHop: Ipv4; readonly attributes: PathAttributes };

function judge(
  state: SpeakerState,
  session: Session,
  destination: Destination,
  told: Told,
  loop: InvalidReason | undefined,
  policy: Policy | undefined,
  receivedAt: number,
): Received {
  const { family } = destination;
  const actions = policy?.(told.nlri, family, 'bgp');
  const rejected = actions === undefined ? ('rejected-route' as const) : undefined;
  const setNextHop = actions?.nextHop === 'self' ? session.localAddress : actions?.nextHop;
  return new Received({
    session,
    destination,
    nlri: told.nlri,
    receivedAttributes: told.attributes,
    receivedNextHop: told.nextHop,
    attributes: actions === undefined ? told.attributes : applyActions(state, told.attributes, actions),
    tracked: trackNextHop(state.nextHops, setNextHop ?? told.nextHop, family),
    invalidReason: loop ?? rejected,
    receivedAt,
  });
}

function samePath(a: Received, b: Received): boolean {
  return (
    sameNlri(a.nlri, b.nlri) &&
    a.tracked === b.tracked &&
    a.cost === b.cost &&
    a.invalidReason === b.invalidReason &&
    a.receivedNextHop === b.receivedNextHop &&
    sameAttributes(a.receivedAttributes, b.receivedAttributes) &&
    sameAttributes(a.attributes, b.attributes)
  );
}

/** RFC 4271 section 9.1.2 (AS loop), RFC 4456 section 8 (reflection loops). */
function findLoop(
  state: SpeakerState,
  session: Session,
  attributes: PathAttributes,
): InvalidReason | undefined {
  const { routerId } = state.config;
  if (attributes.asPath.some(asn => state.ownAsns.has(asn))) return 'as-loop';
  if (!session.internal) return undefined;
  if (attributes.originatorId === routerId) return 'originator-loop';
  if (attributes.clusterList.some(id => state.ownClusterIds.has(id))) return 'cluster-loop';
  return undefined;
}

/** Attributes as a session may bring them: an external peer has no say in LOCAL_PREF, ORIGINATOR_ID or CLUSTER_LIST (RFC 4271 section 5.1.5, RFC 7606 section 7). */
function receivable(state: SpeakerState, session: Session, attributes: PathAttributes): PathAttributes {
  if (session.internal) return attributes;
  const { localAs } = session.config;
  const prependLocalAs = localAs !== state.config.autonomousSystem;
  if (
    !prependLocalAs &&
    attributes.localPref === undefined &&
    attributes.originatorId === undefined &&
    attributes.clusterList.length === 0
  ) {
    return attributes;
  }
  return derive(state, attributes, `from ${prependLocalAs ? localAs : 'outside'}`, () => {
    const { localPref: _, originatorId: __, ...kept } = attributes;
    const asPath = prependLocalAs ? prepended(attributes.asPath, localAs) : attributes.asPath;
    return { ...kept, asPath, clusterList: [] };
  });
}

/** Undefined: everything is rejected (RFC 8212). */
function importPolicy(state: SpeakerState, session: Session): Policy | undefined {
  const { importPolicies } = session.config;
  if (importPolicies.length === 0 && !session.internal && state.config.ebgpDefaultPolicy.importRejectAll) {
    return undefined;
  }
  const name = `import ${importPolicies.join(' ')}`;
  let policy = state.policies.get(name);
  if (policy === undefined) {
    policy = compilePolicies(importPolicies, state.config.policies, state.config.prefixSets, () => true);
    state.policies.set(name, policy);
  }
  return policy;
}
