import type { SpeakerConfig } from '../../bgp/config.ts';
import type { Message, Update } from '../../bgp/message.ts';
import type {
  ConnectionId,
  Outcome,
  RouteChange,
  SpeakerEvent,
  TransportRequest,
} from '../../bgp/outcome.ts';
import { type Family, type Nlri, nlriKey } from '../../bgp/route.ts';
import { isBehind } from '../../bgp/session.ts';
import * as bgp from '../../bgp/speaker.ts';
import type { Ipv4 } from '../../net/address.ts';
import { Decided } from './decided.ts';
import type { Device } from './device.ts';
import { DEFAULT_TTL } from './packet.ts';
import { PeerCounters, type PeerCounts } from './peer-counts.ts';
import type { Task } from './queue.ts';
import { isFinalRefusal, reportSpeakerEvent } from './speaker-events.ts';
import { Standstill } from './standstill.ts';
import { DECISION_DELAY, PROCESS_DEATH_REPORT_DELAY } from './switch/processing-times.ts';
import type { Transport } from './transport.ts';
import type { TransportUser } from './transport-user.ts';
import type { World } from './world.ts';

export type BgpProcessOptions = {
  readonly world: World;
  readonly transport: Transport;
  readonly device: Device;
  /** Routing context: a switch's network-instance, "" for a Kubernetes node's own. */
  readonly instance: string;
  readonly config: SpeakerConfig;
  readonly resolveNextHop: bgp.ResolveNextHop;
  /** What BGP offers the route table changed; at most one entry per route. */
  readonly onChanges: (changes: readonly RouteChange[]) => void;
  /** Sessions came, went or changed state: BFD sessions may have to follow. */
  readonly onSessionsChanged?: () => void;
  /** Why the host does not even try to connect to a peer now (FRR's connected check); undefined: it tries. */
  readonly refusesToConnect?: (peer: Ipv4) => string | undefined;
  /** How long changes are gathered before routes and updates leave. Default: what a switch takes. */
  readonly decisionDelay?: number;
};

/**
 * A BGP speaker (`src/bgp`) at work on a device: its timers, its connections, its thinking time, its events. Whoever
 * owns it calls `start` and, as things happen, `nextHopsChanged`, `peersReachable`, `interfaceDown`, `bfdChanged`.
 * A restarted process is a new speaker that knows nothing.
 */
export class BgpProcess implements TransportUser {
  readonly device: Device;
  readonly instance: string;
  speaker: bgp.Speaker | undefined;
  private readonly options: BgpProcessOptions;
  private config: SpeakerConfig;
  private timer: Task | undefined;
  private readonly decided: Decided;
  private readonly peerOf = new Map<ConnectionId, Ipv4>();
  private readonly counters = new PeerCounters();
  /** Peers that said no, and the lab's BGP configuration then: trying again will not help until that changes. */
  private readonly hopeless = new Map<Ipv4, number>();
  private readonly own = new Map<Family, Map<string, bgp.OwnRoute>>();
  private readonly standstill: Standstill;

  constructor(options: BgpProcessOptions) {
    this.options = options;
    this.device = options.device;
    this.instance = options.instance;
    this.config = options.config;
    this.standstill = new Standstill(options.world);
    this.decided = new Decided({
      world: options.world,
      delay: options.decisionDelay ?? DECISION_DELAY,
      offerRoutes: options.onChanges,
      sendUpdate: (connection, update) => this.sendUpdate(connection, update),
    });
  }

  /** Its TCP connections. */
  connections() {
    return this.options.transport.connectionsOf(this);
  }

  /** What it is configured to do. */
  get speakerConfig(): SpeakerConfig {
    return this.config;
  }

  get alive(): boolean {
    return this.speaker !== undefined;
  }

  /** Stopped by a signal, not ended: it takes neither messages nor time. */
  get frozen(): boolean {
    return this.standstill.lasts;
  }

