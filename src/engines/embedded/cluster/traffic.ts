import type { CommandResult } from '../../../lab/command.ts';
import { TrafficLedger } from '../../../lab/traffic-ledger.ts';
import type { TrafficState } from '../../../lab/traffic-state.ts';
import { compareAddresses } from '../../../net/address.ts';
import { type FiveTuple, TCP } from '../../../net/flow.ts';
import type { Task } from '../queue.ts';
import { hashText } from '../random.ts';
import type { World } from '../world.ts';
import type { Client } from './clients.ts';
import { endConnection, type Segment } from './connection.ts';
import { type HttpOutcome, type Network, requestOver } from './http-request.ts';
import { Outage } from './outage.ts';
import { routeOf } from './path-places.ts';

/** What the client program of the lab does: four requests, two seconds of rest. */
const DEFAULT_RATE = 2;
/** All clients together; more would be no more instructive and cost time. */
const MOST_REQUESTS = 2_000;
/** The client program gives up on a request after this long. */
const TIMEOUT = 2_000;
/** Beside new connections each client keeps some open, and one request in four goes over one of them. */
const KEPT_CONNECTIONS = 3;
const KEPT_EVERY = 4;
/** Linux's ephemeral ports. */
const FIRST_PORT = 32_768;
const PORTS = 28_232;

type ClientRun = {
  client: Client;
  task: Task | undefined;
  turn: number;
  nextPort: number;
  readonly kept: (Kept | undefined)[];
  readonly inFlight: Set<() => void>;
  /** Its next request is due. */
  readonly due: () => void;
};

type Kept = { readonly flow: FiveTuple; busy: boolean; last: Segment | undefined };

/** The clients' requests to the service, over lab time. */
export class Traffic {
  private readonly network: Network;
  private readonly world: World;
  private readonly ledger = new TrafficLedger();
  private readonly runs = new Map<string, ClientRun>();
  /** By address. */
  private clients: readonly Client[] = [];
  private named: TrafficState['clients'] = [];
  private on = false;
  /** Nobody has turned it off: it starts with the clients. */
  private automatic = true;
  private rate = DEFAULT_RATE;
  private readonly outage: Outage;

  constructor(network: Network) {
    this.network = network;
    this.world = network.world;
    this.outage = new Outage(network.world);
  }

  /** The clients as they are now: new ones begin, gone ones end. */
  follow(clients: readonly Client[]): void {
    const present = new Set(clients.map(client => client.uid));
    for (const [uid, run] of [...this.runs]) {
      if (present.has(uid)) continue;
      this.stop(run);
      this.runs.delete(uid);
    }
    this.clients = clients.toSorted((a, b) => compareAddresses(a.address, b.address));
    this.named = this.clients.map(({ name, address }) => ({ name, address }));
    for (const client of clients) {
      const known = this.runs.get(client.uid);
      if (known !== undefined) {
        known.client = client;
        continue;
      }
      const run: ClientRun = {
        client,
        task: undefined,
        turn: 0,
        nextPort: hashText(`${this.world.seed} ports ${client.address}`) % PORTS,
        kept: new Array(KEPT_CONNECTIONS).fill(undefined),
        inFlight: new Set(),
        due: () => this.next(run),
      };
      this.runs.set(client.uid, run);
      if (this.on) this.begin(run);
    }
    if (!this.on && this.automatic && this.runs.size > 0) this.set(true, undefined);
  }

  set(on: boolean, ratePerClient: number | undefined): CommandResult {
    const rate = ratePerClient ?? (this.on ? this.rate : DEFAULT_RATE);
    if (on && this.runs.size === 0)
      return {
        outcome: 'refused',
        because: 'there are no clients yet',
        nextSteps: ['Build the stage that makes them: clients.'],
      };
    if (on && !(rate > 0 && rate * this.runs.size <= MOST_REQUESTS))
      return {
        outcome: 'refused',
        because: `${rate} requests per second and client is out of range`,
        nextSteps: [`Take a rate above 0, up to ${Math.floor(MOST_REQUESTS / Math.max(1, this.runs.size))}.`],
      };
    if (!on && !this.on) return { outcome: 'done' };
    if (on && this.on && rate === this.rate) return { outcome: 'done' };
    this.automatic = on;
    this.on = on;
    this.rate = rate;
    const event = this.world.emit(
      on ? { type: 'traffic-started', ratePerClient: rate } : { type: 'traffic-stopped' },
    );
    for (const run of this.runs.values()) {
      if (on) this.begin(run);
      else this.stop(run);
    }
    return { outcome: 'done', event };
  }

  state(): TrafficState {
    const { ledger } = this;
    const now = this.world.now();
    const { clients } = this;
    const destination = clients[0]?.destination;
    return {
      on: this.on,
      clients: this.named,
      ...(destination === undefined ? {} : { destination }),
      rate: this.on ? this.rate * clients.length : 0,
      totals: ledger.allTotals(),
      samples: ledger.samples(now, this.on),
      byLeaf: ledger.shares(now, 'leaf'),
      bySpine: ledger.shares(now, 'spine'),
      byNode: ledger.shares(now, 'node'),
      byPod: ledger.shares(now, 'pod'),
      recent: ledger.recent(),
    };
  }

  /** Connections that a client keeps open, by its routing context. */
  keptBy(device: string, instance: string): FiveTuple[] {
    return [...this.runs.values()]
      .filter(({ client }) => client.device.name === device && client.instance === instance)
      .flatMap(({ kept }) => kept.flatMap(one => (one === undefined ? [] : [one.flow])));
  }

