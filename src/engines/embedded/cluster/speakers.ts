import type { SpeakerConfig } from '../../../bgp/config.ts';
import { originAttributes } from '../../../bgp/route.ts';
import type { Cluster } from '../../../kube/cluster.ts';
import type { SessionParameters } from '../../../kube/metallb/sessions.ts';
import type { Fact } from '../../../lab/event.ts';
import { compareAddresses, type Ipv4 } from '../../../net/address.ts';
import type { Asn } from '../../../net/asn.ts';
import { addressOf, containsAddress, type Ipv4Prefix, networkOf } from '../../../net/prefix.ts';
import { BgpProcess } from '../bgp-process.ts';
import type { CoreServices, NodeSpeaker } from '../cluster-port.ts';
import type { Task } from '../queue.ts';
import type { World } from '../world.ts';
import type { NodeDevice } from './node-device.ts';

/** From a changed custom resource or endpoint to FRR's running configuration: watch, render, reload. */
const RELOAD_DELAY = 300;
/** FRR acts on what it hears within milliseconds on a host with two routes. */
const DECISION_DELAY = 5;

type Running = {
  readonly device: NodeDevice;
  readonly process: BgpProcess;
  sessions: readonly SessionParameters[];
  /** What it originates now. */
  prefixes: ReadonlyMap<Ipv4Prefix, string>;
  /** The configuration it will have after the reload that is under way. */
  wanted: string;
  reload: Task | undefined;
};

type Announced = { readonly node: string; readonly service: string; readonly prefix: Ipv4Prefix };

/** MetalLB's speakers on the nodes of one cluster: a BGP process per node, as the cluster's objects want it. */
export class Speakers {
  private readonly world: World;
  private readonly core: CoreServices;
  private readonly cluster: Cluster;
  private readonly byNode = new Map<string, Running>();
  private announced = new Map<string, Announced>();
  /** The situation that was last brought in line. */
  private followed = '';

  constructor(world: World, core: CoreServices, cluster: Cluster) {
    this.world = world;
    this.core = core;
    this.cluster = cluster;
  }

  /** Brings processes, sessions and announcements in line with the cluster as it is now. */
  follow(devices: Iterable<NodeDevice>): void {
    const { metallb, store } = this.cluster;
    const all = [...devices];
    const situation = `${store.version} ${all.map(device => this.daemonRuns(device)).join(' ')}`;
    if (situation === this.followed) return;
    this.followed = situation;
    for (const device of all) {
      const node = store.get('Node', device.name);
      const alive = this.daemonRuns(device);
      const running = this.byNode.get(device.name);
      if (running !== undefined && !alive) this.down(running);
      if (!alive || node === undefined) continue;
      this.want(device, speakable(metallb.sessions(node)));
    }
    this.reportAnnouncements();
  }

  all(): NodeSpeaker[] {
    return [...this.byNode.values()].map(running => ({
      node: running.device.name,
      process: running.process,
      bfd: peer => {
        const bfd = running.sessions.find(session => session.peerAddress === peer)?.bfd;
        if (bfd === undefined) return undefined;
        return {
          desiredMinimumTransmit: bfd.transmitInterval,
          requiredMinimumReceive: bfd.receiveInterval,
          detectionMultiplier: bfd.detectMultiplier,
          multihop: bfd.multihop,
        };
      },
    }));
  }

  /** Whether BGP is spoken on the node now. */
  alive(node: string): boolean {
    return this.byNode.get(node)?.process.alive === true;
  }

  /** FRR's container (or the native speaker) has a running process. */
  daemonRuns(device: NodeDevice): boolean {
    const found = device.running ? this.cluster.metallb.bgpContainer(device.name) : undefined;
    return found !== undefined && this.cluster.containerAlive(found.pod, found.container, this.world.now());
  }

  private down(running: Running): void {
    if (!running.process.alive && running.reload === undefined) return;
    this.world.cancel(running.reload);
    running.reload = undefined;
    running.wanted = '';
    if (running.device.running) running.process.kill();
    else running.process.vanish();
    this.core.onSessionsChanged(running.device);
  }

