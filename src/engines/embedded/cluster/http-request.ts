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
  const { world } = network;
  const { caller, flow } = plan;
  const startedAt = world.now();
  const cause = world.cause;
  let pending: Task | undefined;
  const finish = (outcome: HttpOutcome) => {
    if (outcome.outcome !== 'answered' || !plan.keepOpen)
      endConnection(caller, flow, outcome.segment, network);
    done(outcome);
  };
  const attempt = (wait: number) => {
    pending = undefined;
    const segment = sendSegment(caller, flow, { ...network, kind: plan.established ? 'data' : 'syn' });
    const elapsed = world.now() - startedAt;
    if (segment.outcome === 'answered') {
      const latency = elapsed + segment.roundTrip * (plan.established ? 1 : 2) + SERVICE_TIME;
      finish({ outcome: 'answered', body: bodyOf(segment), latency, segment });
    } else if (segment.outcome === 'reset') {
      const outcome = plan.established ? 'reset' : 'refused';
      const { by, because } = segment;
      finish({ outcome, by, because, latency: elapsed + segment.roundTrip, segment });
    } else {
      plan.onLoss?.(segment);
      const left = plan.timeout - elapsed;
      const again = wait < left;
      pending = world.causedBy(cause, () =>
        world.schedule(
          again ? wait : left,
          () => {
            if (again) attempt(wait * 2);
            else finish({ outcome: 'lost', at: segment.at, because: segment.because, segment });
          },
          { background: true },
        ),
      );
    }
  };
  attempt(plan.established ? DATA_RETRANSMISSION : SYN_RETRANSMISSION);
  return () => world.cancel(pending);
}

/** What a pod of the application says: who it is, and the client's address as it sees it. */
function bodyOf(segment: Extract<Segment, { outcome: 'answered' }>): string {
  return answerText(segment.pod.name, segment.node, segment.seenFrom);
}

export function answerText(pod: string, node: string, client: Ipv4): string {
  return `pod=${pod} node=${node} client=${client}\n`;
}
