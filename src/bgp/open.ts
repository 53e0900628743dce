import { type Ipv4, toNumber } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { SessionConfig } from './config.ts';
import type { Capability, Notification, Open } from './message.ts';
import { notification } from './notification.ts';
import type { Family } from './route.ts';
import type { Session } from './session.ts';

/** The OPEN a speaker sends on a session (RFC 4271 section 4.2). */
export function makeOpen(config: SessionConfig, routerId: Ipv4): Open {
  const capabilities: Capability[] = config.families.map(family => ({ type: 'multiprotocol', family }));
  capabilities.push({ type: 'route-refresh' }, { type: 'four-octet-as', asn: config.localAs });
  return {
    type: 'open',
    version: 4,
    myAutonomousSystem: config.localAs,
    holdTime: Math.ceil(config.timers.holdTime / 1000),
    bgpIdentifier: routerId,
    capabilities,
  };
}

/** The AS a peer claims: the four-octet one where it has that capability (RFC 6793 section 4.1). */
export function asnOf(open: Open): Asn {
  for (const capability of open.capabilities) {
    if (capability.type === 'four-octet-as') return capability.asn;
  }
  return open.myAutonomousSystem;
}

/** Families both ends speak. */
export function commonFamilies(config: SessionConfig, open: Open): Family[] {
  return config.families.filter(family =>
    open.capabilities.some(capability => capability.type === 'multiprotocol' && capability.family === family),
  );
}

export type Refusal = { readonly notification: Notification; readonly detail: string };

/** What is wrong with an OPEN (RFC 4271 section 6.2), undefined when nothing is. */
export function refuseOpen(open: Open, session: Session, routerId: Ipv4): Refusal | undefined {
  if (open.version !== 4) {
    return { notification: notification(2, 1), detail: `expected 4, got ${open.version}` };
  }
  const asn = asnOf(open);
  const expected = refuseAs(asn, session);
  if (expected !== undefined) {
    return { notification: notification(2, 2), detail: `expected ${expected}, got ${asn}` };
  }
  if (toNumber(open.bgpIdentifier) === 0) {
    return { notification: notification(2, 3), detail: 'expected a router id, got 0.0.0.0' };
  }
  // RFC 6286 section 2.2: only inside one AS must identifiers differ.
  if (asn === session.config.localAs && open.bgpIdentifier === routerId) {
    return { notification: notification(2, 3), detail: `${routerId} is our own router id` };
  }
  if (open.holdTime === 1 || open.holdTime === 2) {
    return { notification: notification(2, 6), detail: `expected 0 or at least 3 s, got ${open.holdTime} s` };
  }
  return undefined;
}

/** The AS that was expected instead, undefined when it is right. A range without list takes any AS. */
function refuseAs(asn: Asn, session: Session): string | undefined {
  if (session.range === undefined) return asn === session.peerAs ? undefined : `${session.peerAs}`;
  const allowed = session.range.allowedPeerAs;
  if (allowed.length === 0 || allowed.some(({ from, to }) => asn >= from && asn <= to)) return undefined;
  return allowed.map(({ from, to }) => (from === to ? `${from}` : `${from}..${to}`)).join(' or ');
}
