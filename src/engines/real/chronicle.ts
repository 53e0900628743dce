import type { Fact, SessionState } from '../../lab/event.ts';
import type { Lab, LabLink } from '../../lab/lab.ts';
import type { SessionRow } from '../../lab/snapshot.ts';
import type { Ipv4 } from '../../net/address.ts';
import { ownersOf } from './addresses.ts';
import { deviceOf } from './device-names.ts';
import type { EventLog } from './event-log.ts';
import { type LabTime, wallClock } from './lab-time.ts';
import type { LogFact } from './log-lines.ts';
import { RecentEvents } from './recent-events.ts';

/** A namespace that a kernel tells of: a node's own, or a tenant's. */
export type Place = { readonly node: string; readonly instance: string };

/** What a kernel announces. `at` is milliseconds since 1970. */
export type KernelFact = { readonly at: number } & (
  | { readonly type: 'link'; readonly device: string; readonly up: boolean }
  | {
      readonly type: 'route';
      readonly prefix: string;
      readonly gone: boolean;
      readonly protocol: string;
      readonly gateways: readonly string[];
      /** Set for routes into a tunnel: the gateway is not on a connected network. */
      readonly onlink: boolean;
    }
);

type Observed = {
  readonly wall: number;
  /** Of what has the same time, that which others follow from comes first. */
  readonly rank: number;
  readonly apply: () => void;
};

/**
 * What daemons write down (sessions, BFD) and kernels announce (links, routes), each with its own time, as events in the
 * order in which it happened, with their causes.
 */
export class Chronicle {
  /** Told of each route of BGP that a kernel got or lost. */
  onRoute: (node: string, instance: string, prefix: string) => void = () => {};
  private readonly lab: Lab;
  private readonly time: LabTime;
  private readonly events: EventLog;
  private readonly owners: ReadonlyMap<Ipv4, string>;
  private readonly sessions = new Map<string, { state: SessionState; since: number }>();
  private readonly bfd = new Map<string, number>();
  private readonly routes = new Map<
    string,
    { readonly members: readonly string[]; readonly since: number }
  >();
  private readonly ports = new Map<string, boolean>();
  private readonly downLinks = new Set<string>();
  private readonly waiting: Observed[] = [];
  /** Recent events by what they are about, to name causes. */
  private readonly recent = new RecentEvents();
  /** Changes of routes, by node and instance. */
  private readonly recentRoutes = new RecentEvents();
  private lastFault: { readonly id: number; readonly at: number } | undefined;
  private lastHeardAt = performance.now();

  constructor(lab: Lab, time: LabTime, events: EventLog) {
    this.lab = lab;
    this.time = time;
    this.events = events;
    this.owners = ownersOf(lab);
  }

  /** What happens now follows from this event (a fault, a healing, a command). */
  begin(id: number): void {
    this.lastFault = { id, at: this.time.now() };
  }

  /** The fault or command that things may still follow from. */
  get currentCause(): number | undefined {
    const { lastFault } = this;
    return lastFault !== undefined && this.time.now() - lastFault.at < 15_000 ? lastFault.id : undefined;
  }

  /** Milliseconds since a daemon or a kernel last had anything to tell. */
  get quietFor(): number {
    return performance.now() - this.lastHeardAt;
  }

  /** A session as it was found: what happens to it later starts from there. */
  knowSession({
    node,
    instance,
    peer,
    state,
    since,
  }: Pick<SessionRow, 'node' | 'instance' | 'peer' | 'state' | 'since'>): void {
    const key = `${node} ${instance} ${peer}`;
    if (!this.sessions.has(key)) this.sessions.set(key, { state, since });
  }

  /** A route of the kernel as it was found. */
  knowRoute(
    { node, instance }: Place,
    route: { readonly prefix: string; readonly gateways: readonly string[] },
  ): void {
    const key = `${node} ${instance} ${route.prefix}`;
    if (!this.routes.has(key)) this.routes.set(key, { members: route.gateways, since: this.time.now() });
  }

