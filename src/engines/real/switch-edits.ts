import type { Commit } from '../../lab/files/switch/config-session.ts';
import { type ConfigTree, emptyTree } from '../../lab/files/switch/config-tree.ts';
import { diffLines } from '../../lab/files/switch/diff-config.ts';
import { editConfig } from '../../lab/files/switch/edit-config.ts';
import { parseSwitchConfig } from '../../lab/files/switch/parse-switch-config.ts';
import { toSwitchConfig } from '../../lab/files/switch/to-switch-config.ts';
import { type Lab, type LinkEnd, type SwitchNode, switchesOf } from '../../lab/lab.ts';
import type { SwitchConfig } from '../../lab/switch-config.ts';
import { configChanges } from './config-changes.ts';
import type { EventLog } from './event-log.ts';
import { frrConfigOf, untranslated } from './frr-config.ts';
import type { ResilientRoutes } from './resilient-routes.ts';
import { objectOf, textOf } from './said.ts';

/** FRR on one switch, as far as a change of its configuration is concerned. */
export type EditedRouter = {
  readonly name: string;
  /** One that does not run is told when it starts. */
  readonly running: boolean;
  /** Its whole configuration in FRR's words. */
  readonly config: string;
  /** Tells it the difference, and it is told again when it starts anew; the complaints. */
  configure(config: string): Promise<string[]>;
  json(command: string): Promise<unknown>;
  ask(command: string): Promise<unknown>;
};

/** What only the engine that runs a switch can do to it. */
export type EditHands = {
  /** A sentence where that switch cannot be told anything now. */
  router(name: string): Promise<EditedRouter | string>;
  /** What was committed on it since the lab began, as lines of `diff flat`; undefined: it runs its startup configuration. */
  committed(name: string): Promise<string | undefined>;
  /** Until what comes back is called, switches do not hear the BFD of these peers, at least one each: by the switch's name. */
  hush(peers: ReadonlyMap<string, readonly string[]>): Promise<() => Promise<void>>;
  /** What a switch runs from now on: it is its `committed`, and the kernel hashes so. Undefined: as its files say. */
  keep(node: SwitchNode, running: Running | undefined): Promise<void>;
  setPort(end: LinkEnd, up: boolean): Promise<void>;
};

export type Running = {
  readonly tree: ConfigTree;
  readonly config: SwitchConfig;
  /** What makes it different from the startup configuration, as lines of `diff flat`. */
  readonly text: string;
};

type Surroundings = {
  readonly lab: Lab;
  readonly hands: EditHands;
  readonly events: EventLog;
  readonly resilient: ResilientRoutes;
  /** What follows has this event as its cause. */
  readonly begin: (event: number) => void;
};

type Change = { readonly router: EditedRouter; readonly after: string };

/** What learners commit on switches: each running configuration as SR Linux has it, and how a change of it becomes one of FRR and the kernel. */
export class SwitchEdits {
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** The startup configuration plus what was committed since. */
  async running(node: SwitchNode): Promise<Running> {
    const committed = await this.around.hands.committed(node.name);
    const startup = this.startup(node);
    return committed === undefined ? startup : edited(startup, committed, node.name);
  }

  /** Makes it so; a sentence when it cannot be. */
  async commit(name: string, { tree, config, lines }: Commit): Promise<string | undefined> {
    const { lab, events, begin } = this.around;
    const node = switchesOf(lab).find(each => each.name === name);
    if (node === undefined) return `${name} is no switch of this lab`;
    const text = diffLines(this.startup(node).tree, tree).join('\n');
    return this.become(node, { tree, config, text }, () =>
      begin(events.add({ type: 'config-changed', node: name, lines })),
    );
  }

  /** Every switch runs what its files say again; a sentence when one cannot. */
  async reset(): Promise<string | undefined> {
    const { lab, hands } = this.around;
    for (const node of switchesOf(lab)) {
      if ((await hands.committed(node.name)) === undefined) continue;
      const failed = await this.become(node, this.startup(node), () => {});
      if (failed !== undefined) return `${node.name}: ${failed}`;
      await hands.keep(node, undefined);
    }
    return undefined;
  }

  /** FRR runs on a switch: what FRR itself does not do is set up. */
  async arrived(node: SwitchNode): Promise<string | undefined> {
    this.around.resilient.forget(node.name);
    return this.around.resilient.configure(node.name, (await this.running(node)).config);
  }

  private startup({ configFile, config }: SwitchNode): Running {
    const text = configFile === undefined ? undefined : this.around.lab.files.get(configFile);
    const tree = text === undefined ? emptyTree : parseSwitchConfig(text, configFile ?? '').tree;
    return { tree, config, text: '' };
  }

