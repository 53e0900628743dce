import type { Notification } from './message.ts';

/** Error codes and subcodes with their IANA names (RFC 4271 section 4.5, RFC 4486, 5492, 6608, 7313, 9384). */
const names: Readonly<
  Record<number, { readonly name: string; readonly subcodes: Readonly<Record<number, string>> }>
> = {
  1: {
    name: 'Message Header Error',
    subcodes: { 1: 'Connection Not Synchronized', 2: 'Bad Message Length', 3: 'Bad Message Type' },
  },
  2: {
    name: 'OPEN Message Error',
    subcodes: {
      1: 'Unsupported Version Number',
      2: 'Bad Peer AS',
      3: 'Bad BGP Identifier',
      4: 'Unsupported Optional Parameter',
      6: 'Unacceptable Hold Time',
      7: 'Unsupported Capability',
    },
  },
  3: {
    name: 'UPDATE Message Error',
    subcodes: {
      1: 'Malformed Attribute List',
      2: 'Unrecognized Well-known Attribute',
      3: 'Missing Well-known Attribute',
      4: 'Attribute Flags Error',
      5: 'Attribute Length Error',
      6: 'Invalid ORIGIN Attribute',
      8: 'Invalid NEXT_HOP Attribute',
      9: 'Optional Attribute Error',
      10: 'Invalid Network Field',
      11: 'Malformed AS_PATH',
    },
  },
  4: { name: 'Hold Timer Expired', subcodes: {} },
  5: {
    name: 'Finite State Machine Error',
    subcodes: {
      1: 'Receive Unexpected Message in OpenSent State',
      2: 'Receive Unexpected Message in OpenConfirm State',
      3: 'Receive Unexpected Message in Established State',
    },
  },
  6: {
    name: 'Cease',
    subcodes: {
      1: 'Maximum Number of Prefixes Reached',
      2: 'Administrative Shutdown',
      3: 'Peer De-configured',
      4: 'Administrative Reset',
      5: 'Connection Rejected',
      6: 'Other Configuration Change',
      7: 'Connection Collision Resolution',
      8: 'Out of Resources',
      9: 'Hard Reset',
      10: 'BFD Down',
    },
  },
  7: { name: 'ROUTE-REFRESH Message Error', subcodes: { 1: 'Invalid Message Length' } },
};

/** "OPEN Message Error / Bad Peer AS"; unknown codes by number. */
export function notificationText(notification: Notification): string {
  const { errorCode, errorSubcode, data } = notification;
  const code = names[errorCode];
  const name = code?.name ?? `error ${errorCode}`;
  const subname =
    code?.subcodes[errorSubcode] ?? (errorSubcode === 0 ? undefined : `subcode ${errorSubcode}`);
  return `${name}${subname === undefined ? '' : ` / ${subname}`}${data === undefined ? '' : `: ${data}`}`;
}

export function notification(errorCode: number, errorSubcode: number): Notification {
  return { type: 'notification', errorCode, errorSubcode };
}

export const holdTimerExpired = notification(4, 0);
export const administrativeShutdown = notification(6, 2);
export const peerDeconfigured = notification(6, 3);
export const administrativeReset = notification(6, 4);
export const connectionRejected = notification(6, 5);
export const otherConfigurationChange = notification(6, 6);
export const collisionResolution = notification(6, 7);
export const bfdDown = notification(6, 10);