  /** Everything that was known of a node is of the past: it was taken away, or begins anew. */
  forgetAll(node: string): void {
    for (const known of [this.sessions, this.bfd, this.routes, this.ports])
      for (const key of [...known.keys()]) if (key.startsWith(`${node} `)) known.delete(key);
  }

  noteDaemon(node: string, fact: LogFact): void {
    const rank = fact.type === 'bfd' ? 0 : 1;
    this.waiting.push({ wall: fact.at, rank, apply: () => this.hearDaemon(node, fact) });
  }

  noteKernel(place: Place, fact: KernelFact): void {
    const rank = fact.type === 'link' ? 0 : 2;
    this.waiting.push({ wall: fact.at, rank, apply: () => this.hearKernel(place, fact) });
  }

  /** Makes events of what was noted since the last time, but for what is younger than `late`: what comes before it may still arrive. */
  tell(late = 0): void {
    if (this.waiting.length > 0) this.lastHeardAt = performance.now();
    this.waiting.sort((a, b) => a.wall - b.wall || a.rank - b.rank);
    const until = late === 0 ? Number.POSITIVE_INFINITY : wallClock() - late;
    const young = this.waiting.findIndex(({ wall }) => wall > until);
    for (const { apply } of this.waiting.splice(0, young < 0 ? this.waiting.length : young)) apply();
    this.events.flush();
  }

  sessionSince(node: string, instance: string, peer: Ipv4): number | undefined {
    return this.sessions.get(`${node} ${instance} ${peer}`)?.since;
  }

  routeSince(node: string, instance: string, prefix: string): number | undefined {
    return this.routes.get(`${node} ${instance} ${prefix}`)?.since;
  }

  /** Next hops of a BGP route that the kernel has; undefined when it never told of the prefix. */
  kernelGateways(node: string, instance: string, prefix: string): readonly Ipv4[] | undefined {
    return this.routes.get(`${node} ${instance} ${prefix}`)?.members;
  }

  bfdSince(node: string, instance: string, peer: Ipv4): number | undefined {
    return this.bfd.get(`${node} ${instance} ${peer}`);
  }

  /** The daemons of a node were killed: what they knew is gone, and nobody wrote it down. */
  forget(node: string, because: string, cause: number | undefined): void {
    for (const [key, { state }] of [...this.sessions]) {
      const [name = '', instance = '', peer = ''] = key.split(' ');
      if (name !== node || state === 'idle') continue;
      this.sessions.set(key, { state: 'idle', since: this.time.now() });
      if (state === 'established')
        this.events.add(
          { type: 'session-changed', node, instance, peer, from: state, to: 'idle', because },
          { cause },
        );
    }
  }

  // daemons

  private hearDaemon(node: string, fact: LogFact): void {
    const isSwitch = this.lab.nodes.some(each => each.name === node && each.kind === 'switch');
    const instanceOf = (vrf: string) => (isSwitch ? vrf : '');
    switch (fact.type) {
      case 'fsm': {
        const state = this.stateOf(node, instanceOf(fact.vrf), fact.peer);
        // A second connection of the same peer has states of its own.
        if (state === 'established' || fact.to === 'established') return;
        if (fact.to !== 'opensent' && fact.to !== 'openconfirm') {
          if (state === 'opensent' || state === 'openconfirm')
            this.setSession(node, instanceOf(fact.vrf), fact.peer, fact.to, 'the connection ended', fact.at);
          return;
        }
        if (fact.to === 'opensent' && state === 'openconfirm') return;
        this.setSession(node, instanceOf(fact.vrf), fact.peer, fact.to, 'a message came', fact.at);
        return;
      }
      case 'adjacency':
        this.setSession(
          node,
          instanceOf(fact.vrf),
          fact.peer,
          fact.up ? 'established' : 'idle',
          fact.up ? 'the session came up' : this.whyDown(node, fact),
          fact.at,
        );
        return;
      case 'notification': {
        const { peer, code, subcode, text } = fact;
        const type = fact.sent ? 'notification-sent' : 'notification-received';
        const instance = instanceOf(this.instanceOfPeer(node, peer));
        const id = this.add(
          { type, node, instance, peer, code, subcode, text },
          fact.at,
          this.causeOfSession(node, peer, fact.at),
        );
        this.remember(`notification ${node} ${peer}`, id, fact.at);
        return;
      }
      case 'bfd':
        this.hearBfd(node, instanceOf(fact.vrf), fact);
    }
  }