  private async become(node: SwitchNode, wanted: Running, begin: () => void): Promise<string | undefined> {
    const { hands, resilient } = this.around;
    const { name } = node;
    const { config } = wanted;
    const before = (await this.running(node)).config;
    const changes = refusalOf(before, config) ?? (await this.changes(name, config));
    if (typeof changes === 'string') return changes;
    begin();
    const complaints = await this.reconfigure(changes);
    await hands.keep(node, wanted);
    await this.ports(name, before, config);
    const unhashed = await resilient.configure(name, config);
    if (unhashed !== undefined) return unhashed;
    return complaints.length === 0 ? undefined : `FRR did not take all of it: ${complaints.join('; ')}`;
  }

  /** Every router whose FRR configuration another configuration of one switch changes; a sentence when one cannot be told. */
  private async changes(name: string, config: SwitchConfig): Promise<Change[] | string> {
    const { lab, hands } = this.around;
    const configs = new Map<string, SwitchConfig>();
    for (const node of switchesOf(lab)) configs.set(node.name, (await this.running(node)).config);
    const now = labWith(lab, configs);
    const then = labWith(lab, new Map([...configs, [name, config]]));
    const changes: Change[] = [];
    for (const [index, node] of switchesOf(now).entries()) {
      const wanted = switchesOf(then)[index];
      if (wanted === undefined) continue;
      const before = frrConfigOf(node, now);
      const after = frrConfigOf(wanted, then);
      if (before === after && node.name !== name) continue;
      const router = await hands.router(node.name);
      if (typeof router === 'string') return router;
      if (node.name === name && !router.running) return `${name} is not running`;
      if (before === after) continue;
      if (isSame(router.config, before)) changes.push({ router, after });
      else if (node.name === name)
        return `${name} runs the fabric/frr file that was written for it, not what its SR Linux configuration says: change it with vtysh -c "configure terminal" -c "…"`;
    }
    return changes;
  }

  /**
   * Nobody is to hear of a BFD session that ends, or begins, at one end a moment before the other. The ends are told side by side: what
   * is not heard for longer than BFD's detection time is dead all the same.
   */
  private async reconfigure(changes: readonly Change[]): Promise<string[]> {
    const peers = new Map<string, readonly string[]>();
    for (const { router, after } of changes.length > 1 ? changes : []) {
      const changed = [...withoutBfd(router.config, after), ...withoutBfd(after, router.config)];
      if (changed.length > 0) peers.set(router.name, changed);
    }
    const listenAgain = await this.around.hands.hush(peers);
    const complaints = await Promise.all(
      changes.map(async ({ router, after }) => {
        const freed = withoutBfd(router.config, after);
        const said = await router.configure(after);
        for (const peer of freed) await wake(router, peer);
        return said;
      }),
    );
    await listenAgain();
    return complaints.flat();
  }

  private async ports(node: string, before: SwitchConfig, { interfaces }: SwitchConfig): Promise<void> {
    for (const { name, adminState } of interfaces) {
      const was = before.interfaces.find(each => each.name === name)?.adminState;
      if (was !== undefined && was !== adminState)
        await this.around.hands.setPort({ node, port: name }, adminState);
    }
  }
}

function edited(startup: Running, text: string, node: string): Running {
  let { tree } = startup;
  for (const line of text.split('\n').filter(each => each !== '')) {
    const edit = editConfig(tree, line.replace(/^insert /, 'set '));
    if (edit.outcome === 'edited') tree = edit.tree;
  }
  return { tree, config: toSwitchConfig(tree, node).config, text };
}

/** The same lines: what was deleted and set again may stand elsewhere. */
function isSame(one: string, other: string): boolean {
  return one === other || (configChanges(one, other).length === 0 && configChanges(other, one).length === 0);
}

function labWith(lab: Lab, configs: ReadonlyMap<string, SwitchConfig>): Lab {
  const nodes = lab.nodes.map(node =>
    node.kind === 'switch' ? { ...node, config: configs.get(node.name) ?? node.config } : node,
  );
  return { ...lab, nodes };
}

/** Neighbours of the default instance whose sessions had BFD and have it no more. */
function withoutBfd(before: string, after: string): string[] {
  const peersIn = (config: string) =>
    [...config.matchAll(/^ neighbor (\S+) bfd$/gm)].map(([, peer = '']) => peer);
  const left = new Set(peersIn(after));
  return peersIn(before).filter(peer => !left.has(peer));
}

/** A session that waited for BFD goes on waiting when there is no BFD any more. */
async function wake(router: EditedRouter, peer: string): Promise<void> {
  const said = objectOf(await router.json(`show bgp neighbors ${peer} json`));
  const state = textOf(objectOf(said[peer])['bgpState']);
  if (state !== undefined && state !== 'Established') await router.ask(`clear bgp ${peer}`);
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
