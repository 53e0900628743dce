import type { Lab, LabLink, SwitchNode } from '../../lab/lab.ts';
import { switchesOf } from '../../lab/lab.ts';
import type { FrrDaemon, FrrInstallation } from '../../programs/frr.ts';
import { nsenterArgv, type Place } from '../../programs/namespaces.ts';
import type { ProcessTree, ScriptResult } from '../../programs/process-tree.ts';
import { type ProgramOptions, type ProgramResult, runProgram } from '../../programs/run-program.ts';
import { isVrf, vniOf } from '../real/device-names.ts';
import { objectOf } from '../real/said.ts';
import { Router } from './daemons.ts';
import { linkScript, netnsOf, switchScript, sysctlScript } from './network-plan.ts';

/** The lab's nodes and links as namespaces of one process tree. Failures are sentences, undefined is success. */
export class Nodes {
  readonly lab: Lab;
  readonly tree: ProcessTree;
  readonly frr: FrrInstallation;
  readonly routers = new Map<string, Router>();
  readonly plugged = new Set<string>();
  readonly hosts = new Set<string>();
  /** Told of the namespaces of nodes before anything happens in them. */
  onNamespaces: (
    places: readonly { readonly netns: string; readonly node: string; readonly instance: string }[],
  ) => Promise<void> = async () => {};
  /** Told of a node whose BGP process stood still and is gone now. */
  onFrozenGone: (node: string) => void = () => {};
  readonly configs: ReadonlyMap<string, string>;

  constructor(lab: Lab, tree: ProcessTree, frr: FrrInstallation, configs: ReadonlyMap<string, string>) {
    this.lab = lab;
    this.tree = tree;
    this.frr = frr;
    this.configs = configs;
  }

  /** What everything else stands on: /run of the tree's own, a group file that FRR likes, the Docker network's bridge. */
  async prepare(): Promise<string | undefined> {
    return failureOf(
      await this.tree.script(
        [
          '(',
          'set -e',
          'mount -t tmpfs -o size=96m,mode=755 tmpfs /run',
          'mkdir -p /run/netns /run/frr /run/routers /run/etc',
          '[ ! -d /var/tmp ] || mount -t tmpfs -o size=16m tmpfs /var/tmp',
          "{ grep -v '^frrvty:' /etc/group; echo 'frrvty:x:0:root'; } >/run/etc/group",
          'mount --bind /run/etc/group /etc/group',
          // A fresh network namespace's own devices are up from the start.
          'ip link set lo up',
          'ip link add docker0 type bridge stp_state 0 forward_delay 0',
          'ip link set docker0 up',
          ')',
        ].join('\n'),
      ),
    );
  }

  // switches

  async deployFabric(): Promise<string | undefined> {
    const switches = switchesOf(this.lab);
    const links = this.lab.links.filter(({ role }) => role === 'fabric');
    const made = await this.all([
      ...switches.map((node, index) => switchScript(node, index)),
      ...links.map(link => linkScript(this.lab, link)),
    ]);
    if (made !== undefined) return made;
    for (const link of links) this.plugged.add(link.id);
    for (const node of switches) this.addRouter(node);
    await this.onNamespaces(
      switches.flatMap(({ name, config }) => [
        { netns: netnsOf(name), node: name, instance: 'default' },
        ...config.networkInstances
          .filter(isVrf)
          .map(vrf => ({ netns: netnsOf(name, vrf.name), node: name, instance: vrf.name })),
      ]),
    );
    return this.startRouters([...this.routers.values()]);
  }

  private addRouter(node: SwitchNode): void {
    const vrfs = node.config.networkInstances.filter(isVrf).map(({ name }) => name);
    const config = this.configs.get(node.name) ?? '';
    this.routers.set(node.name, new Router(this.tree, this.frr, { name: node.name, vrfs, config }));
  }

  /** A router on a node that is no switch: MetalLB's. */
  addHostRouter(name: string, config: string): Router {
    const router = new Router(this.tree, this.frr, { name, vrfs: [], config });
    this.routers.set(name, router);
    return router;
  }

  /** Starts routers side by side: mgmtd and zebra, then the others, then what mgmtd is to know. */
  async startRouters(routers: readonly Router[]): Promise<string | undefined> {
    for (const router of routers) {
      const failure = router.writeConfig();
      if (failure !== undefined) return `the configuration of ${router.name} cannot be written: ${failure}`;
    }
    const fresh = routers.filter(({ holder }) => holder === 0);
    const holders = await this.tree.script(
      [...fresh.map(router => `( ${router.startScript()}\n) & p="$p $!"`), 'wait $p; p='].join('\n'),
    );
    for (const router of fresh) {
      router.holder = Number(new RegExp(`holder ${router.name} (\\d+)`).exec(holders.output)?.[1] ?? 0);
      if (router.holder === 0) return `${router.name}: ${holders.output.trim()}`;
    }
    const started = await this.tree.script(
      [
        ...routers.map(router => {
          const chain = router.daemons.map(daemon => router.daemonScript(daemon)).join(' && ');
          return `( ${chain} || echo failed ${router.name} ) & p="$p $!"`;
        }),
        'wait $p; p=',
      ].join('\n'),
    );
    const failed = /failed (\S+)/.exec(started.output)?.[1];
    if (failed !== undefined) return `FRR of ${failed} did not start: ${started.output.trim()}`;
    const complaint = await this.manage(routers);
    if (complaint === undefined) for (const router of routers) router.running = true;
    return complaint;
  }

