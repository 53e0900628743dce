import type { Ipv4 } from '../net/address.ts';
import type { Ipv4Prefix } from '../net/prefix.ts';
import type { LabEvent } from './event.ts';
import { memberOf, type SpreadOver, spreadOf } from './flow-spread.ts';
import { rowsOf, type Snapshot, type TableRef } from './snapshot.ts';

/** Sampled flows start at this source port, the first of the range that IANA leaves to clients (RFC 6335). */
export const FIRST_PORT = 49152;

/** A number the lab can tell: the answer to a prediction. */
export type Measurement =
  /** Next hops of the active route; 0 when there is none. */
  | {
      readonly measure: 'next-hops';
      readonly node: string;
      readonly instance: string;
      readonly prefix: Ipv4Prefix;
    }
  /** Established BGP sessions of a node, or of all. */
  | { readonly measure: 'sessions'; readonly node?: string; readonly instance?: string }
  /** Percent of `flows` new flows that one member would get. */
  | {
      readonly measure: 'flow-share';
      readonly client: string;
      readonly address: Ipv4;
      readonly port: number;
      readonly flows: number;
      readonly over: SpreadOver;
      readonly member: string;
    }
  /** Percent of `flows` flows that take another member now than before. */
  | {
      readonly measure: 'flows-moved';
      readonly client: string;
      readonly address: Ipv4;
      readonly port: number;
      readonly flows: number;
      readonly over: SpreadOver;
    }
  /** Requests neither answered nor reset, since the prediction. */
  | { readonly measure: 'requests-lost' }
  /** Connections reset because their flow moved, since the prediction. */
  | { readonly measure: 'requests-reset' }
  /** Milliseconds from the fault to the first router that noticed (port down, BFD down, session down). */
  | { readonly measure: 'detection' }
  /** Milliseconds from the fault to the last change of a forwarding table it caused. */
  | { readonly measure: 'reconvergence' }
  /** Milliseconds from the first to the last lost request after the fault. */
  | { readonly measure: 'outage' };

/** What a measurement looks at: the lab when the prediction was made, the lab now, and the events between. */
export type Observation = {
  readonly before: Snapshot;
  readonly now: Snapshot;
  readonly events: readonly LabEvent[];
};

/** The tables that both snapshots of the observation must hold. */
export function tablesForMeasurement(measurement: Measurement): TableRef[] {
  switch (measurement.measure) {
    case 'next-hops':
      return [{ name: 'routes', node: measurement.node, instance: measurement.instance }];
    case 'sessions':
      return [sessionsTable(measurement)];
    case 'flow-share':
    case 'flows-moved':
      return [flowsTable(measurement)];
    default:
      return [];
  }
}

/** The number, undefined while the lab cannot tell (nothing broken yet, no traffic, table missing). */
export function measure(measurement: Measurement, observation: Observation): number | undefined {
  const { before, now, events } = observation;
  switch (measurement.measure) {
    case 'next-hops': {
      const rows = rowsOf(now, { name: 'routes', node: measurement.node, instance: measurement.instance });
      const active = rows?.find(row => row.active && row.prefix === measurement.prefix);
      return rows === undefined ? undefined : (active?.nextHops.length ?? 0);
    }
    case 'sessions':
      return rowsOf(now, sessionsTable(measurement))?.filter(
        row =>
          row.state === 'established' &&
          (measurement.instance === undefined || row.instance === measurement.instance),
      ).length;
    case 'flow-share': {
      const shares = spreadOf(rowsOf(now, flowsTable(measurement)) ?? [], measurement.over);
      const all = shares.reduce((sum, share) => sum + share.count, 0);
      if (all === 0) return undefined;
      return (100 * (shares.find(share => share.name === measurement.member)?.count ?? 0)) / all;
    }
    case 'flows-moved': {
      const rowsBefore = rowsOf(before, flowsTable(measurement));
      const rowsNow = rowsOf(now, flowsTable(measurement));
      if (rowsBefore === undefined || rowsNow === undefined || rowsNow.length === 0) return undefined;
      const moved = rowsNow.filter((row, index) => {
        const earlier = rowsBefore[index];
        return (
          earlier !== undefined && memberOf(earlier, measurement.over) !== memberOf(row, measurement.over)
        );
      });
      return (100 * moved.length) / rowsNow.length;
    }
    case 'requests-lost':
      return now.traffic.totals.lost - before.traffic.totals.lost;
    case 'requests-reset':
      return now.traffic.totals.reset - before.traffic.totals.reset;
    case 'detection':
      return sinceFault(events, detects, 'first');
    case 'reconvergence':
      return sinceFault(events, event => event.type === 'forwarding-changed', 'last');
    case 'outage': {
      const lost = afterFault(events)?.filter(event => event.type === 'request-lost');
      if (lost === undefined) return undefined;
      return (lost.at(-1)?.at ?? 0) - (lost[0]?.at ?? 0);
    }
  }
}

/** The unit of the number: "ms", "%", "next hops". */
export function unitOf(measurement: Measurement): string {
  switch (measurement.measure) {
    case 'next-hops':
      return 'next hops';
    case 'sessions':
      return 'sessions';
    case 'flow-share':
    case 'flows-moved':
      return '%';
    case 'requests-lost':
    case 'requests-reset':
      return 'requests';
    default:
      return 'ms';
  }
}

/** A number with its unit, which is one in the plural where it is a word: "1 next hop", "2 next hops", "1 ms". */
export function quantityText(amount: string, unit: string): string {
  return `${amount} ${amount === '1' ? unit.replace(/(?<=[a-z]{3})s$/, '') : unit}`;
}

function sessionsTable(measurement: { readonly node?: string }) {
  return {
    name: 'sessions',
    ...(measurement.node !== undefined && { node: measurement.node }),
  } as const;
}

function flowsTable(wanted: {
  readonly client: string;
  readonly address: Ipv4;
  readonly port: number;
  readonly flows: number;
  readonly over: SpreadOver;
}) {
  return {
    name: 'flows',
    client: wanted.client,
    destination: wanted.address,
    port: wanted.port,
    firstPort: FIRST_PORT,
    count: wanted.flows,
    over: wanted.over,
  } as const;
}

/** What somebody's state machine noticed by itself, not what it was told by an update. */
function detects(event: LabEvent): boolean {
  switch (event.type) {
    case 'port-went-down':
    case 'bfd-went-down':
      return true;
    case 'session-changed':
      return event.from === 'established';
    default:
      return false;
  }
}

/** The events from the last injected fault on; undefined when there is none. */
function afterFault(events: readonly LabEvent[]): readonly LabEvent[] | undefined {
  const index = events.findLastIndex(event => event.type === 'fault-injected');
  return index < 0 ? undefined : events.slice(index);
}

function sinceFault(
  events: readonly LabEvent[],
  wanted: (event: LabEvent) => boolean,
  which: 'first' | 'last',
): number | undefined {
  const after = afterFault(events);
  const brokenAt = after?.[0]?.at;
  const found = which === 'first' ? after?.find(wanted) : after?.findLast(wanted);
  return brokenAt === undefined || found === undefined ? undefined : found.at - brokenAt;
}
