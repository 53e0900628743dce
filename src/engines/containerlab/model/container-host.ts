import type { SessionParameters } from '../../../kube/metallb/sessions.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { addressPlus } from '../../../net/address.ts';
import { addressOf, type Ipv4Prefix, lengthOf } from '../../../net/prefix.ts';
import type { Conversation } from '../../../programs/conversation.ts';
import type { Docker } from '../../../programs/docker.ts';
import type { ScriptResult } from '../../../programs/process-tree.ts';
import { commandText, withInput } from '../../../programs/shell-text.ts';
import { configChanges } from '../../real/config-changes.ts';
import { metallbConfig } from '../../real/metallb-config.ts';
import type { HostedPod, PodHost, PodHostSpec } from '../../real/pod-host.ts';
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
export class ContainerHost implements PodHost {
  readonly name: string;
  readonly dockerAddress: Ipv4;
  readonly podCidr: Ipv4Prefix;
  running = false;
  speaks = false;
  speakerFrozen = false;
  private readonly options: ContainerHostOptions;
  private others: readonly PodHost[] = [];
  private rules = '';
  private pods: Conversation | undefined;
  private podsWanted = '';
  private podsNow: readonly HostedPod[] = [];
  private addresses = new Set<Ipv4>();
  private speakerWanted: string | undefined;
  private speakerConfig = '';
  private working: Promise<void> = Promise.resolve();
  private failure: string | undefined;

  constructor(options: ContainerHostOptions) {
    this.options = options;
    this.name = options.name;
    this.dockerAddress = options.dockerAddress;
    this.podCidr = options.podCidr;
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

  setRules(rules: string): void {
    if (rules === this.rules) return;
    this.rules = rules;
    this.later(() =>
      rules === this.rules
        ? this.script(`command -v nft >/dev/null || exit 0\n${withInput('nft -f -', rules)}`)
        : undefined,
    );
  }

  setPods(pods: readonly HostedPod[]): void {
    const wanted = JSON.stringify(pods);
    if (wanted === this.podsWanted) return;
    this.podsWanted = wanted;
    const addresses = new Set(pods.map(({ address }) => address));
    const change = (verb: string, list: readonly Ipv4[]) =>
      list.map(each => `ip -n pods address ${verb} ${each}/32 dev eth0`);
    const lines = [
      ...change(
        'add',
        [...addresses].filter(each => !this.addresses.has(each)),
      ),
      ...change(
        'delete',
        [...this.addresses].filter(each => !addresses.has(each)),
      ),
    ];
    this.addresses = addresses;
    if (lines.length > 0) this.later(() => this.script(lines.join('\n')));
    this.podsNow = pods.filter(({ alive, port }) => alive && port > 0);
    if (this.podsNow.length > 0) this.pods ??= this.startPods();
    this.pods?.write(`${JSON.stringify({ pods: this.podsNow })}\n`);
  }

  private startPods(): Conversation {
    const { docker, container } = this.options;
    const argv = ['ip', 'netns', 'exec', 'pods', 'node', '-e', podProgram];
    return docker.converse(container, argv, {
      onOutput: () => {},
      onEnd: () => {
        this.pods = undefined;
      },
    });
  }

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
      const failed = await this.script(startFrr(wanted));
      this.speakerConfig = wanted;
      this.speaks = failed === undefined;
      if (this.speaks) this.options.onSpeaker(true);
      return failed;
    }
    if (this.speakerFrozen) return undefined;
    const changes = configChanges(this.speakerConfig, wanted);
    this.speakerConfig = wanted;
    if (changes.length === 0) return undefined;
    const lines = ['configure terminal', ...changes].flatMap(line => ['-c', line]);
    return this.script(commandText(['vtysh', ...lines]));
  }

  async freezeSpeaker(frozen: boolean): Promise<void> {
    if (frozen) await this.settled();
    await this.script(`kill -${frozen ? 'STOP' : 'CONT'} $(cat /run/frr/bgpd.pid)`);
    this.speakerFrozen = frozen;
    if (!frozen) this.later(() => this.followSpeaker());
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

  async settled(): Promise<string | undefined> {
    let seen: Promise<void>;
    do {
      seen = this.working;
      await seen;
    } while (seen !== this.working);
    return this.failure;
  }

  /** The container was stopped: everything in it is gone. */
  async stop(): Promise<void> {
    this.running = false;
    this.forget();
  }

  /** It runs again, as fresh as at first. */
  start(): void {
    this.running = true;
    this.later(async () => (await this.create()) ?? (await this.routeToPods(this.others)));
  }

  end(): void {
    this.pods?.stop();
    this.pods = undefined;
  }

  /** Takes everything away that the model wanted of the container. */
  async clear(): Promise<void> {
    await this.settled();
    await this.killSpeaker('KILL');
    this.forget();
    await this.script(LEFT_BY_OTHERS);
  }

  private forget(): void {
    this.end();
    if (this.speaks) this.options.onSpeaker(false);
    this.speaks = false;
    this.speakerFrozen = false;
    this.speakerWanted = undefined;
    this.podsWanted = '';
    this.rules = '';
    this.addresses = new Set();
  }

  private async script(text: string): Promise<string | undefined> {
    const shell = this.options.shell();
    if (shell === undefined) return `the container of ${this.name} does not run`;
    const { exitCode, output } = await shell(`(\n${text}\n)`);
    return exitCode === 0 ? undefined : output.trim() || `exit code ${exitCode}`;
  }

  private later(work: () => Promise<string | undefined> | undefined): void {
    this.working = this.working.then(async () => {
      const failed = await work();
      // What a stopped container could not do is done when it starts.
      if (failed !== undefined && this.running) this.failure ??= failed;
    });
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