  get frozenBy(): number | undefined {
    return this.standstill.by;
  }

  // life

  start(): void {
    if (this.speaker !== undefined) return;
    const { world, transport, resolveNextHop } = this.options;
    this.speaker = bgp.createSpeaker(this.config, resolveNextHop, world.now());
    world.bgpGeneration++;
    transport.listen(this);
    for (const [family, routes] of this.own) {
      if (routes.size > 0) this.apply(bgp.originate(this.speaker, family, [...routes.values()], world.now()));
    }
    this.armTimer();
  }

  /** The process dies; the kernel below it lives and resets its connections. */
  kill(): void {
    if (this.speaker === undefined) return;
    this.options.transport.processDied(this, PROCESS_DEATH_REPORT_DELAY);
    this.end('the BGP process died');
  }

  /** The process ends in good order: it tells its peers. */
  terminate(): void {
    const { speaker } = this;
    if (speaker === undefined) return;
    const lost = routesOf(speaker);
    this.tell((each, now) => bgp.shutDown(each, now));
    this.end('the BGP process ended', lost);
  }

  /** The process is stopped where it stands. Whatever comes to it waits, in order. */
  freeze(): void {
    if (!this.standstill.begin()) return;
    this.options.world.cancel(this.timer);
    this.timer = undefined;
    this.decided.stay();
    this.options.transport.processStopped();
    this.options.onSessionsChanged?.();
  }

  /** It goes on where it was. Like FRR's, it looks at its clock before it takes what waits for it. */
  thaw(): void {
    if (!this.standstill.end()) return;
    this.options.transport.processStopped();
    this.decided.leaveSoon();
    this.options.onSessionsChanged?.();
    this.tell((speaker, now) => bgp.wake(speaker, now));
    this.standstill.catchUp();
  }

  whenAwake(happens: () => void): void {
    this.standstill.whenOver(happens);
  }

  /** Power goes: nobody is told. */
  vanish(): void {
    if (this.speaker === undefined) return;
    this.options.transport.deviceStopped(this);
    this.end('the node stopped');
  }

  /** Ends for good: deconfigured. Connections are closed. */
  remove(): void {
    this.kill();
    this.options.transport.stopListening(this);
  }

  reconfigure(config: SpeakerConfig): void {
    this.config = config;
    this.options.world.bgpGeneration++;
    this.tell((speaker, now) => bgp.reconfigure(speaker, config, now));
  }

  private end(because: string, lost?: readonly RouteChange[]): void {
    const { speaker } = this;
    if (speaker === undefined) return;
    const { world, onChanges, onSessionsChanged } = this.options;
    this.standstill.forget();
    world.cancel(this.timer);
    this.timer = undefined;
    this.decided.forget();
    this.peerOf.clear();
    this.counters.forget();
    const sessions = bgp.sessions(speaker);
    const offered = lost ?? routesOf(speaker);
    this.speaker = undefined;
    for (const session of sessions) {
      if (session.state === 'idle') continue;
      this.report({ type: 'session-changed', peer: session.peer, from: session.state, to: 'idle', because });
    }
    onChanges(offered);
    onSessionsChanged?.();
  }

  // what the owner tells

  originate(family: Family, routes: readonly bgp.OwnRoute[]): void {
    const own = this.ownOf(family);
    for (const route of routes) own.set(nlriKey(route.nlri), route);
    this.tell((speaker, now) => bgp.originate(speaker, family, routes, now));
  }

  withdraw(family: Family, nlri: readonly Nlri[]): void {
    const own = this.ownOf(family);
    for (const one of nlri) own.delete(nlriKey(one));
    this.tell((speaker, now) => bgp.withdraw(speaker, family, nlri, now));
  }

  nextHopsChanged(nextHops: readonly Ipv4[] | 'all'): void {
    this.tell((speaker, now) => bgp.nextHopsChanged(speaker, nextHops, now));
  }

