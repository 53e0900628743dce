import type { Commit } from '../../lab/files/switch/config-session.ts';
import { type ConfigTree, emptyTree } from '../../lab/files/switch/config-tree.ts';
import { parseSwitchConfig } from '../../lab/files/switch/parse-switch-config.ts';
import { type Lab, type SwitchNode, switchesOf } from '../../lab/lab.ts';
import type { SwitchConfig } from '../../lab/switch-config.ts';
import { configChanges } from '../real/config-changes.ts';
import { isVrf } from '../real/device-names.ts';
import type { EventLog } from '../real/event-log.ts';
import { objectOf, textOf } from '../real/said.ts';
import { partOfDaemon } from './config-parts.ts';
import type { Router } from './daemons.ts';
import type { FaultKit } from './fault-kit.ts';
import { frrConfigOf, untranslated } from './frr-config.ts';
import { netnsOf, sysctlScript } from './network-plan.ts';
import type { Nodes } from './nodes.ts';
import type { ResilientRoutes } from './resilient-routes.ts';
import type { Watcher } from './watcher.ts';

type Surroundings = {
  readonly lab: Lab;
  readonly nodes: Nodes;
  readonly faults: FaultKit;
  readonly watcher: Watcher;
  readonly events: EventLog;
  readonly resilient: ResilientRoutes;
};

type Translated = { readonly router: Router; readonly before: string; readonly after: string };
type Running = { readonly tree: ConfigTree; readonly config: SwitchConfig };

/** What learners commit on switches: each running configuration as SR Linux has it, and how a change of it becomes one of FRR and the kernel. */
export class SwitchEdits {
  private readonly around: Surroundings;
  private readonly committed = new Map<string, Running>();

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** The startup configuration plus what was committed since. */
  running(node: SwitchNode): Running {
    const known = this.committed.get(node.name);
    if (known !== undefined) return known;
    const { configFile, config } = node;
    const text = configFile === undefined ? undefined : this.around.lab.files.get(configFile);
    const tree = text === undefined ? emptyTree : parseSwitchConfig(text, configFile ?? '').tree;
    const running = { tree, config };
    this.committed.set(node.name, running);
    return running;
  }

  /** Makes it so; a sentence when it cannot be. */
  async commit(name: string, { tree, config, lines }: Commit): Promise<string | undefined> {
    const { lab, nodes, watcher, events, resilient } = this.around;
    const node = switchesOf(lab).find(each => each.name === name);
    const router = nodes.routers.get(name);
    if (node === undefined || router?.running !== true) return `${name} is not running`;
    const before = this.running(node).config;
    const refusal = refusalOf(before, config);
    if (refusal !== undefined) return refusal;
    const translated = this.translated(name, config);
    const own = translated.find(each => each.router === router);
    if (own !== undefined && router.config !== own.before)
      return `${name} runs the fabric/frr file that was written for it, not what its SR Linux configuration says: change it with vtysh -c "configure terminal" -c "…"`;
    watcher.begin(events.add({ type: 'config-changed', node: name, lines }));
    const complaints = await this.reconfigure(translated);
    this.committed.set(name, { tree, config });
    await this.hash(node, before, config);
    await this.ports(name, before, config);
    const unhashed = await resilient.configure(name, config);
    if (unhashed !== undefined) return unhashed;
    return complaints.length === 0 ? undefined : `FRR did not take all of it: ${complaints.join('; ')}`;
  }

  /** Every router whose FRR configuration another configuration of one switch changes. */
  private translated(name: string, config: SwitchConfig): Translated[] {
    const { lab, nodes } = this.around;
    const labWith = (configOf: (node: SwitchNode) => SwitchConfig): Lab => ({
      ...lab,
      nodes: lab.nodes.map(node => (node.kind === 'switch' ? { ...node, config: configOf(node) } : node)),
    });
    const now = labWith(node => this.running(node).config);
    const then = labWith(node => (node.name === name ? config : this.running(node).config));
    return switchesOf(now).flatMap((node, index) => {
      const router = nodes.routers.get(node.name);
      const wanted = switchesOf(then)[index];
      if (router === undefined || wanted === undefined) return [];
      const change = { router, before: frrConfigOf(node, now), after: frrConfigOf(wanted, then) };
      return change.before === change.after ? [] : [change];
    });
  }