  private want(device: NodeDevice, sessions: readonly SessionParameters[]): void {
    const running = this.byNode.get(device.name);
    const wanted = JSON.stringify(sessions);
    if (running === undefined) {
      if (sessions.length > 0) this.create(device, sessions, wanted);
      return;
    }
    if (running.wanted === wanted) return;
    running.wanted = wanted;
    this.world.cancel(running.reload);
    running.reload = this.world.schedule(RELOAD_DELAY, () => {
      running.reload = undefined;
      this.configure(running, sessions);
    });
  }

  private create(device: NodeDevice, sessions: readonly SessionParameters[], wanted: string): void {
    const running: Running = {
      device,
      process: new BgpProcess({
        world: this.world,
        transport: this.core.transport,
        device,
        instance: '',
        config: configOf(device, sessions),
        resolveNextHop: () => ({ cost: 0 }),
        refusesToConnect: peer => this.connectedCheck(device, peer),
        onChanges: () => {},
        onSessionsChanged: () => this.core.onSessionsChanged(device),
        decisionDelay: DECISION_DELAY,
      }),
      sessions,
      prefixes: new Map(),
      wanted,
      reload: undefined,
    };
    this.byNode.set(device.name, running);
    running.reload = this.world.schedule(RELOAD_DELAY, () => {
      running.reload = undefined;
      this.configure(running, sessions);
    });
  }

  private configure(running: Running, sessions: readonly SessionParameters[]): void {
    const { process, device } = running;
    running.sessions = sessions;
    if (sessions.length === 0) {
      process.remove();
      running.prefixes = new Map();
      this.byNode.delete(device.name);
      this.core.onSessionsChanged(device);
      return;
    }
    process.reconfigure(configOf(device, sessions));
    if (!process.alive) process.start();
    this.originate(running);
    this.core.onSessionsChanged(device);
  }

  /** FRR opens no eBGP session without multihop to an address that is on none of the host's own networks. */
  private connectedCheck(device: NodeDevice, peer: Ipv4): string | undefined {
    const session = this.byNode.get(device.name)?.sessions.find(each => each.peerAddress === peer);
    if (session?.ttl !== 1) return undefined;
    const connected = device
      .interfaces()
      .some(each => each.address !== undefined && each.up && containsAddress(networkOf(each.address), peer));
    return connected ? undefined : 'the peer is not on a connected network and ebgpMultiHop is not set';
  }

  private originate(running: Running): void {
    const wanted = new Map<Ipv4Prefix, string>();
    for (const { advertisements } of running.sessions)
      for (const { prefix, communities } of advertisements) wanted.set(prefix, communities.join(' '));
    const gone = [...running.prefixes.keys()].filter(prefix => !wanted.has(prefix));
    const fresh = [...wanted].filter(([prefix, communities]) => running.prefixes.get(prefix) !== communities);
    running.prefixes = wanted;
    if (gone.length > 0) running.process.withdraw('ipv4-unicast', gone);
    if (fresh.length === 0) return;
    running.process.originate(
      'ipv4-unicast',
      fresh.map(([prefix, communities]) => ({
        nlri: prefix,
        protocol: 'static',
        attributes: {
          ...originAttributes,
          communities: communities === '' ? [] : communities.split(' '),
        },
      })),
    );
  }

  private reportAnnouncements(): void {
    const now = new Map<string, Announced>();
    const reasons = new Map<string, Extract<Fact, { type: 'announcement-stopped' }>['reason']>();
    for (const { service, node, decision } of this.cluster.metallb.announcements()) {
      const name = serviceText(service.metadata.namespace, service.metadata.name);
      if (!decision.announced) {
        reasons.set(`${name} ${node}`, decision.reason);
        continue;
      }
      if (!this.alive(node) && !this.starting(node)) {
        reasons.set(`${name} ${node}`, 'speakerGone');
        continue;
      }
      for (const { prefix } of decision.advertisements)
        now.set(`${name} ${node} ${prefix}`, { node, service: name, prefix });
    }
    const before = this.announced;
    this.announced = now;
    for (const [key, each] of before) {
      if (now.has(key)) continue;
      const reason = reasons.get(`${each.service} ${each.node}`) ?? this.whyGone(each);
      this.world.emit({ type: 'announcement-stopped', ...each, reason });
    }
    for (const [key, each] of now) {
      if (before.has(key)) continue;
      this.world.emit({ type: 'announcement-started', ...each });
      this.noteAssigned(each);
    }
  }

