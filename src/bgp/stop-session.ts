import { run } from './call.ts';
import type { Call } from './fsm-event.ts';
import type { Notification } from './message.ts';
import { notificationText } from './notification.ts';
import type { Session } from './session.ts';
import type { SpeakerState } from './state.ts';

/** Ends every connection of a session with this notification (the Stop events of RFC 4271 section 8.1.2). `restart`: it starts again by itself. */
export function stopSession(
  state: SpeakerState,
  session: Session,
  notification: Notification,
  restart: boolean,
  call: Call,
): void {
  const because = notificationText(notification);
  for (const fsm of [...session.fsms])
    run(state, session, fsm, { type: 'Stop', notification, because, restart }, call);
}
