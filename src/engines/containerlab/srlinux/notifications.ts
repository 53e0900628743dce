import { objectOf, type Said, textOf } from '../../real/said.ts';
import { momentOf } from './yang-json.ts';

/** The last NOTIFICATION each way, as a neighbour's state has it. `at`: milliseconds since 1970. */
export type LastNotification = {
  readonly at: number;
  readonly sent: boolean;
  readonly code: number;
  readonly subcode: number;
  readonly text: string;
};

/** Of an entry of `protocols/bgp/neighbor`. */
export function lastNotifications(neighbor: Said): LastNotification[] {
  return [true, false].flatMap(sent => {
    const messages = objectOf(neighbor[sent ? 'sent-messages' : 'received-messages']);
    const at = momentOf(messages['last-notification-time']);
    const code = textOf(messages['last-notification-error-code']);
    if (at === undefined || code === undefined) return [];
    const subcode = textOf(messages['last-notification-error-subcode']) ?? '';
    return [
      {
        at,
        sent,
        code: codes.indexOf(code) + 1,
        subcode: subcodes[subcode] ?? 0,
        text: subcode === '' ? code : `${code} / ${subcode}`,
      },
    ];
  });
}

/** SR Linux's words in the order of the codes of RFC 4271 section 4.5. */
const codes = [
  'Message Header Error',
  'Open Message Error',
  'Update Message Error',
  'Hold Timer Error',
  'Finite State Machine Error',
  'Cease',
];

/** RFC 4271 sections 6.1 to 6.3 and RFC 4486 section 3. */
const subcodes: Readonly<Record<string, number>> = {
  'Connection Not Synchronized': 1,
  'Bad Message Length': 2,
  'Bad Message Type': 3,
  'Unsupported Version Number': 1,
  'Bad Peer As': 2,
  'Bad BGP Identifier': 3,
  'Unsupported Optional Parameter': 4,
  'Unacceptable Hold Time': 6,
  'Malformed Attribute List': 1,
  'Unrecognized Well-known Attribute': 2,
  'Missing Well-known Attribute': 3,
  'Attribute Flags Error': 4,
  'Attribute Length Error': 5,
  'Invalid ORIGIN Attribute': 6,
  'Invalid NEXT_HOP Attribute': 8,
  'Optional Attribute Error': 9,
  'Invalid Network Field': 10,
  'Malformed AS_PATH': 11,
  'Maximum Number of Prefixes Reached': 1,
  'Administrative Shutdown': 2,
  'Peer De-configured': 3,
  'Administrative Reset': 4,
  'Connection Rejected': 5,
  'Other Configuration Change': 6,
  'Connection Collision Resolution': 7,
  'Out of Resources': 8,
  'Hard Reset': 9,
  'Unsupported Capability': 7,
};
