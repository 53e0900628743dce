import { type CommandResult, refused } from '../../lab/command.ts';
import { TrafficLedger } from '../../lab/traffic-ledger.ts';
import type { TrafficState } from '../../lab/traffic-state.ts';
import type { Ipv4 } from '../../net/address.ts';
import { type FiveTuple, TCP } from '../../net/flow.ts';
import type { EventLog } from './event-log.ts';
import type { LabTime } from './lab-time.ts';
import { numberOf, objectOf, textOf } from './said.ts';

/** What the client program of the lab does: four requests, two seconds of rest. */
const DEFAULT_RATE = 2;
const MOST_REQUESTS = 2_000;
/** Quiet for that long after trouble: the requests have recovered. */
const RECOVERED_AFTER = 1_000;

export type Client = {
  readonly name: string;
  readonly address: Ipv4;
  /** Cluster node whose namespace its second interface is in. */
  readonly node: string;
  readonly destination: { readonly address: Ipv4; readonly port: number };
};

/** A connection as a client opens it, to ask where it would lead. */
export function firstFlowOf({ address, destination }: Client): FiveTuple {
  return {
    sourceAddress: address,
    destinationAddress: destination.address,
    protocol: TCP,
    sourcePort: 40_000,
    destinationPort: destination.port,
  };
}

/** The program that opens the connections, on a node of the lab: `proberProgram` told and heard line by line. */
export type Prober = { write(line: string): void; stop(): void };
export type StartProber = (node: string, onLine: (line: string) => void) => Prober;

/** One request as the prober wrote it down. */
type Report = {
  readonly client: string;
  readonly flow: {
    readonly sourceAddress: string;
    readonly destinationAddress: string;
    readonly protocol: number;
    readonly sourcePort: number;
    readonly destinationPort: number;
  };
  readonly at: number;
  readonly latency: number;
  readonly outcome: 'answered' | 'lost' | 'reset' | 'refused';
  readonly answer: string | undefined;
};

/** The clients' requests: real connections, opened by a program in the clients' namespace. */
export class Traffic {
  private readonly startProber: StartProber;
  private readonly time: LabTime;
  private readonly events: EventLog;
  /** Leaf at which the border's kernel would hand a flow over, where it can be asked. */
  private readonly leafOf: (flows: readonly Report['flow'][]) => Promise<readonly (string | undefined)[]>;
  private readonly ledger = new TrafficLedger();
  private program: Prober | undefined;
  private programNode: string | undefined;
  private clients: readonly Client[] = [];
  private on = false;
  private automatic = true;
  private rate = DEFAULT_RATE;
  private trouble: { firstAt: number; lastAt: number; lost: number; reset: number } | undefined;
  private answered: Report[] = [];
  private readonly openings = new Map<number, (answers: readonly (string | undefined)[]) => void>();
  private nextOpening = 1;
  private readonly timer: NodeJS.Timeout;
  firstAnswerAt: number | undefined;

  constructor(
    startProber: StartProber,
    time: LabTime,
    events: EventLog,
    leafOf: (flows: readonly Report['flow'][]) => Promise<readonly (string | undefined)[]>,
  ) {
    this.startProber = startProber;
    this.time = time;
    this.events = events;
    this.leafOf = leafOf;
    this.timer = setInterval(() => void this.settleAccounts(), 250);
    this.timer.unref();
  }

  follow(clients: readonly Client[]): void {
    this.clients = clients;
    if (!this.on && this.automatic && clients.length > 0) this.set(true, undefined);
    else this.tell();
  }

  set(on: boolean, ratePerClient: number | undefined): CommandResult {
    const rate = ratePerClient ?? (this.on ? this.rate : DEFAULT_RATE);
    if (on && this.clients.length === 0)
      return refused('there are no clients yet', 'Build the stage that makes them: clients.');
    if (on && !(rate > 0 && rate * this.clients.length <= MOST_REQUESTS))
      return refused(
        `${rate} requests per second and client is out of range`,
        `Take a rate above 0, up to ${Math.floor(MOST_REQUESTS / Math.max(1, this.clients.length))}.`,
      );
    if (on === this.on && (!on || rate === this.rate)) return { outcome: 'done' };
    this.automatic = on;
    this.on = on;
    this.rate = rate;
    const event = this.events.add(
      on ? { type: 'traffic-started', ratePerClient: rate } : { type: 'traffic-stopped' },
    );
    this.tell();
    return { outcome: 'done', event };
  }

  stop(): void {
    clearInterval(this.timer);
    this.endProgram();
  }

  private endProgram(): void {
    this.program?.stop();
    this.program = undefined;
    for (const resolve of this.openings.values()) resolve([]);
    this.openings.clear();
  }

  state(): TrafficState {
    const now = this.time.now();
    const destination = this.clients[0]?.destination;
    return {
      on: this.on,
      clients: this.clients.map(({ name, address }) => ({ name, address })),
      ...(destination === undefined ? {} : { destination }),
      rate: this.on ? this.rate * this.clients.length : 0,
      totals: { ...this.ledger.totals },
      samples: this.ledger.samples(now, this.on),
      byLeaf: this.ledger.shares(now, 'leaf'),
      bySpine: this.ledger.shares(now, 'spine'),
      byNode: this.ledger.shares(now, 'node'),
      byPod: this.ledger.shares(now, 'pod'),
      recent: this.ledger.recent(),
    };
  }

