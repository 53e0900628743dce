import { originAttributes } from '../../../bgp/route.ts';
import type { Cluster } from '../../../kube/cluster.ts';
import type { SessionParameters } from '../../../kube/metallb/sessions.ts';
import { faultId } from '../../../lab/fault.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { containsAddress, type Ipv4Prefix, networkOf } from '../../../net/prefix.ts';
import { BgpProcess } from '../bgp-process.ts';
import type { CoreServices, NodeSpeaker } from '../cluster-port.ts';
import type { Task } from '../queue.ts';
import type { World } from '../world.ts';
import { AnnouncementLog } from './announcement-log.ts';
import type { NodeDevice } from './node-device.ts';
import { configOf, speakable } from './speaker-config.ts';

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

/** MetalLB's speakers on the nodes of one cluster: a BGP process per node, as the cluster's objects want it. */
export class Speakers {
  private readonly world: World;
  private readonly core: CoreServices;
  private readonly cluster: Cluster;
  private readonly byNode = new Map<string, Running>();
  private readonly announcements: AnnouncementLog;
  /** The situation that was last brought in line. */
  private followed = '';

  constructor(world: World, core: CoreServices, cluster: Cluster) {
    this.world = world;
    this.core = core;
    this.cluster = cluster;
    this.announcements = new AnnouncementLog(world, cluster);
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
    this.announcements.follow(node => this.speaks(node));
  }

  /** The node is gone for good, and the process with it: nobody is told. */
  leave(device: NodeDevice): void {
    const running = this.byNode.get(device.name);
    this.byNode.delete(device.name);
    this.world.cancel(running?.reload);
    running?.process.vanish();
    running?.process.remove();
    this.announcements.follow(node => this.speaks(node));
    this.core.onSessionsChanged(device);
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

  /** The process on the node ends in good order. */
  terminate(node: string): void {
    const running = this.byNode.get(node);
    if (running !== undefined) this.down(running, 'terminate');
  }

  /** It stands still: its announcements stay with whoever has them. */
  freeze(node: string): void {
    this.byNode.get(node)?.process.freeze();
  }

  thaw(node: string): void {
    this.byNode.get(node)?.process.thaw();
  }

  frozen(node: string): boolean {
    return this.byNode.get(node)?.process.frozen === true;
  }

  /** FRR's container (or the native speaker) has a running process. */
  daemonRuns(device: NodeDevice): boolean {
    const found = device.running ? this.cluster.metallb.bgpContainer(device.name) : undefined;
    return found !== undefined && this.cluster.containerAlive(found.pod, found.container, this.world.now());
  }

  private down(running: Running, how: 'kill' | 'terminate' = 'kill'): void {
    if (!running.process.alive && running.reload === undefined) return;
    this.world.cancel(running.reload);
    running.reload = undefined;
    running.wanted = '';
    if (running.device.running) running.process[how]();
    else running.process.vanish();
    this.world.endFault(faultId({ kind: 'speaker-frozen', node: running.device.name }));
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

  /** Its daemon runs, or reads its first configuration. */
  private speaks(node: string): boolean {
    return this.alive(node) || this.byNode.get(node)?.reload !== undefined;
  }
}