  /** FRR words the end of a session by what its state machine did last; what came just before says more. */
  private whyDown(node: string, fact: Extract<LogFact, { readonly type: 'adjacency' }>): string {
    const { peer, at, because } = fact;
    if (this.recent.before(`bfd ${node} ${peer}`, at) !== undefined) return 'BFD went down';
    if (this.recent.before(`port ${node} ${this.owners.get(peer)}`, at) !== undefined)
      return 'the port went down';
    return because === '' ? 'the session ended' : because;
  }

  private hearBfd(node: string, instance: string, fact: Extract<LogFact, { readonly type: 'bfd' }>): void {
    const { peer, to, from, diagnostic } = fact;
    if (to === 'up') {
      this.add({ type: 'bfd-came-up', node, instance, peer }, fact.at, this.cause(fact.at));
    } else if (to === 'down' && from === 'up') {
      const link = this.owners.get(peer);
      const cause = this.recent.before(`port ${node} ${link}`, fact.at) ?? this.cause(fact.at);
      const id = this.add({ type: 'bfd-went-down', node, instance, peer, diagnostic }, fact.at, cause);
      this.remember(`bfd ${node} ${peer}`, id, fact.at);
    } else return;
    this.bfd.set(`${node} ${instance} ${peer}`, this.time.ofWall(fact.at));
  }

  private stateOf(node: string, instance: string, peer: Ipv4): SessionState {
    return this.sessions.get(`${node} ${instance} ${peer}`)?.state ?? 'idle';
  }

  private setSession(
    node: string,
    instance: string,
    peer: Ipv4,
    to: SessionState,
    because: string,
    wall: number,
  ): void {
    const key = `${node} ${instance} ${peer}`;
    const from = this.stateOf(node, instance, peer);
    if (from === to) return;
    this.sessions.set(key, { state: to, since: this.time.ofWall(wall) });
    const id = this.add(
      { type: 'session-changed', node, instance, peer, from, to, because },
      wall,
      this.causeOfSession(node, peer, wall),
    );
    if (from === 'established' || to === 'established') this.remember(`session ${node}`, id, wall);
  }

  private instanceOfPeer(node: string, peer: Ipv4): string {
    for (const key of this.sessions.keys()) {
      const [name, instance = '', address] = key.split(' ');
      if (name === node && address === peer && instance !== '') return instance;
    }
    return 'default';
  }

  // kernel

  private hearKernel(place: Place, fact: KernelFact): void {
    if (fact.type === 'link') this.hearLink(place, fact.device, fact.up, fact.at);
    else if (fact.protocol === 'bgp') this.hearRoute(place, fact);
  }

