import type { SessionState } from '../../../lab/event.ts';
import type { BfdRow, SessionRow } from '../../../lab/snapshot.ts';
import type { BgpConfig, BgpFamilyName } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { listOf, objectOf, type Said, textOf } from '../../real/said.ts';
import { lastNotifications } from './notifications.ts';
import { countOf, momentOf, wordOf } from './yang-json.ts';

export type SessionContext = {
  readonly node: string;
  readonly instance: string;
  readonly at: number;
  /** As the lab's files have it: for what an older release does not say. */
  readonly config: BgpConfig | undefined;
  readonly ownerOf: (address: Ipv4) => string | undefined;
  /** When we saw the state change. */
  readonly sinceOf: (peer: Ipv4) => number | undefined;
  /** Lab time of a moment that the switch wrote down. */
  readonly ofWall: (milliseconds: number) => number;
  readonly bfd: readonly BfdRow[];
};

/** Entries of `protocols/bgp/neighbor`. */
export function sessionRows(neighbors: readonly Said[], context: SessionContext): SessionRow[] {
  return neighbors.flatMap(said => {
    const peer = textOf(said['peer-address']);
    return peer === undefined || !/^[\d.]+$/.test(peer) ? [] : [rowOf(peer, said, context)];
  });
}

function rowOf(peer: Ipv4, said: Said, context: SessionContext): SessionRow {
  const { node, instance, config, ownerOf, at } = context;
  const state = stateOf(said['session-state']);
  const peerNode = ownerOf(peer);
  const localAddress = textOf(objectOf(said['transport'])['local-address']);
  const group = textOf(said['peer-group']);
  const configured = config?.neighbors.find(({ peerAddress }) => peerAddress === peer);
  const established = momentOf(said['last-established']);
  const opened = state === 'established' || state === 'openconfirm';
  const timers = objectOf(said['timers']);
  const hold = opened ? countOf(timers['negotiated-hold-time']) : undefined;
  const keepalive = opened ? countOf(timers['negotiated-keepalive-interval']) : undefined;
  const lastError = state === 'established' ? undefined : lastErrorOf(said);
  return {
    node,
    instance,
    peer,
    localAs:
      countOf(objectOf(said['local-as'])['as-number']) ??
      configured?.localAs ??
      config?.autonomousSystem ??
      0,
    peerAs: countOf(said['peer-as']) ?? configured?.peerAs ?? 0,
    dynamic: said['dynamic-neighbor'] === true,
    state,
    since:
      context.sinceOf(peer) ??
      (state === 'established' && established !== undefined ? context.ofWall(established) : at),
    families: familiesOf(said),
    bfd: bfdOf(peer, said, context),
    ...(peerNode === undefined ? {} : { peerNode }),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(group === undefined ? {} : { group }),
    ...(hold === undefined ? {} : { holdTime: hold * 1000 }),
    ...(keepalive === undefined ? {} : { keepalive: keepalive * 1000 }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}

export function stateOf(value: unknown): SessionState {
  const word = wordOf(value);
  return states.find(state => state === word) ?? 'idle';
}

const states: readonly SessionState[] = [
  'idle',
  'connect',
  'active',
  'opensent',
  'openconfirm',
  'established',
];

function familiesOf(said: Said): SessionRow['families'] {
  return listOf(said['afi-safi']).flatMap(family => {
    const word = wordOf(family['afi-safi-name']);
    const name = familyNames.find(each => each === word);
    if (name === undefined || family['admin-state'] === 'disable') return [];
    return [
      {
        name,
        received: countOf(family['received-routes']) ?? 0,
        active: countOf(family['active-routes']) ?? 0,
        sent: countOf(family['sent-routes']) ?? 0,
      },
    ];
  });
}

const familyNames: readonly BgpFamilyName[] = ['ipv4-unicast', 'evpn'];

function bfdOf(peer: Ipv4, said: Said, { bfd, instance }: SessionContext): SessionRow['bfd'] {
  if (objectOf(said['failure-detection'])['enable-bfd'] !== true) return 'off';
  const row = bfd.find(each => each.peer === peer && each.instance === instance);
  return row === undefined ? 'off' : row.state === 'up' ? 'up' : 'down';
}

/** What ended the session: a NOTIFICATION where there was one since it was up, else the event that its state machine saw last. */
export function lastErrorOf(said: Said): string | undefined {
  const established = momentOf(said['last-established']) ?? 0;
  const note = lastNotifications(said)
    .filter(({ at }) => at >= established)
    .sort((a, b) => b.at - a.at)[0];
  if (note !== undefined) return `${note.sent ? 'sent' : 'received'} NOTIFICATION ${note.text}`;
  return eventWords[textOf(said['last-event']) ?? ''];
}

/** SR Linux's `last-event` where it says what went wrong. */
const eventWords: Readonly<Record<string, string>> = {
  stop: 'the session was stopped',
  close: 'the TCP connection was closed',
  openFail: 'the TCP connection could not be opened',
  error: 'an error of the TCP connection',
  connectRetry: 'the peer does not answer',
  holdTime: 'the hold timer expired',
  recvNotify: 'a NOTIFICATION came',
  parseError: 'a message could not be read',
  outOfMemory: 'out of memory',
  collisionResolution: 'the other connection of a collision was kept',
  adminShutdown: 'shut down by configuration',
  adminReset: 'reset by hand',
  adminResetHard: 'reset by hand',
  configChange: 'its configuration changed',
  maxPrefixExceed: 'too many prefixes',
  receivedMalformedAttr: 'a malformed attribute came',
  peerDamping: 'damped after flapping',
};
