import type { Ipv4 } from '../../../net/address.ts';
import type { FiveTuple } from '../../../net/flow.ts';
import type { Task } from '../queue.ts';
import { type Caller, endConnection, type Segment, type SegmentOptions, sendSegment } from './connection.ts';

/** Between the server's accept and its answer, milliseconds: a small program in an interpreter. */
const SERVICE_TIME = 1.2;
/** A SYN is sent again after 1 s, then after 2 s more, … (RFC 6298 section 5). */
const SYN_RETRANSMISSION = 1_000;
/** Data is sent again after 200 ms, then doubled (Linux's minimum RTO). */
const DATA_RETRANSMISSION = 200;

export type Network = Pick<SegmentOptions, 'world' | 'servers' | 'connections'>;

/** What a client's program gets. */
export type HttpOutcome =
  | {
      readonly outcome: 'answered';
      readonly body: string;
      readonly latency: number;
      readonly segment: Extract<Segment, { outcome: 'answered' }>;
    }
  | {
      readonly outcome: 'refused' | 'reset';
      readonly by: string;
      readonly because: string;
      readonly latency: number;
      readonly segment: Segment;
    }
  /** Nobody answered in time; where the last packet ended. */
  | { readonly outcome: 'lost'; readonly at: string; readonly because: string; readonly segment: Segment };

export type RequestPlan = {
  readonly caller: Caller;
  readonly flow: FiveTuple;
  /** The connection is open already: only data is sent. */
  readonly established: boolean;
  /** Leave the connection open when the request was answered. */
  readonly keepOpen: boolean;
  readonly timeout: number;
  /** Told of every packet that got lost. */
  readonly onLoss?: (segment: Segment) => void;
};

/** One request and its answer over TCP. `done` is called once: at once when all goes well, over lab time otherwise. Returns what stops it. */
export function requestOver(
  network: Network,
  plan: RequestPlan,
  done: (outcome: HttpOutcome) => void,
): () => void {
  const { world, servers, connections } = network;
  const { caller, flow } = plan;
  const startedAt = world.now();
  const cause = world.cause;
  let pending: Task | undefined;
  const finish = (outcome: HttpOutcome) => {
    if (outcome.outcome !== 'answered' || !plan.keepOpen)
      endConnection(caller, flow, outcome.segment, network);
    done(outcome);
  };
  const giveUp = (left: number, lost: Omit<Extract<HttpOutcome, { outcome: 'lost' }>, 'outcome'>) => {
    pending = world.causedBy(cause, () =>
      world.schedule(Math.max(0, left), () => finish({ outcome: 'lost', ...lost }), { background: true }),
    );
  };
  let opened = plan.established;
  const attempt = (wait: number) => {
    pending = undefined;
    const segment = sendSegment(caller, flow, { world, servers, connections, kind: opened ? 'data' : 'syn' });
    const elapsed = world.now() - startedAt;
    if (segment.outcome === 'answered') {
      if (!opened && meetsChance(segment)) {
        // What happened to the SYN says nothing of the request: that is sent for itself once the connection is there.
        opened = true;
        pending = world.causedBy(cause, () =>
          world.schedule(segment.roundTrip, () => attempt(DATA_RETRANSMISSION), { background: true }),
        );
        return;
      }
      const latency = elapsed + segment.roundTrip * (opened ? 1 : 2) + SERVICE_TIME;
      if (latency > plan.timeout) {
        const because = `the answer would take ${Math.round(latency)} ms`;
        giveUp(plan.timeout - elapsed, { at: segment.node, because, segment });
        return;
      }
      finish({ outcome: 'answered', body: bodyOf(segment), latency, segment });
    } else if (segment.outcome === 'reset') {
      const outcome = opened ? 'reset' : 'refused';
      const { by, because } = segment;
      finish({ outcome, by, because, latency: elapsed + segment.roundTrip, segment });
    } else {
      plan.onLoss?.(segment);
      const left = plan.timeout - elapsed;
      const { at, because } = segment;
      if (wait >= left) giveUp(left, { at, because, segment });
      else {
        pending = world.causedBy(cause, () =>
          world.schedule(wait, () => attempt(wait * 2), { background: true }),
        );
      }
    }
  };
  attempt(plan.established ? DATA_RETRANSMISSION : SYN_RETRANSMISSION);
  return () => world.cancel(pending);
}

/** Whether an impaired wire lies on its way or on the way back. */
function meetsChance({ there, back }: Extract<Segment, { outcome: 'answered' }>): boolean {
  return there.chance !== undefined || back.chance !== undefined;
}

/** What a pod of the application says: who it is, and the client's address as it sees it. */
function bodyOf(segment: Extract<Segment, { outcome: 'answered' }>): string {
  return answerText(segment.pod.name, segment.node, segment.seenFrom);
}

export function answerText(pod: string, node: string, client: Ipv4): string {
  return `pod=${pod} node=${node} client=${client}\n`;
}