  peerReachable(peer: Ipv4): void {
    this.hopeless.delete(peer);
    this.tell((speaker, now) => bgp.peerReachable(speaker, peer, now));
  }

  /** Somebody resets the session: it is told so and starts anew. */
  resetPeer(peer: Ipv4): void {
    this.tell((speaker, now) => bgp.resetPeer(speaker, peer, now));
  }

  /** Asks the peer for its routes once more. */
  askForRoutes(peer: Ipv4): void {
    this.tell((speaker, now) => bgp.askForRoutes(speaker, peer, now));
  }

  /** The interface towards these directly connected peers lost its carrier. */
  interfaceDown(peers: readonly Ipv4[]): void {
    this.tell((speaker, now) => bgp.interfaceDown(speaker, peers, now));
  }

  bfdChanged(peer: Ipv4, state: 'up' | 'down'): void {
    this.tell((speaker, now) => bgp.bfdChanged(speaker, peer, state, now));
  }

  /** Messages and sessions with a peer since the process started. */
  countsOf(peer: Ipv4): PeerCounts {
    return this.counters.of(peer);
  }

  sessions(): readonly bgp.SessionView[] {
    return this.speaker === undefined ? [] : bgp.sessions(this.speaker);
  }

  sessionStates(): Iterable<bgp.PeerState> {
    return this.speaker === undefined ? [] : bgp.sessionStates(this.speaker);
  }

  /** True while a session that could come up is not up: retry timers will see to it. */
  waitsForSession(): boolean {
    const { transport } = this.options;
    if (this.frozen) return false;
    return this.sessions().some(
      ({ peer, state, config, dynamic }) =>
        state !== 'established' &&
        config.adminState &&
        !dynamic &&
        !config.passive &&
        this.hopeless.get(peer) !== this.options.world.bgpGeneration &&
        this.options.refusesToConnect?.(peer) === undefined &&
        transport.couldConnect(this, peer, config.localAddress, config.ttl),
    );
  }

  // what the transport tells

  expects(localAddress: Ipv4, peerAddress: Ipv4): boolean {
    return this.speaker !== undefined && bgp.expectsConnection(this.speaker, peerAddress, localAddress);
  }

  accept(
    localAddress: Ipv4,
    peerAddress: Ipv4,
    established: (connection: ConnectionId, ttl: number) => void,
  ): boolean {
    const { speaker } = this;
    if (speaker === undefined) return false;
    const outcome = bgp.connectionArrived(speaker, { localAddress, peerAddress }, this.options.world.now());
    const { connection } = outcome;
    if (connection !== undefined) {
      const session = bgp.sessions(speaker).find(({ peer }) => peer === peerAddress);
      this.peerOf.set(connection, peerAddress);
      established(connection, session?.config.ttl ?? DEFAULT_TTL);
    }
    this.apply(outcome);
    return connection !== undefined;
  }

  opened(connection: ConnectionId, localAddress: Ipv4): void {
    this.tell((speaker, now) => bgp.connectionOpened(speaker, connection, localAddress, now));
  }

  failed(connection: ConnectionId, because: string): void {
    this.tell((speaker, now) => bgp.connectionFailed(speaker, connection, because, now));
  }

  closed(connection: ConnectionId, because: string): void {
    this.tell((speaker, now) => bgp.connectionClosed(speaker, connection, because, now));
  }

  received(connection: ConnectionId, message: Message): void {
    this.tell((speaker, now) => {
      this.counters.received(this.peerOf.get(connection), message, now);
      return bgp.receive(speaker, connection, message, now);
    });
  }

  // outcomes

  private tell(call: (speaker: bgp.Speaker, now: number) => Outcome): void {
    this.whenAwake(() => {
      if (this.speaker !== undefined) this.apply(call(this.speaker, this.options.world.now()));
    });
  }

