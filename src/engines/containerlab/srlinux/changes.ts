import type { KernelFact, Place } from '../../real/chronicle.ts';
import { deviceOf } from '../../real/device-names.ts';
import type { LogFact } from '../../real/log-lines.ts';
import type { FollowedSession, Reading } from './reading.ts';

/** What happened on a switch, in the words that the chronicle takes. */
export type Noticed = {
  readonly daemon: readonly LogFact[];
  readonly kernel: readonly { readonly place: Place; readonly fact: KernelFact }[];
};

/**
 * What happened between two readings. A switch says when something last changed: that moment is taken where it lies between them,
 * else that of the later reading.
 */
export function changesBetween(before: Reading | undefined, after: Reading, node: string): Noticed {
  const when = (moment: number | undefined) =>
    moment !== undefined && moment <= after.at && moment >= (before?.askedAt ?? 0) ? moment : after.at;
  return {
    daemon: [...sessionChanges(before, after, when), ...bfdChanges(before, after, when)],
    kernel: [
      ...portChanges(before, after, when).map(fact => ({ place: { node, instance: 'default' }, fact })),
      ...routeChanges(before, after, when).map(({ instance, fact }) => ({
        place: { node, instance },
        fact,
      })),
    ],
  };
}

type When = (moment: number | undefined) => number;

function sessionChanges(before: Reading | undefined, after: Reading, when: When): LogFact[] {
  const known = new Map(before?.sessions.map(session => [keyOf(session), session]));
  const facts: LogFact[] = [];
  for (const session of after.sessions) {
    const earlier = known.get(keyOf(session));
    known.delete(keyOf(session));
    facts.push(
      ...notificationFacts(earlier, session, before),
      ...stateFacts(earlier, session, after.at, when),
    );
  }
  // A dynamic neighbour that is gone is no longer listed.
  for (const gone of known.values()) {
    if (gone.state === 'established') facts.push(adjacency(gone, false, after.at, gone.lastError));
  }
  return facts;
}

function stateFacts(
  earlier: FollowedSession | undefined,
  now: FollowedSession,
  at: number,
  when: When,
): LogFact[] {
  const from = earlier?.state ?? 'idle';
  const wasUp = from === 'established';
  if (now.state === 'established') {
    const flapped = wasUp && (now.establishedAt ?? 0) > (earlier?.establishedAt ?? 0);
    if (wasUp && !flapped) return [];
    const upAt = when(now.establishedAt);
    const up = adjacency(now, true, upAt, undefined);
    return flapped ? [adjacency(now, false, downBefore(now, upAt, when), now.lastError), up] : [up];
  }
  if (wasUp) return [adjacency(now, false, downBefore(now, at, when), now.lastError)];
  if (from === now.state) return [];
  return [{ at, type: 'fsm', vrf: now.row.instance, peer: now.row.peer, from, to: now.state }];
}

/** When a session ended: with the last NOTIFICATION, where there was one in between. */
function downBefore(session: FollowedSession, until: number, when: When): number {
  const moments = session.notifications.map(({ at }) => at).filter(at => at < until && when(at) === at);
  return moments.length === 0 ? until : Math.max(...moments);
}

function adjacency(
  { row: { instance, peer } }: FollowedSession,
  up: boolean,
  at: number,
  because: string | undefined,
): LogFact {
  return { at, type: 'adjacency', vrf: instance, peer, up, because: because ?? '' };
}

function notificationFacts(
  earlier: FollowedSession | undefined,
  now: FollowedSession,
  before: Reading | undefined,
): LogFact[] {
  if (before === undefined) return [];
  return now.notifications.flatMap(note => {
    const known = earlier?.notifications.find(({ sent }) => sent === note.sent)?.at;
    // Of a session that was not there before, old ones are no news.
    const isNew = note.at > (known ?? (earlier === undefined ? before.askedAt : 0));
    return isNew ? [{ ...note, type: 'notification' as const, peer: now.row.peer }] : [];
  });
}

function bfdChanges(before: Reading | undefined, after: Reading, when: When): LogFact[] {
  const keyOfBfd = ({ instance, peer }: { instance: string; peer: string }) => `${instance} ${peer}`;
  const known = new Map(before?.bfd.map(session => [keyOfBfd(session), session]));
  const facts: LogFact[] = [];
  for (const { instance, peer, state, changedAt, diagnostic } of after.bfd) {
    const from = known.get(`${instance} ${peer}`)?.state ?? 'down';
    known.delete(`${instance} ${peer}`);
    if (from === state) continue;
    facts.push({
      at: when(changedAt),
      type: 'bfd',
      vrf: instance,
      peer,
      from,
      to: plainState(state),
      diagnostic,
    });
  }
  // A BFD session ends with the BGP session that asked for it.
  for (const { instance, peer, state, diagnostic } of known.values()) {
    if (state === 'up')
      facts.push({ at: after.at, type: 'bfd', vrf: instance, peer, from: state, to: 'down', diagnostic });
  }
  return facts;
}

function plainState(state: string): string {
  return state === 'admin-down' ? 'down' : state;
}

function portChanges(before: Reading | undefined, after: Reading, when: When): KernelFact[] {
  const known = new Map(before?.ports.map(({ name, up }) => [name, up]));
  return after.ports.flatMap(({ name, up, changedAt }) =>
    known.get(name) === up
      ? []
      : [{ at: when(changedAt), type: 'link' as const, device: deviceOf(name), up }],
  );
}

function routeChanges(
  before: Reading | undefined,
  after: Reading,
  when: When,
): { readonly instance: string; readonly fact: KernelFact }[] {
  const known = new Map(before?.routes.map(route => [`${route.instance} ${route.prefix}`, route]));
  const changes: { readonly instance: string; readonly fact: KernelFact }[] = [];
  const add = (
    { instance, prefix, tunnelled }: Reading['routes'][number],
    gateways: readonly string[],
    at: number,
  ) =>
    changes.push({
      instance,
      fact: {
        at,
        type: 'route',
        prefix,
        gone: gateways.length === 0,
        protocol: 'bgp',
        gateways,
        onlink: tunnelled,
      },
    });
  for (const route of after.routes) {
    const earlier = known.get(`${route.instance} ${route.prefix}`);
    known.delete(`${route.instance} ${route.prefix}`);
    if (earlier?.nextHops.join() !== route.nextHops.join()) add(route, route.nextHops, when(route.changedAt));
  }
  for (const gone of known.values()) add(gone, [], after.at);
  return changes;
}

function keyOf({ row: { instance, peer } }: FollowedSession): string {
  return `${instance} ${peer}`;
}
