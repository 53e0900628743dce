import { joinExportGroup, leaveExportGroup } from './advertise.ts';
import type { DynamicNeighborConfig, NeighborConfig, SpeakerConfig } from './config.ts';
import { addNeighbor, deriveFromConfig, effective, startAt } from './configure.ts';
import type { Call } from './fsm-event.ts';
import { reimport } from './import.ts';
import { administrativeShutdown, otherConfigurationChange, peerDeconfigured } from './notification.ts';
import { families } from './route.ts';
import type { Session } from './session.ts';
import { markDirty, type SpeakerState } from './state.ts';
import { stopSession } from './stop-session.ts';

/** Turns a speaker to a new configuration, disturbing only the sessions whose own parameters change. */
export function applyConfig(state: SpeakerState, config: SpeakerConfig, call: Call): void {
  const before = state.config;
  const judgesAnew = differs(judging(before), judging(config));
  const bounceAll = differs(
    [before.autonomousSystem, before.routerId],
    [config.autonomousSystem, config.routerId],
  );
  const decidesAnew = differs([before.families, before.preferOldest], [config.families, config.preferOldest]);

  const quiet: Session[] = [];
  for (const session of [...state.sessions.values()]) {
    const next = configOf(session, config);
    if (next === undefined) stopSession(state, session, peerDeconfigured, false, call);
    else if (adapt(state, session, next, bounceAll, call)) quiet.push(session);
    if (next === undefined) state.sessions.delete(session.peer);
  }
  state.config = config;
  Object.assign(state, deriveFromConfig(config));
  if (judgesAnew) state.policies.clear();
  judgeAnew(state, judgesAnew ? established(state) : quiet);
  if (decidesAnew) {
    for (const family of families) {
      for (const destination of state.tables[family].byKey.values()) markDirty(state, destination);
    }
  }
  for (const neighbor of config.neighbors) {
    if (!state.sessions.has(neighbor.peerAddress)) addNeighbor(state, neighbor, call.now);
  }
}

function configOf(
  session: Session,
  config: SpeakerConfig,
): NeighborConfig | DynamicNeighborConfig | undefined {
  const configured = config.neighbors.find(({ peerAddress }) => peerAddress === session.peer);
  if (session.range === undefined) return configured && effective(configured, config);
  if (configured !== undefined) return undefined;
  const range = config.dynamicNeighbors.find(({ prefix }) => prefix === session.range?.prefix);
  return range && effective(range, config);
}

/** Gives a session its new configuration. True when it stays up but judges routes anew. */
function adapt(
  state: SpeakerState,
  session: Session,
  next: NeighborConfig | DynamicNeighborConfig,
  bounceAll: boolean,
  call: Call,
): boolean {
  const before = session.config;
  const peerAs = 'peerAs' in next ? next.peerAs : session.peerAs;
  const bounce =
    bounceAll ||
    differs(conversation(before), conversation(next)) ||
    peerAs !== session.peerAs ||
    ('prefix' in next && differs(next.allowedPeerAs, session.range?.allowedPeerAs));
  if (bounce) {
    const notification = next.adminState ? otherConfigurationChange : administrativeShutdown;
    stopSession(state, session, notification, next.adminState, call);
    session.failures = 0;
  }
  session.config = next;
  session.peerAs = peerAs;
  session.internal = peerAs === next.localAs;
  if (bounce) startAt(session, call.now);
  return !bounce && session.state === 'established' && differs(routes(before), routes(next));
}

/** Import from the Adj-RIB-In, export against what the peers hold. */
function judgeAnew(state: SpeakerState, sessions: readonly Session[]): void {
  for (const session of sessions) reimport(state, session);
  const memberships = sessions.flatMap(session =>
    families
      .filter(family => session.families[family].group !== undefined)
      .map(family => ({ session, family })),
  );
  for (const { session, family } of memberships) leaveExportGroup(state, session, family);
  for (const { session, family } of memberships) joinExportGroup(state, session, family);
}

function established(state: SpeakerState): Session[] {
  return [...state.sessions.values()].filter(session => session.state === 'established');
}

/** What a change of which ends a session. */
function conversation(config: Session['config']): unknown {
  const { adminState, localAs, families: spoken, ttl, localAddress, passive } = config;
  const { routeReflectorClient, clusterId, timers } = config;
  return [
    adminState,
    localAs,
    spoken,
    ttl,
    localAddress,
    passive,
    routeReflectorClient,
    clusterId,
    timers.holdTime,
    timers.keepaliveInterval,
  ];
}

/** What a change of which judges routes anew without ending the session. */
function routes(config: Session['config']): unknown {
  const { importPolicies, exportPolicies, nextHopSelf, sendDefaultRoute } = config;
  return [importPolicies, exportPolicies, nextHopSelf, sendDefaultRoute];
}

/** What a change of which judges the routes of every session anew. */
function judging(config: SpeakerConfig): unknown {
  const { ownAsns, ownClusterIds } = deriveFromConfig(config);
  return [
    config.policies,
    config.prefixSets,
    config.ebgpDefaultPolicy,
    config.senderSideLoopDetection ?? false,
    [...ownAsns].sort(),
    [...ownClusterIds].sort(),
  ];
}

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
