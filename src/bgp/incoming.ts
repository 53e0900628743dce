import type { Ipv4 } from '../net/address.ts';
import { containsAddress, lengthOf } from '../net/prefix.ts';
import type { DynamicNeighborConfig, SpeakerConfig } from './config.ts';
import { effective } from './configure.ts';
import { createFsm, createSession, type Fsm, type Session } from './session.ts';
import type { SpeakerState } from './state.ts';

/** A session for an address inside a range of dynamic neighbours, if there is room. */
export function dynamicSession(speaker: SpeakerState, peer: Ipv4, now: number): Session | undefined {
  const range = rangeOf(speaker.config, peer);
  if (range === undefined || !speaker.config.adminState) return undefined;
  if (range.maxSessions > 0) {
    const taken = [...speaker.sessions.values()].filter(({ range: of }) => of?.prefix === range.prefix);
    if (taken.length >= range.maxSessions) return undefined;
  }
  const session = createSession(peer, 0, effective(range, speaker.config), range, now);
  session.fsms = [{ ...createFsm(), state: 'active' }];
  return session;
}

/** The state machine that takes an incoming connection: the main one when it waits, else a second one beside it. */
export function freeFsm(session: Session, localAddress: Ipv4): Fsm | undefined {
  const expected = session.config.localAddress;
  if (expected !== undefined && expected !== localAddress) return undefined;
  const [main, second] = session.fsms;
  if (main === undefined || main.state === 'idle' || second !== undefined) return undefined;
  if (main.state === 'active') return main;
  const rival: Fsm = { ...createFsm(), state: 'active' };
  session.fsms.push(rival);
  return rival;
}

/** Whether a connection to one of our addresses from this peer would ever be taken, whatever the sessions are at just now. */
export function expectsConnection(
  { config, sessions }: SpeakerState,
  peer: Ipv4,
  localAddress: Ipv4,
): boolean {
  const expecting = sessions.get(peer)?.config ?? rangeOf(config, peer);
  if (expecting?.adminState !== true) return false;
  return expecting.localAddress === undefined || expecting.localAddress === localAddress;
}

/** The range that takes a connection from this address: the longest one. */
function rangeOf(config: SpeakerConfig, peer: Ipv4): DynamicNeighborConfig | undefined {
  let longest: DynamicNeighborConfig | undefined;
  for (const range of config.dynamicNeighbors) {
    if (!range.adminState || !containsAddress(range.prefix, peer)) continue;
    if (longest === undefined || lengthOf(range.prefix) > lengthOf(longest.prefix)) {
      longest = range;
    }
  }
  return longest;
}