  /** The speaker's own Event on the service. */
  private noteAssigned({ node, service }: Announced): void {
    const slash = service.indexOf('/');
    this.cluster.occurrences.add(this.world.now(), {
      type: 'Normal',
      reason: 'nodeAssigned',
      message: `announcing from node "${node}" with protocol "bgp"`,
      kind: 'service',
      namespace: slash < 0 ? 'default' : service.slice(0, slash),
      name: service.slice(slash + 1),
      from: 'metallb-speaker',
    });
  }

  private starting(node: string): boolean {
    return this.byNode.get(node)?.reload !== undefined;
  }

  private whyGone({ node }: Announced): 'serviceGone' | 'speakerGone' {
    return this.alive(node) ? 'serviceGone' : 'speakerGone';
  }
}

/** "hello-lb"; with its namespace in front where that is not "default". */
export function serviceText(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === 'default' ? name : `${namespace}/${name}`;
}

/** `dynamicASN: external` is not modelled: such a peer gets no session. */
function speakable(sessions: readonly SessionParameters[]): SessionParameters[] {
  return sessions.filter(session => session.peerAsn !== 'external');
}

function configOf(device: NodeDevice, sessions: readonly SessionParameters[]): SpeakerConfig {
  const [first] = sessions;
  const localAsn = first?.localAsn ?? 1;
  return {
    adminState: true,
    autonomousSystem: localAsn,
    routerId: sessions.find(session => session.routerId !== undefined)?.routerId ?? highestAddress(device),
    // `no bgp ebgp-requires-policy`
    ebgpDefaultPolicy: { importRejectAll: false, exportRejectAll: false },
    families: [
      { name: 'ipv4-unicast', adminState: true, multipath: { ebgp: 1, ibgp: 1, allowMultipleAs: true } },
    ],
    rapidWithdrawal: true,
    neighbors: sessions.map(session => ({
      peerAddress: session.peerAddress,
      peerAs: peerAsnOf(session),
      group: session.peer,
      adminState: true,
      localAs: session.localAsn,
      families: ['ipv4-unicast'],
      importPolicies: [`${session.peer}-in`],
      exportPolicies: [`${session.peer}-out`],
      nextHopSelf: false,
      sendDefaultRoute: false,
      ttl: session.ttl,
      bfd: session.bfd !== undefined,
      fastFailover: session.ttl === 1,
      timers: {
        connectRetry: session.connectRetry,
        holdTime: session.holdTime,
        keepaliveInterval: session.keepaliveTime,
        minimumAdvertisementInterval: 0,
      },
      passive: false,
      routeReflectorClient: false,
      ...(session.sourceAddress === undefined ? {} : { localAddress: session.sourceAddress }),
    })),
    dynamicNeighbors: [],
    policies: sessions.flatMap(session => [
      // MetalLB takes nothing in.
      { name: `${session.peer}-in`, defaultResult: 'reject', statements: [] },
      {
        name: `${session.peer}-out`,
        defaultResult: 'reject',
        statements: session.advertisements.map(({ prefix, localPref }) => ({
          name: prefix,
          match: { prefixSet: `${session.peer} ${prefix}` },
          result: 'accept',
          set: localPref === undefined ? {} : { localPreference: localPref },
        })),
      },
    ]),
    prefixSets: sessions.flatMap(session =>
      session.advertisements.map(({ prefix }) => {
        const length = Number(prefix.slice(prefix.indexOf('/') + 1));
        return { name: `${session.peer} ${prefix}`, entries: [{ prefix, from: length, to: length }] };
      }),
    ),
  };
}

function peerAsnOf(session: SessionParameters): Asn {
  return typeof session.peerAsn === 'number' ? session.peerAsn : session.localAsn;
}

/** FRR's router id where nothing is configured: the highest address of the host. */
function highestAddress(device: NodeDevice): Ipv4 {
  const addresses = device
    .interfaces()
    .filter(each => each.name !== 'lo')
    .flatMap(each => (each.address === undefined ? [] : [addressOf(each.address)]));
  return addresses.sort(compareAddresses).at(-1) ?? device.dockerAddress;
}
