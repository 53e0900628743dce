import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { DynamicNeighborConfig, NeighborConfig, SessionConfig, SpeakerConfig } from './config.ts';
import type { DecisionOptions } from './decision.ts';
import { type Family, families } from './route.ts';
import { createSession, type Session } from './session.ts';
import type { SpeakerState } from './state.ts';

/** What follows from a configuration as a whole. Throws when it names a policy or prefix set that it does not hold. */
export function deriveFromConfig(config: SpeakerConfig): {
  ownAsns: ReadonlySet<Asn>;
  ownClusterIds: ReadonlySet<Ipv4>;
  decision: Readonly<Record<Family, DecisionOptions>>;
} {
  const all: readonly SessionConfig[] = [...config.neighbors, ...config.dynamicNeighbors];
  requireNamedThings(config, all);
  const clusterIds = all.flatMap(({ clusterId }) => (clusterId === undefined ? [] : [clusterId]));
  return {
    ownAsns: new Set([config.autonomousSystem, ...all.map(({ localAs }) => localAs)]),
    ownClusterIds: new Set([config.routerId, ...clusterIds]),
    decision: {
      'ipv4-unicast': decisionOptions(config, 'ipv4-unicast'),
      evpn: decisionOptions(config, 'evpn'),
    },
  };
}

/** A session's configuration with only the families that the instance runs too. */
export function effective<C extends NeighborConfig | DynamicNeighborConfig>(config: C, of: SpeakerConfig): C {
  const enabled = families.filter(family =>
    of.families.some(({ name, adminState }) => name === family && adminState),
  );
  return {
    ...config,
    adminState: config.adminState && of.adminState,
    families: config.families.filter(family => enabled.includes(family)),
  };
}

/** Adds a configured neighbour; it starts at the next wake. */
export function addNeighbor(state: SpeakerState, neighbor: NeighborConfig, now: number): void {
  const config = effective(neighbor, state.config);
  const session = createSession(neighbor.peerAddress, neighbor.peerAs, config, undefined, now);
  state.sessions.set(neighbor.peerAddress, session);
  startAt(session, now);
}

/** Lets a session that is down start at this time, unless it is disabled. */
export function startAt(session: Session, at: number): void {
  const [fsm] = session.fsms;
  if (fsm?.state === 'idle') fsm.idleHoldTimer = session.config.adminState ? at : undefined;
}

function requireNamedThings(config: SpeakerConfig, all: readonly SessionConfig[]): void {
  const policies = new Set(config.policies.map(({ name }) => name));
  const prefixSets = new Set(config.prefixSets.map(({ name }) => name));
  for (const name of all.flatMap(one => [...one.importPolicies, ...one.exportPolicies])) {
    if (!policies.has(name)) throw new Error(`no policy is called "${name}"`);
  }
  for (const { match } of config.policies.flatMap(({ statements }) => statements)) {
    const { prefixSet } = match;
    if (prefixSet !== undefined && !prefixSets.has(prefixSet)) {
      throw new Error(`no prefix-set is called "${prefixSet}"`);
    }
  }
}

function decisionOptions(config: SpeakerConfig, family: Family): DecisionOptions {
  const multipath = config.families.find(({ name }) => name === family)?.multipath;
  return {
    maximumPaths: { ebgp: multipath?.ebgp ?? 1, ibgp: multipath?.ibgp ?? 1 },
    allowMultipleAs: multipath?.allowMultipleAs ?? true,
    preferOldest: config.preferOldest ?? false,
  };
}
