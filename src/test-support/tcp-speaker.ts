import { connect, createServer, type Server, type Socket } from 'node:net';
import type { SpeakerConfig } from '../bgp/config.ts';
import type { Message } from '../bgp/message.ts';
import type { ConnectionId, Outcome, RouteChange, SpeakerEvent } from '../bgp/outcome.ts';
import type { Family } from '../bgp/route.ts';
import * as bgp from '../bgp/speaker.ts';
import { encodeMessage } from '../bgp/wire/encode.ts';
import type { WireSession } from '../bgp/wire/read-attributes.ts';
import { MessageStream } from '../bgp/wire/stream.ts';

export type TcpSpeakerOptions = {
  readonly config: SpeakerConfig;
  readonly address: string;
  readonly port: number;
  /** Where peers listen, by address. */
  readonly ports: Readonly<Record<string, number>>;
};

type Link = { readonly socket: Socket; readonly peer: string; session: WireSession };

/** Our speaker on real TCP, for tests beside other implementations: sockets in place of the lab's transport, the wall clock in place of lab time. */
export class TcpSpeaker {
  readonly speaker: bgp.Speaker;
  readonly events: SpeakerEvent[] = [];
  readonly changes: RouteChange[] = [];
  private readonly options: TcpSpeakerOptions;
  private readonly links = new Map<ConnectionId, Link>();
  private readonly began = performance.now();
  private server: Server | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly waiting: { holds: () => boolean; resolve: () => void }[] = [];

  constructor(options: TcpSpeakerOptions) {
    this.options = options;
    this.speaker = bgp.createSpeaker(options.config, () => ({ cost: 0 }), 0);
  }

  async start(): Promise<void> {
    this.server = createServer(socket => this.arrived(socket));
    await new Promise<void>(resolve => this.server?.listen(this.options.port, this.options.address, resolve));
    this.arm();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    for (const { socket } of this.links.values()) socket.destroy();
    this.links.clear();
    await new Promise<void>(resolve =>
      this.server === undefined ? resolve() : this.server.close(() => resolve()),
    );
  }

  originate(family: Family, routes: readonly bgp.OwnRoute[]): void {
    this.obey(bgp.originate(this.speaker, family, routes, this.now()));
  }

  /** Routes in the Loc-RIB by key, best path each. */
  routes(family: Family): string[] {
    return [...bgp.ribKeys(this.speaker, family)].filter(key =>
      bgp.explain(this.speaker, family, key).some(one => one.path !== undefined && one.best),
    );
  }

  state(peer: string): string {
    return bgp.sessions(this.speaker).find(session => session.peer === peer)?.state ?? 'none';
  }

  /** Octets as they are, for malformed messages. */
  sendRaw(peer: string, octets: Uint8Array): void {
    for (const link of this.links.values()) if (link.peer === peer) link.socket.write(octets);
  }

  /** Settles when the condition holds after something happened; rejects after `limit` milliseconds. */
  async until(what: string, holds: () => boolean, limit = 30_000): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(() => {
        const sessions = bgp.sessions(this.speaker).map(({ peer, state }) => `${peer} ${state}`);
        reject(new Error(`${what}: not within ${limit} ms; sessions: ${sessions.join(', ')}`));
      }, limit);
      this.waiting.push({
        holds,
        resolve: () => {
          clearTimeout(timeout);
          resolve();
        },
      });
    });
  }

  private now(): number {
    return Math.round(performance.now() - this.began);
  }

  private arrived(socket: Socket): void {
    const peer = socket.remoteAddress ?? '';
    const outcome = bgp.connectionArrived(
      this.speaker,
      { localAddress: this.options.address, peerAddress: peer },
      this.now(),
    );
    if (outcome.connection === undefined) socket.destroy();
    else this.hold(outcome.connection, socket, peer);
    this.obey(outcome);
  }

  private open(connection: ConnectionId, peer: string): void {
    const port = this.options.ports[peer];
    if (port === undefined) {
      queueMicrotask(() =>
        this.obey(bgp.connectionFailed(this.speaker, connection, 'nobody listens there', this.now())),
      );
      return;
    }
    const socket = connect({ host: peer, port, localAddress: this.options.address });
    this.hold(connection, socket, peer);
    socket.on('connect', () =>
      this.obey(bgp.connectionOpened(this.speaker, connection, this.options.address, this.now())),
    );
  }

  private hold(connection: ConnectionId, socket: Socket, peer: string): void {
    const neighbor = this.options.config.neighbors.find(one => one.peerAddress === peer);
    const link: Link = {
      socket,
      peer,
      session: { fourOctetAs: true, internal: neighbor?.localAs === neighbor?.peerAs },
    };
    this.links.set(connection, link);
    const stream = new MessageStream();
    socket.setNoDelay(true);
    socket.on('data', chunk => {
      for (const decoded of stream.push(chunk, () => link.session)) {
        if (decoded.outcome === 'error') {
          this.obey(bgp.malformed(this.speaker, connection, decoded.notification, this.now()));
        } else for (const message of decoded.messages) this.receive(connection, link, message);
      }
    });
    const gone = (because: string) => {
      if (!this.links.delete(connection)) return;
      const call = socket.connecting ? bgp.connectionFailed : bgp.connectionClosed;
      this.obey(call(this.speaker, connection, because, this.now()));
    };
    socket.on('error', error => gone(error.message));
    socket.on('close', () => gone('closed by the peer'));
  }

  private receive(connection: ConnectionId, link: Link, message: Message): void {
    if (message.type === 'open') {
      const fourOctetAs = message.capabilities.some(({ type }) => type === 'four-octet-as');
      link.session = { ...link.session, fourOctetAs };
    }
    this.obey(bgp.receive(this.speaker, connection, message, this.now()));
  }

  private obey(outcome: Outcome): void {
    this.events.push(...outcome.events);
    this.changes.push(...outcome.changes);
    for (const { connection, message } of outcome.outbox) {
      const link = this.links.get(connection);
      for (const octets of link === undefined ? [] : encodeMessage(message, link.session))
        link?.socket.write(octets);
    }
    for (const request of outcome.transport) {
      if (request.type === 'open') this.open(request.connection, request.peer);
      else {
        const link = this.links.get(request.connection);
        this.links.delete(request.connection);
        link?.socket.end();
      }
    }
    this.arm();
    for (const one of [...this.waiting]) {
      if (!one.holds()) continue;
      this.waiting.splice(this.waiting.indexOf(one), 1);
      one.resolve();
    }
  }

  private arm(): void {
    clearTimeout(this.timer);
    const at = bgp.wakeAt(this.speaker);
    if (at === undefined) return;
    this.timer = setTimeout(
      () => this.obey(bgp.wake(this.speaker, this.now())),
      Math.max(1, at - this.now()),
    );
  }
}
