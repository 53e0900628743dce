import type { Ipv4 } from '../../net/address.ts';
import { addressPlus } from '../../net/address.ts';
import { addressOf, lengthOf } from '../../net/prefix.ts';
import { LongProgram } from '../../programs/long-program.ts';
import { nsenterArgv } from '../../programs/namespaces.ts';
import { withInput } from '../../programs/shell-text.ts';
import { configChanges } from '../real/config-changes.ts';
import { PlayedNode, type PodServer } from '../real/played-node.ts';
import type { PodHost, PodHostSpec } from '../real/pod-host.ts';
import { podProgram } from '../real/pod-program.ts';
import { partOfDaemon } from './config-parts.ts';
import type { Router } from './daemons.ts';
import { batch, netnsOf, sysctlScript } from './network-plan.ts';
import type { Nodes } from './nodes.ts';

/** One Kubernetes node as namespaces: its own, one for its pods, FRR where MetalLB runs. */
export class KubeHost extends PlayedNode {
  private readonly nodes: Nodes;

  constructor(nodes: Nodes, spec: PodHostSpec) {
    super(spec);
    this.nodes = nodes;
  }

  get podNetns(): string {
    return `${netnsOf(this.name)}.pods`;
  }

  get router(): Router | undefined {
    return this.nodes.routers.get(this.name);
  }

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

  /** Power off: pods and daemons die, links lose carrier (the caller's); its namespaces stay. */
  async stop(): Promise<void> {
    this.running = false;
    this.forgetProcesses();
    await this.killSpeaker('KILL');
  }

  start(): void {
    this.running = true;
  }

  override end(): void {
    this.running = false;
    super.end();
  }

  protected applyRules(rules: string): Promise<string | undefined> {
    return this.nodes.all([withInput(`nsenter --net=/run/netns/${netnsOf(this.name)} nft -f -`, rules)]);
  }

  protected changeAddresses(added: readonly Ipv4[], removed: readonly Ipv4[]): Promise<string | undefined> {
    return this.nodes.all([
      batch(this.podNetns, [
        ...added.map(each => `addr add ${each}/32 dev eth0`),
        ...removed.map(each => `addr del ${each}/32 dev eth0`),
      ]),
    ]);
  }

  protected startServer(onEnd: () => void): PodServer {
    const { pid, userNamespace } = this.nodes.tree;
    const argv = nsenterArgv({ tree: pid, userNamespace, netns: this.podNetns }, [
      process.execPath,
      ...SMALL,
      '-e',
      podProgram,
    ]);
    return new LongProgram(argv, { onLine: () => {}, onEnd }, { NODE_OPTIONS: '' });
  }

  protected async startSpeaker(config: string): Promise<string | undefined> {
    const router = this.router ?? this.nodes.addHostRouter(this.name, config);
    router.config = config;
    return this.nodes.startRouters([router]);
  }

  protected async changeSpeaker(before: string, after: string): Promise<string | undefined> {
    const { router } = this;
    if (router === undefined) return undefined;
    const complaints: string[] = [];
    for (const daemon of ['bfdd', 'bgpd'] as const) {
      const changes = configChanges(partOfDaemon(before, daemon), partOfDaemon(after, daemon));
      if (changes.length > 0) complaints.push(...(await router.vty(daemon).configure(changes)));
    }
    router.config = after;
    return complaints.length === 0 ? undefined : `${this.name}: ${complaints.join('; ')}`;
  }

  protected async signalFrozen(frozen: boolean): Promise<void> {
    await this.router?.freezeBgp(frozen);
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