  clientNamed(nameOrAddress: string): Client | undefined {
    for (const { client } of this.runs.values())
      if (client.name === nameOrAddress || client.address === nameOrAddress) return client;
    return undefined;
  }

  // one client

  private begin(run: ClientRun): void {
    this.world.cancel(run.task);
    const offset =
      (hashText(`${this.world.seed} start ${run.client.address}`) / 4_294_967_296) * this.interval;
    run.task = this.later(offset, run.due);
  }

  private stop(run: ClientRun): void {
    this.world.cancel(run.task);
    run.task = undefined;
    for (const cancel of run.inFlight) cancel();
    run.inFlight.clear();
    for (const kept of run.kept)
      if (kept !== undefined) endConnection(run.client, kept.flow, kept.last, this.network);
    run.kept.fill(undefined);
  }

  private get interval(): number {
    return 1_000 / this.rate;
  }

  /** Requests have nobody's cause: they happen by themselves. */
  private later(delay: number, run: () => void): Task {
    return this.world.causedBy(undefined, () => this.world.schedule(delay, run, { background: true }));
  }

  private next(run: ClientRun): void {
    run.task = this.later(this.interval, run.due);
    this.ledger.sent(this.world.now());
    run.turn++;
    if (run.turn % KEPT_EVERY === 0) {
      const place = (run.turn / KEPT_EVERY) % KEPT_CONNECTIONS;
      const kept = run.kept[place];
      if (kept?.busy !== true) {
        this.overKept(run, place, kept);
        return;
      }
    }
    this.request(run, { flow: this.newFlow(run), established: false, keepOpen: false }, () => {});
  }

  private overKept(run: ClientRun, place: number, known: Kept | undefined): void {
    const kept: Kept = known ?? { flow: this.newFlow(run), busy: true, last: undefined };
    kept.busy = true;
    run.kept[place] = kept;
    const plan = { flow: kept.flow, established: known !== undefined, keepOpen: true };
    this.request(run, plan, outcome => {
      kept.busy = false;
      kept.last = outcome.segment;
      if (outcome.outcome !== 'answered') run.kept[place] = undefined;
    });
  }

  private request(
    run: ClientRun,
    plan: { readonly flow: FiveTuple; readonly established: boolean; readonly keepOpen: boolean },
    done: (outcome: HttpOutcome) => void,
  ): void {
    const { client } = run;
    let finished = false;
    let cancel: (() => void) | undefined;
    cancel = requestOver(
      this.network,
      { ...plan, caller: client, timeout: TIMEOUT, onLoss: () => this.outage.packetLost() },
      outcome => {
        finished = true;
        if (cancel !== undefined) run.inFlight.delete(cancel);
        done(outcome);
        this.record(client, plan.flow, outcome);
      },
    );
    if (!finished) run.inFlight.add(cancel);
  }

  private newFlow(run: ClientRun): FiveTuple {
    const { address, destination } = run.client;
    const used = run.kept.map(kept => kept?.flow.sourcePort);
    let port: number;
    do port = FIRST_PORT + (run.nextPort++ % PORTS);
    while (used.includes(port));
    return {
      sourceAddress: address,
      destinationAddress: destination.address,
      protocol: TCP,
      sourcePort: port,
      destinationPort: destination.port,
    };
  }

  // books

  private record(client: Client, flow: FiveTuple, outcome: HttpOutcome): void {
    const now = this.world.now();
    const route = routeOf(this.world, outcome.segment.there);
    const via = route.switches;
    const entry = { at: now, client: client.name, flow, via };
    switch (outcome.outcome) {
      case 'answered':
        this.ledger.answered(now, outcome.latency, { ...route, pod: outcome.segment.pod.name });
        this.ledger.remember({
          ...entry,
          outcome: 'answered',
          answer: outcome.body.trimEnd(),
          latencyMs: outcome.latency,
        });
        this.outage.requestAnswered();
        return;
      case 'reset':
        this.ledger.failed(now, 'reset');
        this.ledger.remember({ ...entry, outcome: 'reset', latencyMs: outcome.latency });
        this.outage.requestFailed('reset');
        this.world.causedBy(this.causeOf(outcome.segment), () =>
          this.world.emit({
            type: 'request-reset',
            flow,
            client: client.name,
            by: outcome.by,
            because: outcome.because,
          }),
        );
        return;
      case 'refused':
      case 'lost': {
        const lostAt = outcome.outcome === 'lost' ? outcome.at : outcome.by;
        this.ledger.failed(now, 'lost');
        this.ledger.remember({ ...entry, outcome: outcome.outcome });
        this.outage.requestFailed('lost');
        this.world.causedBy(this.causeOf(outcome.segment), () =>
          this.world.emit({
            type: 'request-lost',
            flow,
            client: client.name,
            lostAt,
            because: outcome.because,
          }),
        );
      }
    }
  }

  /** The fault whose wire or node swallowed the packet, where that is plain to see. */
  private causeOf(segment: Segment): number | undefined {
    const last = segment.outcome === 'lost' ? (segment.back ?? segment.there) : undefined;
    if (last === undefined) return undefined;
    for (const { fault, event } of this.world.faults.values()) {
      if ('link' in fault && last.because?.includes(fault.link) === true) return event;
      if ('node' in fault && (last.device.name === fault.node || last.because?.includes(fault.node) === true))
        return event;
    }
    return undefined;
  }
}