  /** One daemon of several routers, side by side. */
  async startDaemons(routers: readonly Router[], daemon: FrrDaemon): Promise<string | undefined> {
    const having = routers.filter(router => router.daemons.includes(daemon));
    if (having.length === 0) return undefined;
    const result = await this.tree.script(
      [
        ...having.map(
          router => `( ${router.daemonScript(daemon)} || echo failed ${router.name} ) & p="$p $!"`,
        ),
        'wait $p; p=',
      ].join('\n'),
    );
    const failed = /failed (\S+)/.exec(result.output)?.[1];
    return failed === undefined ? undefined : `${daemon} of ${failed} did not start: ${result.output.trim()}`;
  }

  /**
   * What a host said while zebra did not know its bridge domain yet, zebra never hears of: the kernel forgets its
   * neighbours once more as soon as zebra knows all domains, and learns them anew.
   */
  async learnAnew(router: Router): Promise<void> {
    const node = switchesOf(this.lab).find(({ name }) => name === router.name);
    const bridged = node?.config.networkInstances.filter(({ type }) => type === 'mac-vrf') ?? [];
    const wanted = bridged.flatMap(each => (node === undefined ? [] : (vniOf(node.config, each) ?? [])));
    if (wanted.length === 0) return;
    const until = performance.now() + 5_000;
    while (performance.now() < until && router.running) {
      const known = Object.keys(objectOf(await router.vty('zebra').json('show evpn vni json')));
      if (wanted.every(vni => known.includes(`${vni}`))) break;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    await this.tree.script(
      router.vrfs.map(vrf => `ip -n ${netnsOf(router.name, vrf)} neigh flush all`).join('\n'),
    );
  }

  private async manage(routers: readonly Router[]): Promise<string | undefined> {
    for (const router of routers) {
      for (let attempt = 0; ; attempt++) {
        const complaints = await router.configureManagement();
        if (complaints.length === 0) break;
        if (attempt > 50) return `mgmtd of ${router.name}: ${complaints.join('; ')}`;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
    return undefined;
  }

  // hosts and links

  /** A host's namespace: it forwards, and what it does not know goes to the Docker network. */
  async addHost(name: string, dockerAddress: string): Promise<string | undefined> {
    const netns = netnsOf(name);
    const port = `dk${this.hosts.size}`;
    this.hosts.add(name);
    const failed = await this.all([
      `ip netns add ${netns}`,
      sysctlScript(netns),
      `ip link add ${port} master docker0 type veth peer name eth0 netns ${netns}`,
      `ip link set ${port} up`,
      `ip -n ${netns} link set lo up`,
      `ip -n ${netns} addr add ${dockerAddress} dev eth0`,
      `ip -n ${netns} link set eth0 up`,
    ]);
    if (failed === undefined) await this.onNamespaces([{ netns, node: name, instance: '' }]);
    return failed;
  }

  async plug(link: LabLink): Promise<string | undefined> {
    if (this.plugged.has(link.id)) return undefined;
    const failed = failureOf(await this.tree.script(`(\nset -e\n${linkScript(this.lab, link)}\n)`));
    if (failed === undefined) this.plugged.add(link.id);
    return failed;
  }

  /** Scripts one after the other; the first complaint. */
  async all(scripts: readonly string[]): Promise<string | undefined> {
    const script = `(\n${scripts.map(text => `${text}\n[ $? = 0 ] || exit 1`).join('\n')}\n)`;
    return failureOf(await this.tree.script(script));
  }

  // running programs

  placeOf(node: string, vrf?: string): Place {
    const { pid, userNamespace } = this.tree;
    const holder = this.routers.get(node)?.holder;
    if (vrf === undefined && holder !== undefined && holder !== 0)
      return { tree: pid, userNamespace, holder };
    return { tree: pid, userNamespace, netns: netnsOf(node, vrf) };
  }

  run(place: Place, argv: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
    return runProgram(nsenterArgv(place, argv), { env: { TZ: 'UTC', LC_ALL: 'C' }, ...options });
  }
}

function failureOf({ exitCode, output }: ScriptResult): string | undefined {
  if (exitCode === 0) return undefined;
  return output.trim().split('\n').slice(-3).join('; ') || `exit code ${exitCode}`;
}
