import type { Commit } from '../../lab/files/switch/config-session.ts';
import { type ConfigTree, emptyTree } from '../../lab/files/switch/config-tree.ts';
import { parseSwitchConfig } from '../../lab/files/switch/parse-switch-config.ts';
import { type Lab, type SwitchNode, switchesOf } from '../../lab/lab.ts';
import type { SwitchConfig } from '../../lab/switch-config.ts';
import { configChanges } from '../real/config-changes.ts';
import { isVrf } from '../real/device-names.ts';
import type { EventLog } from '../real/event-log.ts';
import { partOfDaemon } from './config-parts.ts';
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
    const [old, wanted] = [before, config].map(each => frrConfigOf({ ...node, config: each }, lab));
    if (old === undefined || wanted === undefined) return undefined;
    if (router.config !== old)
      return `${name} runs the fabric/frr file that was written for it, not what its SR Linux configuration says: change it with vtysh -c "configure terminal" -c "…"`;
    const refusal = refusalOf(before, config);
    if (refusal !== undefined) return refusal;
    watcher.begin(events.add({ type: 'config-changed', node: name, lines }));
    const complaints: string[] = [];
    for (const daemon of router.daemons) {
      const changes = configChanges(partOfDaemon(old, daemon), partOfDaemon(wanted, daemon));
      if (changes.length > 0) complaints.push(...(await router.vty(daemon).configure(changes)));
    }
    router.config = wanted;
    this.committed.set(name, { tree, config });
    await this.hash(node, before, config);
    await this.ports(name, before, config);
    const unhashed = await resilient.configure(name, config);
    if (unhashed !== undefined) return unhashed;
    return complaints.length === 0 ? undefined : `FRR did not take all of it: ${complaints.join('; ')}`;
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
