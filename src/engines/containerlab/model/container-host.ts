import type { Ipv4 } from '../../../net/address.ts';
import { addressPlus } from '../../../net/address.ts';
import { addressOf, lengthOf } from '../../../net/prefix.ts';
import type { Docker } from '../../../programs/docker.ts';
import type { ScriptResult } from '../../../programs/process-tree.ts';
import { commandText, withInput } from '../../../programs/shell-text.ts';
import { configChanges } from '../../real/config-changes.ts';
import { PlayedNode, type PodServer } from '../../real/played-node.ts';
import type { PodHost, PodHostSpec } from '../../real/pod-host.ts';
import { podProgram } from '../../real/pod-program.ts';

export type ContainerHostOptions = PodHostSpec & {
  readonly container: string;
  readonly docker: Docker;
  /** The shell that runs on in the container; undefined while that does not run. */
  readonly shell: () => ((script: string) => Promise<ScriptResult>) | undefined;
  /** FRR begins or ceases to run in it: somebody watches it then. */
  readonly onSpeaker: (speaks: boolean) => void;
};

/**
 * A container that plays a node of a modelled cluster: pods answer in a namespace of their own, kube-proxy is rules of nftables,
 * MetalLB is FRR. What its image lacks it does not play: the clients' has neither, and needs neither.
 */
export class ContainerHost extends PlayedNode {
  speakerFrozen = false;
  private readonly options: ContainerHostOptions;
  private others: readonly PodHost[] = [];

  constructor(options: ContainerHostOptions) {
    super(options);
    this.options = options;
  }

  async create(): Promise<string | undefined> {
    const inside = addressPlus(addressOf(this.podCidr), 1);
    const settings = [
      ['ipv4/ip_forward', 1],
      ['ipv4/ip_nonlocal_bind', 1],
      ['ipv4/conf/all/rp_filter', 0],
      ['ipv4/conf/default/rp_filter', 0],
      ['ipv4/icmp_ratelimit', 0],
    ] as const;
    const writes = settings.map(([name, value]) => `echo ${value} 2>/dev/null >/proc/sys/net/${name}`);
    const failed = await this.script(
      [
        LEFT_BY_OTHERS,
        ...writes,
        // The little ip of a client's image knows no namespaces: no pod listens there.
        'ip netns list >/dev/null 2>&1 || exit 0',
        'ip netns list | grep -q "^pods" || {',
        '  ip netns add pods &&',
        `  ip netns exec pods sh -c 'echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind' &&`,
        '  ip link add pods type veth peer name eth0 netns pods &&',
        '  ip -n pods link set lo up &&',
        '  ip -n pods address add 169.254.1.2/32 dev eth0 &&',
        '  ip -n pods link set eth0 up; }',
        '[ $? = 0 ] &&',
        `ip address replace ${inside}/${lengthOf(this.podCidr)} dev pods &&`,
        'ip link set pods up &&',
        `ip -n pods route replace ${inside} dev eth0 &&`,
        `ip -n pods route replace default via ${inside} dev eth0 onlink`,
      ].join('\n'),
    );
    if (failed === undefined) this.running = true;
    return failed;
  }

  async routeToPods(others: readonly PodHost[]): Promise<string | undefined> {
    this.others = others;
    const lines = others.map(other => `ip route replace ${other.podCidr} via ${other.dockerAddress}`);
    return lines.length === 0 ? undefined : this.script(lines.join(' && '));
  }

  async killSpeaker(signal: 'KILL' | 'TERM'): Promise<void> {
    if (!this.speaks) return;
    this.speaks = false;
    this.speakerFrozen = false;
    const killed = FRR.map(
      daemon => `kill -${signal} $(cat /run/frr/${daemon}.pid) 2>/dev/null; rm -f /run/frr/${daemon}.pid`,
    );
    await this.script(`${killed.join('\n')}\ntrue`);
    this.options.onSpeaker(false);
  }

  /** The container was stopped: everything in it is gone. */
  async stop(): Promise<void> {
    this.running = false;
    this.allIsGone();
  }