  /**
   * Opens that many connections of a client now, one request each, from consecutive source ports: what each was answered,
   * undefined where it was not. They are no part of the traffic that is counted.
   */
  open(
    client: Client,
    target: {
      readonly address: Ipv4;
      readonly port: number;
      readonly firstPort: number;
      readonly count: number;
    },
  ): Promise<readonly (string | undefined)[]> {
    if (this.program === undefined || this.programNode !== client.node) return Promise.resolve([]);
    const id = this.nextOpening++;
    const { address: to, port: toPort, firstPort, count } = target;
    return new Promise(resolve => {
      this.openings.set(id, resolve);
      this.program?.write(
        JSON.stringify({ open: { id, address: client.address, to, toPort, firstPort, count } }),
      );
    });
  }

  clientNamed(nameOrAddress: string): Client | undefined {
    return this.clients.find(({ name, address }) => name === nameOrAddress || address === nameOrAddress);
  }

  private tell(): void {
    const node = this.clients[0]?.node;
    if (node === undefined) {
      this.program?.write(JSON.stringify({ clients: [], rate: 0 }));
      return;
    }
    if (this.program === undefined || this.programNode !== node) {
      this.endProgram();
      this.programNode = node;
      this.program = this.startProber(node, line => this.hear(line));
    }
    this.program.write(JSON.stringify({ clients: this.clients, rate: this.on ? this.rate : 0 }));
  }

  private hear(line: string): void {
    let said: unknown;
    try {
      said = JSON.parse(line);
    } catch {
      return;
    }
    const each = objectOf(said);
    const opening = numberOf(each['open']);
    if (opening !== undefined) {
      const answers: readonly unknown[] = Array.isArray(each['answers']) ? each['answers'] : [];
      this.openings.get(opening)?.(answers.map(textOf));
      this.openings.delete(opening);
      return;
    }
    const outcome = textOf(each['outcome']);
    if (outcome !== 'answered' && outcome !== 'lost' && outcome !== 'reset' && outcome !== 'refused') return;
    const startedAt = this.time.ofWall(numberOf(each['at']) ?? 0);
    const latency = numberOf(each['ms']) ?? 0;
    const report: Report = {
      client: textOf(each['client']) ?? '',
      flow: {
        sourceAddress: textOf(each['address']) ?? '',
        destinationAddress: textOf(each['to']) ?? '',
        protocol: TCP,
        sourcePort: numberOf(each['port']) ?? 0,
        destinationPort: numberOf(each['toPort']) ?? 0,
      },
      at: startedAt + latency,
      latency,
      outcome,
      answer: textOf(each['answer']),
    };
    this.ledger.sent(report.at);
    if (outcome === 'answered') {
      this.firstAnswerAt ??= report.at;
      this.answered.push(report);
      this.calm(report);
    } else this.failed(report);
  }

  private failed(report: Report): void {
    const { at, flow, client, outcome } = report;
    const reset = outcome !== 'lost';
    this.ledger.failed(at, reset ? 'reset' : 'lost');
    this.remember(report, []);
    this.trouble ??= { firstAt: at - report.latency, lastAt: at, lost: 0, reset: 0 };
    this.trouble.lastAt = at;
    this.trouble[reset ? 'reset' : 'lost']++;
    if (reset)
      this.events.add(
        {
          type: 'request-reset',
          flow,
          client,
          by: flow.destinationAddress,
          because: outcome === 'refused' ? 'the connection was refused' : 'the connection was reset',
        },
        { at },
      );
    else
      this.events.add(
        {
          type: 'request-lost',
          flow,
          client,
          // Real packets do not say where they ended.
          lostAt: '',
          because: 'no answer within 2 s',
        },
        { at },
      );
  }

  private calm({ at, latency }: Report): void {
    const { trouble } = this;
    // A slow answer is a request that waited for the way to be mended.
    if (trouble === undefined || at - trouble.lastAt < RECOVERED_AFTER || latency > RECOVERED_AFTER) return;
    this.trouble = undefined;
    this.events.add(
      {
        type: 'requests-recovered',
        lost: trouble.lost,
        reset: trouble.reset,
        gapMs: Math.round(trouble.lastAt - trouble.firstAt),
      },
      { at },
    );
  }

  /** Answered requests are booked a quarter of a second later, when the border was asked which leaf they went to. */
  private async settleAccounts(): Promise<void> {
    const reports = this.answered;
    if (reports.length === 0) return;
    this.answered = [];
    const leaves = await this.leafOf(reports.map(({ flow }) => flow));
    reports.forEach((report, index) => {
      const words = Object.fromEntries((report.answer ?? '').split(' ').map(word => word.split('=')));
      const leaf = leaves[index];
      this.ledger.answered(report.at, report.latency, {
        leaf,
        spine: undefined,
        node: textOf(words['node']),
        pod: textOf(words['pod']) ?? '?',
      });
      this.remember(report, leaf === undefined ? [] : [leaf]);
    });
  }

  private remember({ at, client, flow, outcome, answer, latency }: Report, via: readonly string[]): void {
    this.ledger.remember({
      at,
      client,
      flow,
      outcome,
      via,
      ...(answer === undefined ? {} : { answer }),
      ...(outcome === 'answered' ? { latencyMs: latency } : {}),
    });
  }
}
