import type { LinkEnd, SwitchNode } from '../../lab/lab.ts';
import { jsonOf } from '../../programs/vty.ts';
import { configChanges } from '../real/config-changes.ts';
import { isVrf } from '../real/device-names.ts';
import { hushRules, UNHUSH } from '../real/hush-rules.ts';
import type { Kernel } from '../real/resilient-routes.ts';
import type { EditedRouter, EditHands, Running } from '../real/switch-edits.ts';
import { partOfDaemon } from './config-parts.ts';
import type { Router } from './daemons.ts';
import { netnsOf, sysctlScript } from './network-plan.ts';
import type { Nodes } from './nodes.ts';

/** How the routers of one process tree are told of a commit: over their vty sockets, and by `ip` and `nft` in their namespaces. */
export class TreeHands implements EditHands {
  private readonly nodes: Nodes;
  private readonly texts = new Map<string, string>();
  readonly setPort: (end: LinkEnd, up: boolean) => Promise<void>;

  constructor(nodes: Nodes, setPort: TreeHands['setPort']) {
    this.nodes = nodes;
    this.setPort = setPort;
  }

  async router(name: string): Promise<EditedRouter | string> {
    const router = this.nodes.routers.get(name);
    if (router === undefined) return `${name} is not there yet`;
    return {
      name,
      running: router.running,
      config: router.config,
      configure: config => configure(router, config),
      json: command => router.json('bgpd', command),
      ask: command => router.ask('bgpd', command),
    };
  }

  async committed(name: string): Promise<string | undefined> {
    return this.texts.get(name);
  }

  async keep({ name, config }: SwitchNode, running: Running | undefined): Promise<void> {
    if (running === undefined) this.texts.delete(name);
    else this.texts.set(name, running.text);
    const { hash, networkInstances } = running?.config ?? config;
    const places = [netnsOf(name), ...networkInstances.filter(isVrf).map(vrf => netnsOf(name, vrf.name))];
    await this.nodes.tree.script(places.map(netns => sysctlScript(netns, hash)).join('\n'));
  }

  async hush(peers: ReadonlyMap<string, readonly string[]>): Promise<() => Promise<void>> {
    const inEach = (words: (peers: readonly string[]) => string) =>
      this.nodes.tree.script(
        [...peers]
          .map(([name, each]) => `nsenter --net=/run/netns/${netnsOf(name)} nft '${words(each)}'`)
          .join('\n'),
      );
    await inEach(hushRules);
    return async () => {
      await inEach(() => UNHUSH);
    };
  }
}

async function configure(router: Router, config: string): Promise<string[]> {
  const before = router.config;
  router.config = config;
  if (!router.running) return [];
  const complaints: string[] = [];
  for (const daemon of router.daemons) {
    const changes = configChanges(partOfDaemon(before, daemon), partOfDaemon(config, daemon));
    if (changes.length > 0) complaints.push(...(await router.vty(daemon).configure(changes)));
  }
  return complaints;
}

export function kernelOf({ tree }: Nodes): Kernel {
  return {
    ip: (node, instance) => `ip -n ${netnsOf(node, instance === 'default' ? undefined : instance)}`,
    said: async (_, command) => jsonOf((await tree.script(command)).output),
    run: (_, script) => tree.script(script),
  };
}
