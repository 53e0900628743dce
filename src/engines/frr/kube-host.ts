import type { SessionParameters } from '../../kube/metallb/sessions.ts';
import type { Ipv4 } from '../../net/address.ts';
import { addressPlus } from '../../net/address.ts';
import { addressOf, type Ipv4Prefix, lengthOf } from '../../net/prefix.ts';
import { LongProgram } from '../../programs/long-program.ts';
import { nsenterArgv } from '../../programs/namespaces.ts';
import { withInput } from '../../programs/shell-text.ts';
import { configChanges } from '../real/config-changes.ts';
import { metallbConfig } from '../real/metallb-config.ts';
import type { HostedPod, PodHost, PodHostSpec } from '../real/pod-host.ts';
import { podProgram } from '../real/pod-program.ts';
import { partOfDaemon } from './config-parts.ts';
import type { Router } from './daemons.ts';
import { batch, netnsOf, sysctlScript } from './network-plan.ts';
import type { Nodes } from './nodes.ts';

/** One Kubernetes node as namespaces: its own, one for its pods, FRR where MetalLB runs. Everything follows what is wanted. */
export class KubeHost implements PodHost {
  readonly name: string;
  readonly dockerAddress: Ipv4;
  readonly podCidr: Ipv4Prefix;
  private readonly nodes: Nodes;
  private rules = '';
  private pods: LongProgram | undefined;
  private podsWanted = '';
  private alive: readonly HostedPod[] = [];
  private addresses = new Set<Ipv4>();
  private speakerWanted: string | undefined;
  private speakerConfig = '';
  private working: Promise<void> = Promise.resolve();
  private failure: string | undefined;
  running = false;

  constructor(nodes: Nodes, options: PodHostSpec) {
    this.nodes = nodes;
    this.name = options.name;
    this.dockerAddress = options.dockerAddress;
    this.podCidr = options.podCidr;
  }

  get podNetns(): string {
    return `${netnsOf(this.name)}.pods`;
  }

  get router(): Router | undefined {
    return this.nodes.routers.get(this.name);
  }

  /** MetalLB's FRR is up. */
  speaks = false;

  get speakerFrozen(): boolean {
    return this.router?.frozen === true;
  }

  async create(networkLength: number, gateway: Ipv4): Promise<string | undefined> {
    const netns = netnsOf(this.name);
    const inside = addressPlus(addressOf(this.podCidr), 1);
    const failed =
      (await this.nodes.addHost(this.name, `${this.dockerAddress}/${networkLength}`)) ??
      (await this.nodes.all([
        `ip netns add ${this.podNetns}`,
        sysctlScript(this.podNetns),
        // Servers may listen before their address is there.
        `nsenter --net=/run/netns/${this.podNetns} sh -c 'echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind'`,
        `ip link add pods netns ${netns} type veth peer name eth0 netns ${this.podNetns}`,
        batch(netns, [
          `route add default via ${gateway}`,
          `addr add ${inside}/${lengthOf(this.podCidr)} dev pods`,
          'link set pods up',
        ]),
        batch(this.podNetns, [
          'link set lo up',
          // Routes stay when the last pod goes.
          'addr add 169.254.1.2/32 dev eth0',
          'link set eth0 up',
          `route add ${inside} dev eth0`,
          `route add default via ${inside} onlink dev eth0`,
        ]),
      ]));
    if (failed === undefined) this.running = true;
    return failed;
  }

  /** Routes to the other nodes' pods, over the Docker network as kindnet sets them. */
  async routeToPods(others: readonly PodHost[]): Promise<string | undefined> {
    return this.nodes.all([
      batch(
        netnsOf(this.name),
        others.map(other => `route replace ${other.podCidr} via ${other.dockerAddress}`),
      ),
    ]);
  }

  setRules(rules: string): void {
    if (rules === this.rules) return;
    this.rules = rules;
    this.later(async () => {
      if (rules !== this.rules) return undefined;
      const netns = netnsOf(this.name);
      return this.nodes.all([withInput(`nsenter --net=/run/netns/${netns} nft -f -`, rules)]);
    });
  }

  setPods(pods: readonly HostedPod[]): void {
    const wanted = JSON.stringify(pods);
    if (wanted === this.podsWanted) return;
    this.podsWanted = wanted;
    const addresses = new Set(pods.map(({ address }) => address));
    const lines = [
      ...[...addresses].filter(each => !this.addresses.has(each)).map(each => `addr add ${each}/32 dev eth0`),
      ...[...this.addresses].filter(each => !addresses.has(each)).map(each => `addr del ${each}/32 dev eth0`),
    ];
    this.addresses = addresses;
    this.later(async () => (lines.length === 0 ? undefined : this.nodes.all([batch(this.podNetns, lines)])));
    this.alive = pods.filter(pod => pod.alive && pod.port > 0);
    this.servePods();
  }

