import type { LabEvent } from '../lab/event.ts';
import type { Fault } from '../lab/fault.ts';

/** What a fault (or its healing) did to the lab, read from the events that it caused. Times are lab milliseconds. */
export type FailoverSummary = {
  /** The `fault-injected` or `fault-healed` event. */
  readonly event: number;
  readonly kind: 'break' | 'heal';
  readonly fault: Fault;
  readonly at: number;
  /** The first sign that somebody noticed. Absent while nobody has. */
  readonly detected?: Detection;
  /** Sessions lost, in order. */
  readonly sessionsLost: readonly SessionLost[];
  /** Who sent withdrawals, in order of their first one. */
  readonly withdrawals: readonly Withdrawal[];
  /** Data planes that changed: for each prefix on each node from before the fault to its last change. */
  readonly forwarding: readonly ForwardingChange[];
  readonly requests: { readonly lost: number; readonly reset: number };
  /** From the first request lost to the first one answered again, as the traffic saw it; absent without traffic or loss. */
  readonly gapMs?: number;
  /** From the fault to the last change in a data plane; absent when none changed. */
  readonly reconvergedAfterMs?: number;
};

export type Detection = {
  readonly event: number;
  readonly afterMs: number;
  readonly node: string;
  readonly by: 'port' | 'bfd' | 'hold-timer' | 'session' | 'kubernetes';
};

export type SessionLost = {
  readonly event: number;
  readonly afterMs: number;
  readonly node: string;
  readonly instance: string;
  readonly peer: string;
  readonly because: string;
};

export type Withdrawal = {
  readonly event: number;
  readonly afterMs: number;
  readonly node: string;
  readonly count: number;
  readonly routes: readonly string[];
};

export type ForwardingChange = {
  readonly event: number;
  readonly afterMs: number;
  readonly node: string;
  readonly instance: string;
  readonly prefix: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/**
 * One summary for each `fault-injected` and `fault-healed` in the events (ordered by id), oldest first. An event belongs to the
 * fault that its chain of causes leads to. What no one caused (a timer that ran out, a lost request) belongs to the latest fault
 * before it; what something else caused (a command, a stage) to none.
 */
export function failoverSummaries(events: readonly LabEvent[]): FailoverSummary[] {
  const roots = new Map<number, number | undefined>();
  const members = new Map<number, LabEvent[]>();
  let latest: number | undefined;
  for (const event of events) {
    if (isFault(event)) {
      latest = event.id;
      roots.set(event.id, event.id);
      members.set(event.id, []);
      continue;
    }
    const known = event.cause !== undefined && roots.has(event.cause);
    const root = known ? roots.get(event.cause ?? 0) : otherActions.has(event.type) ? undefined : latest;
    roots.set(event.id, root);
    if (root !== undefined) members.get(root)?.push(event);
  }
  return events.filter(isFault).map(event => summaryOf(event, members.get(event.id) ?? []));
}

type FaultEvent = LabEvent & { readonly type: 'fault-injected' | 'fault-healed' };

function isFault(event: LabEvent): event is FaultEvent {
  return event.type === 'fault-injected' || event.type === 'fault-healed';
}

/** What somebody did to the lab beside breaking and healing it. */
const otherActions: ReadonlySet<LabEvent['type']> = new Set([
  'command-run',
  'traffic-started',
  'traffic-stopped',
  'config-changed',
  'stage-started',
  'task-started',
  'object-applied',
  'object-deleted',
]);

function summaryOf(root: FaultEvent, events: readonly LabEvent[]): FailoverSummary {
  const forwarding = forwardingChanges(root.at, events);
  const broken = 'node' in root.fault ? root.fault.node : undefined;
  const others = events.filter(event => !('node' in event) || event.node !== broken);
  const detected = detection(root.at, others);
  const last = forwarding.reduce((latest, change) => Math.max(latest, change.afterMs), -1);
  const recovered = events.findLast(event => event.type === 'requests-recovered');
  return {
    event: root.id,
    kind: root.type === 'fault-injected' ? 'break' : 'heal',
    fault: root.fault,
    at: root.at,
    ...(detected !== undefined && { detected }),
    sessionsLost: others.flatMap(event => sessionLost(root.at, event)),
    withdrawals: withdrawals(root.at, events),
    forwarding,
    requests: {
      lost: events.filter(event => event.type === 'request-lost').length,
      reset: events.filter(event => event.type === 'request-reset').length,
    },
    ...(recovered?.type === 'requests-recovered' && { gapMs: recovered.gapMs }),
    ...(last >= 0 && { reconvergedAfterMs: last }),
  };
}

/** Lab milliseconds from the fault on, to the microsecond that lab time has. */
function since(event: { readonly at: number }, start: number): number {
  return Math.round((event.at - start) * 1000) / 1000;
}

/** Somebody noticed: not the node that is broken itself. */
function detection(start: number, events: readonly LabEvent[]): Detection | undefined {
  for (const event of events) {
    const by = detectedBy(event);
    if (by !== undefined && 'node' in event && event.node !== undefined) {
      return { event: event.id, afterMs: since(event, start), node: event.node, by };
    }
  }
  return undefined;
}

function detectedBy(event: LabEvent): Detection['by'] | undefined {
  switch (event.type) {
    case 'port-went-down':
      return 'port';
    case 'bfd-went-down':
      return 'bfd';
    case 'session-changed':
      if (event.from !== 'established') return undefined;
      return /hold/i.test(event.because) ? 'hold-timer' : 'session';
    case 'cluster-node-not-ready':
      return 'kubernetes';
    default:
      return undefined;
  }
}

function sessionLost(start: number, event: LabEvent): SessionLost[] {
  if (event.type !== 'session-changed' || event.from !== 'established') return [];
  const { id, at, node, instance, peer, because } = event;
  return [{ event: id, afterMs: since({ at }, start), node, instance, peer, because }];
}

function withdrawals(start: number, events: readonly LabEvent[]): Withdrawal[] {
  const byNode = new Map<string, Withdrawal>();
  for (const event of events) {
    if (event.type !== 'update-sent' || event.withdrawnCount === 0) continue;
    const before = byNode.get(event.node);
    byNode.set(event.node, {
      event: before?.event ?? event.id,
      afterMs: before?.afterMs ?? since(event, start),
      node: event.node,
      count: (before?.count ?? 0) + event.withdrawnCount,
      routes: [...new Set([...(before?.routes ?? []), ...event.withdrawn])],
    });
  }
  return [...byNode.values()];
}

function forwardingChanges(start: number, events: readonly LabEvent[]): ForwardingChange[] {
  const changes = new Map<string, ForwardingChange>();
  for (const event of events) {
    if (event.type !== 'forwarding-changed') continue;
    const { id, at, node, instance, prefix, members, previously } = event;
    const key = `${node} ${instance} ${prefix}`;
    const before = changes.get(key)?.before ?? previously;
    changes.delete(key);
    changes.set(key, {
      event: id,
      afterMs: since({ at }, start),
      node,
      instance,
      prefix,
      before,
      after: members,
    });
  }
  return [...changes.values()];
}
