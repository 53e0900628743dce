import type { SessionState } from '../../../lab/event.ts';
import type { SessionRow } from '../../../lab/snapshot.ts';
import type { SwitchConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { listOf, type Said, textOf } from '../../real/said.ts';
import { type LastNotification, lastNotifications } from './notifications.ts';
import { bgpInstances, namesOf, routedInstances, statePaths } from './paths.ts';
import { bfdDiagnostic, bfdRows } from './port-rows.ts';
import { forwardingRows, type RouteContext, routeRows } from './route-rows.ts';
import { lastErrorOf, sessionRows, stateOf } from './session-rows.ts';
import { contentAt, countOf, entriesAt, momentOf, plainJson } from './yang-json.ts';

/** What is followed of a switch all the time, as one answer had it. Moments are milliseconds since 1970. */
export type Reading = {
  /** When it was asked for; the switch looked between then and `at`. */
  readonly askedAt: number;
  readonly at: number;
  readonly sessions: readonly FollowedSession[];
  readonly bfd: readonly FollowedBfd[];
  readonly ports: readonly FollowedPort[];
  readonly routes: readonly FollowedRoute[];
};

export type FollowedSession = {
  readonly row: SessionRow;
  readonly state: SessionState;
  readonly establishedAt: number | undefined;
  readonly notifications: readonly LastNotification[];
  readonly lastError: string | undefined;
};

export type FollowedBfd = {
  readonly instance: string;
  readonly peer: Ipv4;
  readonly state: string;
  readonly changedAt: number | undefined;
  readonly diagnostic: ReturnType<typeof bfdDiagnostic>;
};

export type FollowedPort = {
  readonly name: string;
  readonly up: boolean;
  readonly changedAt: number | undefined;
  readonly in: number;
  readonly out: number;
};

/** A BGP or EVPN route that is in use. */
export type FollowedRoute = {
  readonly instance: string;
  readonly prefix: string;
  readonly nextHops: readonly Ipv4[];
  readonly tunnelled: boolean;
  readonly changedAt: number | undefined;
};

export type ReadingContext = Omit<RouteContext, 'at' | 'sinceOf' | 'vni'> & {
  readonly node: string;
  readonly config: SwitchConfig;
  readonly vniOf: (instance: string) => number | undefined;
  readonly sessionSince: (instance: string, peer: Ipv4) => number | undefined;
  readonly bfdSince: (instance: string, peer: Ipv4) => number | undefined;
  readonly isMultihop: (localAddress: Ipv4, peer: Ipv4) => boolean;
};

/** What is asked for a reading, in one request. */
export function readingPaths(config: SwitchConfig): string[] {
  return [
    statePaths.operStates(),
    statePaths.lastChanges(),
    statePaths.counters(),
    ...(config.bfd.length === 0 ? [] : [statePaths.bfd()]),
    ...bgpInstances(config).map(statePaths.neighbors),
    ...routedInstances(config).map(statePaths.routeTable),
  ];
}

/** The answers to `readingPaths`, in their order. */
export function readingOf(
  answers: readonly unknown[],
  { askedAt, at }: { readonly askedAt: number; readonly at: number },
  context: ReadingContext,
): Reading {
  const paths = readingPaths(context.config);
  const plain = new Map(paths.map((path, index) => [path, plainJson(answers[index])]));
  const list = (path: string) => entriesAt(plain.get(path), namesOf(path));
  const bfd = context.config.bfd.length === 0 ? [] : list(statePaths.bfd());
  return {
    askedAt,
    at,
    sessions: bgpInstances(context.config).flatMap(instance =>
      followedSessions(list(statePaths.neighbors(instance)), instance, bfd, at, context),
    ),
    bfd: bfd.flatMap(instance =>
      listOf(instance['peer']).map(said => ({
        instance: textOf(instance['name']) ?? 'default',
        peer: textOf(said['remote-address']) ?? '',
        state: (textOf(said['session-state']) ?? 'DOWN').toLowerCase().replace('_', '-'),
        changedAt: momentOf(said['last-state-transition']),
        diagnostic: bfdDiagnostic(said),
      })),
    ),
    ports: followedPorts(name => plain.get(name)),
    routes: routedInstances(context.config).flatMap(instance => {
      const path = statePaths.routeTable(instance);
      return followedRoutes(contentAt(plain.get(path), namesOf(path)), instance, at, context);
    }),
  };
}

function followedSessions(
  neighbors: readonly Said[],
  instance: string,
  bfd: readonly Said[],
  at: number,
  context: ReadingContext,
): FollowedSession[] {
  const { node, config, ownerOf, ofWall } = context;
  const bfdContext = {
    node,
    at: ofWall(at),
    sinceOf: context.bfdSince,
    ofWall,
    isMultihop: context.isMultihop,
  };
  const rowsOfBfd = bfdRows(bfd, bfdContext);
  return neighbors.flatMap(said => {
    const rows = sessionRows([said], {
      node,
      instance,
      at: ofWall(at),
      config: config.networkInstances.find(({ name }) => name === instance)?.bgp,
      ownerOf,
      sinceOf: peer => context.sessionSince(instance, peer),
      ofWall,
      bfd: rowsOfBfd,
    });
    return rows.map(row => ({
      row,
      state: stateOf(said['session-state']),
      establishedAt: momentOf(said['last-established']),
      notifications: lastNotifications(said),
      lastError: lastErrorOf(said),
    }));
  });
}

function followedPorts(answer: (path: string) => unknown): FollowedPort[] {
  const byName = (path: string) =>
    new Map(entriesAt(answer(path), ['interface']).map(said => [textOf(said['name']) ?? '', said]));
  const states = byName(statePaths.operStates());
  const changes = byName(statePaths.lastChanges());
  const counters = byName(statePaths.counters());
  return [...states].flatMap(([name, said]) => {
    if (!name.startsWith('ethernet-')) return [];
    const statistics = contentAt(counters.get(name), ['statistics']);
    return [
      {
        name,
        up: said['oper-state'] === 'up',
        changedAt: momentOf(changes.get(name)?.['last-change']),
        in: countOf(statistics['in-packets']) ?? 0,
        out: countOf(statistics['out-packets']) ?? 0,
      },
    ];
  });
}

function followedRoutes(table: Said, instance: string, at: number, context: ReadingContext): FollowedRoute[] {
  const routeContext: RouteContext = {
    ...context,
    at: context.ofWall(at),
    sinceOf: () => undefined,
    vni: context.vniOf(instance),
    // Here the moment is wanted as the switch wrote it.
    ofWall: milliseconds => milliseconds,
  };
  const inUse = new Set(forwardingRows(table, routeContext).map(({ prefix }) => prefix));
  return routeRows(table, routeContext).flatMap(({ prefix, owner, active, nextHops, since }) => {
    if (!active || !inUse.has(prefix) || (owner !== 'bgp' && owner !== 'bgp-evpn')) return [];
    return [
      {
        instance,
        prefix,
        nextHops: nextHops.flatMap(({ address }) => address ?? []).sort(),
        tunnelled: owner === 'bgp-evpn',
        changedAt: since,
      },
    ];
  });
}