  /** Nobody is to hear of a BFD session that ends at one end a few milliseconds before the other. */
  private async reconfigure(changed: readonly Translated[]): Promise<string[]> {
    const { tree } = this.around.nodes;
    const hushed = changed.length > 1 ? changed.map(({ router }) => netnsOf(router.name)) : [];
    const hush = 'table ip hush { chain in { type filter hook input priority -300; udp dport 3784 drop; }; }';
    await tree.script(hushed.map(netns => `nsenter --net=/run/netns/${netns} nft '${hush}'`).join('\n'));
    const complaints: string[] = [];
    for (const { router, before, after } of changed) {
      if (router.config !== before) continue;
      router.config = after;
      if (!router.running) continue;
      for (const daemon of router.daemons) {
        const changes = configChanges(partOfDaemon(before, daemon), partOfDaemon(after, daemon));
        if (changes.length > 0) complaints.push(...(await router.vty(daemon).configure(changes)));
        if (daemon === 'bgpd') await this.wake(router, changes);
      }
    }
    await tree.script(
      hushed.map(netns => `nsenter --net=/run/netns/${netns} nft delete table ip hush`).join('\n'),
    );
    return complaints;
  }

  /** A session that waited for BFD goes on waiting when there is no BFD any more. */
  private async wake(router: Router, changes: readonly string[]): Promise<void> {
    for (const change of changes) {
      const peer = /^no neighbor (\S+) bfd$/.exec(change)?.[1];
      if (peer === undefined) continue;
      const said = objectOf(await router.vty('bgpd').json(`show bgp neighbors ${peer} json`));
      const state = textOf(objectOf(said[peer])['bgpState']);
      if (state !== undefined && state !== 'Established') await router.ask('bgpd', `clear bgp ${peer}`);
    }
  }

  private async hash({ name }: SwitchNode, before: SwitchConfig, { hash, networkInstances }: SwitchConfig) {
    if (JSON.stringify(before.hash) === JSON.stringify(hash)) return;
    const places = [netnsOf(name), ...networkInstances.filter(isVrf).map(vrf => netnsOf(name, vrf.name))];
    await this.around.nodes.tree.script(places.map(netns => sysctlScript(netns, hash)).join('\n'));
  }

  private async ports(node: string, before: SwitchConfig, { interfaces }: SwitchConfig): Promise<void> {
    for (const { name, adminState } of interfaces) {
      const was = before.interfaces.find(each => each.name === name)?.adminState;
      if (was !== undefined && was !== adminState)
        await this.around.faults.setPort({ node, port: name }, adminState);
    }
  }
}

/** Why a commit cannot be done to a switch that runs; undefined: it can. */
function refusalOf(before: SwitchConfig, after: SwitchConfig): string | undefined {
  const [problem] = untranslated(after);
  if (problem !== undefined) return problem;
  if (JSON.stringify(builtOnce(before)) === JSON.stringify(builtOnce(after))) return undefined;
  return 'this lab changes BGP, policies, BFD, hashing and the state of ports while it runs; addresses, instances, VXLAN and EVPN are made when it is built. Put the lines into the file of the switch and build anew';
}

/** The part of a configuration that namespaces, bridges and tunnels were made from. */
function builtOnce({ interfaces, vxlanInterfaces, networkInstances }: SwitchConfig) {
  return {
    interfaces: interfaces.map(({ adminState: _, description: __, ...rest }) => rest),
    vxlanInterfaces,
    networkInstances: networkInstances.map(({ bgp: _, resilientHash: __, ...rest }) => rest),
  };
}