  private apply(outcome: Outcome): void {
    const { world, transport, onSessionsChanged } = this.options;
    let { cause } = world;
    let sessionsChanged = false;
    for (const event of outcome.events) {
      if (event.type === 'update-sent') continue;
      // A timer ran out: if nothing could reach us, whatever stopped it is the cause.
      if (event.type !== 'update-received') cause ??= transport.causeOfSilence(this, event.peer);
      if (isFinalRefusal(event)) this.hopeless.set(event.peer, world.bgpGeneration);
      cause = world.causedBy(cause, () => this.report(event));
      if (event.type !== 'session-changed') continue;
      sessionsChanged = true;
      this.counters.changed(event, world.now());
    }
    world.causedBy(cause, () => {
      for (const change of outcome.changes) this.decided.addChange(change);
      for (const { connection, message } of outcome.outbox) {
        this.counters.sent(this.peerOf.get(connection), message, world.now());
        if (message.type === 'update') this.decided.addUpdate(connection, message);
        else transport.send(this, connection, message);
      }
      for (const request of outcome.transport) {
        if (request.type === 'open') {
          this.open(request);
        } else {
          this.peerOf.delete(request.connection);
          transport.close(this, request.connection);
        }
      }
      this.decided.leaveSoon();
      this.armTimer();
      if (sessionsChanged) onSessionsChanged?.();
    });
  }

  private open(request: Extract<TransportRequest, { readonly type: 'open' }>): void {
    const { world, transport, refusesToConnect } = this.options;
    const { connection, peer, localAddress, ttl } = request;
    this.peerOf.set(connection, peer);
    const refusal = refusesToConnect?.(peer);
    if (refusal === undefined) transport.open(this, connection, { peer, localAddress, ttl });
    else world.schedule(0, () => this.failed(connection, refusal), { background: true });
  }

  private sendUpdate(connection: ConnectionId, update: Update): void {
    const peer = this.peerOf.get(connection);
    if (peer === undefined) return;
    const event = this.report({ type: 'update-sent', peer, update });
    this.options.world.causedBy(event, () => this.options.transport.send(this, connection, update));
  }

  private armTimer(): void {
    const { world } = this.options;
    const at = this.speaker === undefined ? undefined : bgp.wakeAt(this.speaker);
    // Routes held back by the minimum advertisement interval are work under way; other timers only watch.
    const background = ![...(this.speaker?.behind ?? [])].some(isBehind);
    const { timer } = this;
    if (timer?.run !== undefined && timer.at === at && timer.background === background) return;
    world.cancel(timer);
    this.timer = undefined;
    if (at === undefined) return;
    const wake = () => {
      this.timer = undefined;
      // Lab time has microseconds only: a timer due between two of them must not find itself early for ever.
      this.tell((speaker, now) => bgp.wake(speaker, Math.max(now, at)));
    };
    // A timer's consequences are nobody's but the timer's.
    this.timer = world.causedBy(undefined, () =>
      world.schedule(Math.max(0, at - world.now()), wake, { background }),
    );
  }

  private report(event: SpeakerEvent): number {
    const where = { node: this.device.name, instance: this.instance };
    return reportSpeakerEvent(this.options.world, where, event);
  }

  private ownOf(family: Family): Map<string, bgp.OwnRoute> {
    let own = this.own.get(family);
    if (own === undefined) {
      own = new Map();
      this.own.set(family, own);
    }
    return own;
  }
}

/** Everything the speaker had offered, as losses. */
function routesOf(speaker: bgp.Speaker): RouteChange[] {
  const lost: RouteChange[] = [];
  for (const family of ['ipv4-unicast', 'evpn'] as const) {
    for (const key of bgp.ribKeys(speaker, family)) {
      const chosen = bgp.lookUp(speaker, family, key);
      if (chosen !== undefined)
        lost.push({ type: 'route-lost', family, nlri: chosen.best.nlri, previously: chosen.used });
    }
  }
  return lost;
}