  private servePods(): void {
    if (!this.running) return;
    if (this.alive.length > 0) this.pods ??= this.startPods();
    this.pods?.write(JSON.stringify({ pods: this.alive }));
  }

  private startPods(): LongProgram {
    const { pid, userNamespace } = this.nodes.tree;
    const argv = nsenterArgv({ tree: pid, userNamespace, netns: this.podNetns }, [
      process.execPath,
      ...SMALL,
      '-e',
      podProgram,
    ]);
    const onEnd = () => {
      // Killed from outside, say for want of memory: started again, as a kubelet would.
      this.pods = undefined;
      setTimeout(() => this.servePods(), 500).unref();
    };
    return new LongProgram(argv, { onLine: () => {}, onEnd }, { NODE_OPTIONS: '' });
  }

  /** MetalLB's sessions on this node; undefined: its FRR does not run. */
  setSpeaker(sessions: readonly SessionParameters[] | undefined): void {
    const wanted =
      sessions === undefined || (sessions.length === 0 && this.speakerWanted === undefined)
        ? undefined
        : metallbConfig(this.name, sessions);
    if (wanted === this.speakerWanted) return;
    this.speakerWanted = wanted;
    this.later(() => this.followSpeaker());
  }

  private async followSpeaker(): Promise<string | undefined> {
    const wanted = this.speakerWanted;
    if (wanted === undefined) {
      if (this.speaks) await this.killSpeaker('KILL');
      return undefined;
    }
    if (!this.speaks) {
      const router = this.router ?? this.nodes.addHostRouter(this.name, wanted);
      router.config = wanted;
      this.speakerConfig = wanted;
      this.speaks = true;
      return this.nodes.startRouters([router]);
    }
    const { router } = this;
    if (wanted === this.speakerConfig || router === undefined || router.frozen) return undefined;
    const complaints: string[] = [];
    for (const daemon of ['bfdd', 'bgpd'] as const) {
      const changes = configChanges(partOfDaemon(this.speakerConfig, daemon), partOfDaemon(wanted, daemon));
      if (changes.length > 0) complaints.push(...(await router.vty(daemon).configure(changes)));
    }
    this.speakerConfig = wanted;
    router.config = wanted;
    return complaints.length === 0 ? undefined : `${this.name}: ${complaints.join('; ')}`;
  }

  async killSpeaker(signal: 'KILL' | 'TERM'): Promise<void> {
    const { router } = this;
    this.speaks = false;
    if (router === undefined) return;
    if (router.frozen) this.nodes.onFrozenGone(this.name);
    router.running = false;
    await this.nodes.tree.script(
      (['bgpd', 'bfdd', 'zebra'] as const).map(daemon => router.endScript(daemon, signal)).join('\n'),
    );
    router.close();
  }

  async freezeSpeaker(frozen: boolean): Promise<void> {
    if (frozen) await this.settled();
    await this.router?.freezeBgp(frozen);
    if (!frozen) this.later(() => this.followSpeaker());
  }

  /** Power off: pods and daemons die, links lose carrier (the caller's). */
  async stop(): Promise<void> {
    this.running = false;
    this.pods?.stop();
    this.pods = undefined;
    this.podsWanted = '';
    this.speakerWanted = undefined;
    await this.killSpeaker('KILL');
  }

  start(): void {
    this.running = true;
  }

  end(): void {
    this.running = false;
    this.pods?.stop();
    this.pods = undefined;
  }

  /** What has been asked for is done; a sentence when something failed. */
  async settled(): Promise<string | undefined> {
    let seen: Promise<void>;
    do {
      seen = this.working;
      await seen;
    } while (seen !== this.working);
    return this.failure;
  }

  private later(work: () => Promise<string | undefined>): void {
    this.working = this.working.then(async () => {
      const failed = await work();
      if (failed !== undefined) this.failure ??= failed;
    });
  }
}

/** Node.js in little memory: these programs hold nothing. */
export const SMALL: readonly string[] = [
  '--max-old-space-size=16',
  '--max-semi-space-size=1',
  '--single-threaded',
  '--jitless',
  '--no-expose-wasm',
];
