import type { Lab } from '../../lab/lab.ts';
import type { FrrInstallation } from '../../programs/frr.ts';
import { LongProgram } from '../../programs/long-program.ts';
import { nsenterArgv } from '../../programs/namespaces.ts';
import { ProcessTree } from '../../programs/process-tree.ts';
import { withInput } from '../../programs/shell-text.ts';
import type { EventLog } from '../real/event-log.ts';
import type { LabTime } from '../real/lab-time.ts';
import { OpenedFlows } from '../real/opened-flows.ts';
import { proberProgram } from '../real/prober-program.ts';
import { ResilientRoutes } from '../real/resilient-routes.ts';
import { SwitchEdits } from '../real/switch-edits.ts';
import { type StartProber, Traffic } from '../real/traffic.ts';
import { Clusters } from './clusters.ts';
import { kernelOf, TreeHands } from './edit-hands.ts';
import { FaultKit } from './fault-kit.ts';
import { SMALL } from './kube-host.ts';
import { LinkRates } from './link-rates.ts';
import { netnsOf } from './network-plan.ts';
import { Nodes } from './nodes.ts';
import { Oracle } from './oracle.ts';
import { Watcher } from './watcher.ts';

/** One life of the lab: a process tree and everything in it. `restore` begins another. */
export type Running = {
  readonly nodes: Nodes;
  readonly clusters: Clusters;
  readonly traffic: Traffic;
  readonly watcher: Watcher;
  readonly faults: FaultKit;
  readonly edits: SwitchEdits;
  readonly resilient: ResilientRoutes;
  readonly oracle: Oracle;
  readonly openedFlows: OpenedFlows;
  readonly rates: LinkRates;
  stop(): Promise<void>;
};

export type RunningOptions = {
  readonly lab: Lab;
  readonly frr: FrrInstallation;
  readonly configs: ReadonlyMap<string, string>;
  readonly time: LabTime;
  readonly events: EventLog;
};

/** Starts the process tree; a sentence when this machine does not let us. */
export async function startRunning(options: RunningOptions): Promise<Running | string> {
  const { lab, frr, configs, time, events } = options;
  const rootless = await ProcessTree.start({ userNamespace: true });
  // Where user namespaces are forbidden, root can do without one.
  const tree =
    typeof rootless === 'string' && process.getuid?.() === 0
      ? await ProcessTree.start({ userNamespace: false })
      : rootless;
  if (typeof tree === 'string') return `namespaces cannot be made here: ${tree}`;
  const nodes = new Nodes(lab, tree, frr, configs);
  const failed = await nodes.prepare();
  if (failed !== undefined) {
    await tree.stop();
    return `namespaces cannot be set up here: ${failed}`;
  }
  const watcher = new Watcher(nodes, time, events);
  nodes.onNamespaces = places => watcher.watch(places);
  const resilient = new ResilientRoutes(kernelOf(nodes));
  watcher.onRoute = (node, instance, prefix) => resilient.routeChanged(node, instance, prefix);
  const clusters = new Clusters(lab, nodes, time, events, () => watcher.currentCause);
  const oracle = new Oracle(nodes);
  const traffic = new Traffic(startProberIn(nodes), time, events, flows => oracle.leavesOf(flows));
  clusters.onClients = clients => traffic.follow(clients);
  const faults = new FaultKit({ lab, nodes, clusters, time, events, watcher });
  return {
    nodes,
    clusters,
    traffic,
    watcher,
    faults,
    resilient,
    edits: new SwitchEdits({
      lab,
      hands: new TreeHands(nodes, (end, up) => faults.links.setPort(end, up)),
      events,
      resilient,
      begin: event => watcher.begin(event),
    }),
    oracle,
    openedFlows: new OpenedFlows({
      lab,
      traffic,
      entry: () => oracle.entryOfClients(),
      async nft(node, words, input = '') {
        const command = `nsenter --net=/run/netns/${netnsOf(node)} nft ${words}`;
        return (await nodes.tree.script(withInput(command, input))).output;
      },
    }),
    rates: new LinkRates(lab, nodes),
    async stop() {
      faults.stop();
      clusters.stop();
      traffic.stop();
      watcher.stop();
      for (const router of nodes.routers.values()) router.close();
      await tree.stop();
    },
  };
}

/** A small program of Node.js in the node's own network namespace. */
function startProberIn(nodes: Nodes): StartProber {
  const { pid, userNamespace } = nodes.tree;
  return (node, onLine) =>
    new LongProgram(
      nsenterArgv({ tree: pid, userNamespace, netns: netnsOf(node) }, [
        process.execPath,
        ...SMALL,
        '-e',
        proberProgram,
      ]),
      { onLine },
      { NODE_OPTIONS: '' },
    );
}
