import type { Ipv4 } from '../net/address.ts';
import type { Ipv4Prefix } from '../net/prefix.ts';
import type { LabEvent } from './event.ts';
import type { Snapshot, TableRef } from './snapshot.ts';

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
      readonly over: 'node' | 'pod' | { readonly node: string; readonly instance: string };
      readonly member: string;
    }
  /** Percent of `flows` flows that take another member now than before. */
  | {
      readonly measure: 'flows-moved';
      readonly client: string;
      readonly address: Ipv4;
      readonly port: number;
      readonly flows: number;
      readonly over: 'node' | 'pod' | { readonly node: string; readonly instance: string };
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
export function tablesForMeasurement(_measurement: Measurement): TableRef[] {
  throw new Error('not yet');
}

/** The number, undefined while the lab cannot tell (nothing broken yet, no traffic, table missing). */
export function measure(_measurement: Measurement, _observation: Observation): number | undefined {
  throw new Error('not yet');
}

/** The unit of the number: "ms", "%", "next hops". */
export function unitOf(_measurement: Measurement): string {
  throw new Error('not yet');
}