  /** It runs again, as fresh as at first. */
  start(): void {
    this.running = true;
    this.later(async () => (await this.create()) ?? (await this.routeToPods(this.others)));
  }

  /** Takes everything away that the model wanted of the container. */
  async clear(): Promise<void> {
    await this.settled();
    await this.killSpeaker('KILL');
    this.allIsGone();
    await this.script(LEFT_BY_OTHERS);
  }

  protected applyRules(rules: string): Promise<string | undefined> {
    return this.script(`command -v nft >/dev/null || exit 0\n${withInput('nft -f -', rules)}`);
  }

  protected changeAddresses(added: readonly Ipv4[], removed: readonly Ipv4[]): Promise<string | undefined> {
    return this.script(
      [
        ...added.map(each => `ip -n pods address add ${each}/32 dev eth0`),
        ...removed.map(each => `ip -n pods address delete ${each}/32 dev eth0`),
      ].join('\n'),
    );
  }

  protected startServer(onEnd: () => void): PodServer {
    const { docker, container } = this.options;
    const argv = ['ip', 'netns', 'exec', 'pods', 'node', '-e', podProgram];
    const conversation = docker.converse(container, argv, { onOutput: () => {}, onEnd });
    return { write: line => conversation.write(`${line}\n`), stop: () => conversation.stop() };
  }

  protected async startSpeaker(config: string): Promise<string | undefined> {
    const failed = await this.script(startFrr(config));
    if (failed === undefined) this.options.onSpeaker(true);
    return failed;
  }

  protected async changeSpeaker(before: string, after: string): Promise<string | undefined> {
    const changes = configChanges(before, after);
    if (changes.length === 0) return undefined;
    const lines = ['configure terminal', ...changes].flatMap(line => ['-c', line]);
    return this.script(commandText(['vtysh', ...lines]));
  }

  protected async signalFrozen(frozen: boolean): Promise<void> {
    await this.script(`kill -${frozen ? 'STOP' : 'CONT'} $(cat /run/frr/bgpd.pid)`);
    this.speakerFrozen = frozen;
  }

  private allIsGone(): void {
    if (this.speaks) this.options.onSpeaker(false);
    this.speaks = false;
    this.speakerFrozen = false;
    this.forgetEverything();
  }

  private async script(text: string): Promise<string | undefined> {
    const shell = this.options.shell();
    if (shell === undefined) return `the container of ${this.name} does not run`;
    const { exitCode, output } = await shell(`(\n${text}\n)`);
    return exitCode === 0 ? undefined : output.trim() || `exit code ${exitCode}`;
  }
}

const FRR = ['bgpd', 'bfdd', 'zebra', 'mgmtd'];

/** What a model wanted of the container, this one or one before it. */
const LEFT_BY_OTHERS = [
  ...FRR.map(
    daemon =>
      `[ ! -e /run/frr/${daemon}.pid ] || { kill -9 $(cat /run/frr/${daemon}.pid); rm -f /run/frr/${daemon}.pid; } 2>/dev/null`,
  ),
  'ip netns delete pods 2>/dev/null',
  // While a process is in the namespace, that stays, and its cable with it.
  'ip link delete dev pods 2>/dev/null',
  'command -v nft >/dev/null && nft delete table ip kube-proxy 2>/dev/null',
  'true',
].join('\n');

/** FRR's daemons with one configuration, as its own scripts start them. */
function startFrr(config: string): string {
  return [
    'mkdir -p /run/frr /etc/frr && chown frr:frr /run/frr /etc/frr &&',
    withInput('cat >/etc/frr/frr.conf', config),
    withInput('cat >/etc/frr/vtysh.conf', 'service integrated-vtysh-config\nusername root nopassword'),
    'for daemon in mgmtd zebra bgpd bfdd; do',
    '  /usr/lib/frr/$daemon -d -A 127.0.0.1 -P 0 </dev/null >/dev/null 2>&1 || { echo "$daemon did not start"; exit 1; }',
    'done',
    'vtysh -b >/dev/null 2>&1',
  ].join('\n');
}
