import type { SessionState } from '../../lab/event.ts';
import type { Look } from '../cells/line.ts';

/** What a session in this state is doing, to follow a peer's name. */
export function sessionStateText(state: SessionState): string {
  switch (state) {
    case 'idle':
      return 'rests before the next try';
    case 'connect':
      return 'is being connected (TCP)';
    case 'active':
      return 'waits for the peer to connect';
    case 'opensent':
      return 'has sent OPEN';
    case 'openconfirm':
      return 'has agreed, waits for KEEPALIVE';
    case 'established':
      return 'is up';
  }
}

/** Symbol and look of a session's state. */
export function sessionStateMark(state: SessionState): { readonly symbol: string; readonly look: Look } {
  if (state === 'established') return { symbol: '●', look: 'up' };
  if (state === 'opensent' || state === 'openconfirm') return { symbol: '◐', look: 'pending' };
  return { symbol: '○', look: 'down' };
}
