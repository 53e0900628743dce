import type { Ipv4 } from '../net/address.ts';
import { beginCall, finish } from './call.ts';
import { administrativeReset } from './notification.ts';
import type { Outcome } from './outcome.ts';
import type { SpeakerState } from './state.ts';
import { stopSession } from './stop-session.ts';

/** Somebody resets the session: the peer gets Cease / Administrative Reset (RFC 4486 section 4), and the session starts anew. */
export function resetPeer(speaker: SpeakerState, peer: Ipv4, now: number): Outcome {
  const call = beginCall(speaker, now);
  const session = speaker.sessions.get(peer);
  if (session !== undefined) stopSession(speaker, session, administrativeReset, true, call);
  return finish(speaker, call);
}

/** Asks the peer to send its routes once more, family by family (RFC 2918). Nothing is asked before the session is established. */
export function askForRoutes(speaker: SpeakerState, peer: Ipv4, now: number): Outcome {
  const call = beginCall(speaker, now);
  const session = speaker.sessions.get(peer);
  const [fsm] = session?.fsms ?? [];
  if (session !== undefined && fsm?.state === 'established' && fsm.connection !== undefined) {
    for (const family of session.config.families)
      call.outcome.outbox.push({ connection: fsm.connection, message: { type: 'route-refresh', family } });
  }
  return finish(speaker, call);
}
