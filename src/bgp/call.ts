import { toNumber } from '../net/address.ts';
import { flush, joinExportGroup, leaveExportGroup, resend } from './advertise.ts';
import { defaultPrefix } from './export-group.ts';
import { step } from './fsm.ts';
import type { Call, FsmEvent, Signal } from './fsm-event.ts';
import { forgetPaths, importUpdate } from './import.ts';
import { commonFamilies } from './open.ts';
import type { Outcome } from './outcome.ts';
import { isEmpty, removeDestination } from './rib.ts';
import { families } from './route.ts';
import { selectRoutes } from './select.ts';
import { type Fsm, forgetConversation, type Session } from './session.ts';
import type { SpeakerState } from './state.ts';

/** Starts the work of one call. */
export function beginCall(state: SpeakerState, now: number): Call {
  return {
    now,
    routerId: state.config.routerId,
    outcome: { outbox: [], transport: [], events: [], changes: [] },
    signals: [],
    connections: state.connections,
  };
}

/** Runs an event through a state machine and does at once what it asks of the rest of the speaker. */
export function run(state: SpeakerState, session: Session, fsm: Fsm, event: FsmEvent, call: Call): void {
  step(session, fsm, event, call);
  for (let signal = call.signals.shift(); signal !== undefined; signal = call.signals.shift()) {
    obey(state, signal, call);
  }
  if (session.range !== undefined && session.state === 'idle') state.sessions.delete(session.peer);
}

/** Decides, exports and sends what the call made necessary. */
export function finish(state: SpeakerState, call: Call): Outcome {
  selectRoutes(state, call);
  for (const session of state.behind) flush(state, session, call);
  if (state.empty.size > 0 && state.behind.size === 0) removeEmpty(state);
  return call.outcome;
}

function obey(state: SpeakerState, signal: Signal, call: Call): void {
  const { session } = signal;
  switch (signal.type) {
    case 'established':
      beginConversation(state, session);
      break;
    case 'lost':
      endConversation(state, session);
      break;
    case 'update':
      call.outcome.events.push({ type: 'update-received', peer: session.peer, update: signal.update });
      // RFC 4760 section 7: a family that was not negotiated is ignored.
      if (session.families[signal.update.family].group !== undefined) {
        importUpdate(state, session, signal.update, call);
      }
      break;
    case 'refresh':
      resend(state, session, signal.family);
  }
}

function beginConversation(state: SpeakerState, session: Session): void {
  const [fsm] = session.fsms;
  if (fsm?.open === undefined) throw new Error(`session with ${session.peer} established without an OPEN`);
  session.bgpIdentifier = fsm.open.bgpIdentifier;
  session.bgpIdentifierNumber = toNumber(fsm.open.bgpIdentifier);
  session.localAddress = fsm.localAddress;
  for (const family of commonFamilies(session.config, fsm.open)) {
    joinExportGroup(state, session, family);
    session.toEnd.add(family);
  }
  state.behind.add(session);
}

function endConversation(state: SpeakerState, session: Session): void {
  forgetPaths(state, session);
  for (const family of families) leaveExportGroup(state, session, family);
  forgetConversation(session);
  state.behind.delete(session);
}

/** Frees destinations that nobody holds or has to hear of any more. */
function removeEmpty(state: SpeakerState): void {
  for (const destination of state.empty) {
    if (!isEmpty(destination) || destination.key === defaultPrefix) continue;
    removeDestination(state.tables[destination.family], destination);
  }
  state.empty.clear();
}
