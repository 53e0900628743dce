import { type Ipv4, toNumber } from '../net/address.ts';
import type { Open } from './message.ts';
import { asnOf } from './open.ts';
import type { Fsm, Session } from './session.ts';

/**
 * Connection collision detection (RFC 4271 section 6.8): whether the connection that just brought an OPEN survives
 * beside one that is confirmed already. The connection opened by the speaker with the higher identifier stays; an
 * established one always does.
 */
export function survivesCollision(
  session: Session,
  fsm: Fsm,
  rival: Fsm,
  open: Open,
  routerId: Ipv4,
): boolean {
  if (rival.state === 'established') return false;
  if (rival.incoming === fsm.incoming) return false;
  const ours = toNumber(routerId);
  const theirs = toNumber(open.bgpIdentifier);
  // RFC 6286 section 2.3: equal identifiers of different ASs are decided by the AS number.
  const oursStays = ours === theirs ? session.config.localAs > asnOf(open) : ours > theirs;
  return oursStays ? !fsm.incoming : fsm.incoming;
}
