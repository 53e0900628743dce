import type { Ipv4 } from '../net/address.ts';
import type { FiveTuple } from '../net/flow.ts';

/** The clients' requests and what became of them. */
export type TrafficState = {
  readonly on: boolean;
  readonly clients: readonly { readonly name: string; readonly address: Ipv4 }[];
  readonly destination?: { readonly address: Ipv4; readonly port: number };
  /** Requests per second, all clients together. */
  readonly rate: number;
  readonly totals: RequestCounts;
  /** Newest last; one sample each 250 ms of lab time, at most the last 240. */
  readonly samples: readonly ({ readonly at: number; readonly latencyMs?: number } & RequestCounts)[];
  /** Where answered requests of the last 10 s went. */
  readonly byLeaf: readonly Share[];
  readonly bySpine: readonly Share[];
  readonly byNode: readonly Share[];
  readonly byPod: readonly Share[];
  /** Newest last, at most 50. */
  readonly recent: readonly {
    readonly at: number;
    readonly client: string;
    readonly flow: FiveTuple;
    readonly outcome: 'answered' | 'lost' | 'reset' | 'refused';
    readonly answer?: string;
    readonly latencyMs?: number;
    readonly via: readonly string[];
  }[];
};

/** The traffic of a lab in which nobody has asked for anything yet. */
export const noTraffic: TrafficState = {
  on: false,
  clients: [],
  rate: 0,
  totals: { sent: 0, answered: 0, lost: 0, reset: 0 },
  samples: [],
  byLeaf: [],
  bySpine: [],
  byNode: [],
  byPod: [],
  recent: [],
};

export type RequestCounts = {
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  readonly reset: number;
};

export type Share = { readonly name: string; readonly count: number };