  private hearLink({ node }: Place, device: string, up: boolean, wall: number): void {
    const link = this.lab.links.find(({ a, b }) =>
      [a, b].some(end => end.node === node && deviceOf(end.port) === device),
    );
    const end = link === undefined ? undefined : [link.a, link.b].find(each => each.node === node);
    if (link === undefined || end === undefined) return;
    const key = `${node} ${device}`;
    const before = this.ports.get(key);
    if (before === up) return;
    this.ports.set(key, up);
    if (before === undefined && up) return;
    const other = link.a === end ? link.b : link.a;
    const id = this.add(
      { type: up ? 'port-came-up' : 'port-went-down', node, port: end.port },
      wall,
      this.cause(wall),
    );
    this.remember(`port ${node} ${other.node}`, id, wall);
    if (!up && !this.downLinks.has(link.id)) {
      this.downLinks.add(link.id);
      this.add({ type: 'link-went-down', link: link.id }, wall, this.cause(wall));
    }
    const bothUp = [link.a, link.b].every(
      each => this.ports.get(`${each.node} ${deviceOf(each.port)}`) !== false,
    );
    if (up && bothUp && this.downLinks.delete(link.id))
      this.add({ type: 'link-came-up', link: link.id }, wall, this.cause(wall));
  }

  private hearRoute({ node, instance }: Place, fact: Extract<KernelFact, { readonly type: 'route' }>): void {
    const { prefix, gone, gateways, onlink, at } = fact;
    const key = `${node} ${instance} ${prefix}`;
    const before = this.routes.get(key)?.members ?? [];
    const now = gone ? [] : gateways;
    if (before.join() === now.join()) return;
    this.routes.set(key, { members: now, since: this.time.ofWall(at) });
    const cause =
      this.recent.before(`session ${node}`, at) ??
      this.recent.before(`port ${node}`, at) ??
      // What one router says, the next one hears.
      this.recentRoutes.beforeButOf(`${node} ${instance}`, at) ??
      this.cause(at);
    const id = gone
      ? this.add({ type: 'route-lost', node, instance, prefix, previously: before }, at, cause)
      : this.add(
          {
            type: 'route-chosen',
            node,
            instance,
            prefix,
            nextHops: now,
            previously: before,
            owner: onlink ? 'bgp-evpn' : 'bgp',
          },
          at,
          cause,
        );
    this.recentRoutes.note(`${node} ${instance}`, id, at);
    this.onRoute(node, instance, prefix);
    const labels = (members: readonly string[]) =>
      members.map(member => this.memberLabel(node, member, onlink));
    this.add(
      {
        type: 'forwarding-changed',
        node,
        instance,
        prefix,
        members: labels(now),
        previously: labels(before),
      },
      at,
      id,
    );
  }

  /** "ethernet-1/1" for the neighbour on that port; a tunnel's end by its address. */
  private memberLabel(node: string, gateway: Ipv4, onlink: boolean): string {
    const owner = onlink ? undefined : this.owners.get(gateway);
    return (owner === undefined ? undefined : this.portTowards(node, owner)) ?? gateway;
  }

  portTowards(node: string, other: string): string | undefined {
    for (const { a, b } of this.lab.links) {
      if (a.node === node && b.node === other) return a.port;
      if (b.node === node && a.node === other) return b.port;
    }
    return undefined;
  }

  linkUp(link: LabLink): boolean {
    return !this.downLinks.has(link.id);
  }

  // events and causes

  private add(fact: Fact, wall: number, cause: number | undefined): number {
    return this.events.add(fact, { at: this.time.ofWall(wall), cause });
  }

  private remember(about: string, id: number, wall: number): void {
    const words = about.split(' ');
    for (let length = words.length; length > 0; length--)
      this.recent.note(words.slice(0, length).join(' '), id, wall);
  }

  private causeOfSession(node: string, peer: Ipv4, wall: number): number | undefined {
    return (
      this.recent.before(`bfd ${node} ${peer}`, wall) ??
      this.recent.before(`notification ${node} ${peer}`, wall) ??
      this.recent.before(`port ${node} ${this.owners.get(peer)}`, wall) ??
      this.cause(wall)
    );
  }

  /** The last fault or command, while things may still follow from it. */
  private cause(wall: number): number | undefined {
    const { lastFault } = this;
    if (lastFault === undefined) return undefined;
    const since = this.time.ofWall(wall) - lastFault.at;
    return since >= -1 && since < 15_000 ? lastFault.id : undefined;
  }
}
