import type { SwitchNode } from '../../lab/lab.ts';
import { JsonRpcClient } from '../../programs/json-rpc.ts';
import { Chronicle } from '../real/chronicle.ts';
import type { EventLog } from '../real/event-log.ts';
import type { LabTime } from '../real/lab-time.ts';
import { OpenedFlows } from '../real/opened-flows.ts';
import { ResilientRoutes } from '../real/resilient-routes.ts';
import { RouterTables } from '../real/router-tables.ts';
import { SwitchEdits } from '../real/switch-edits.ts';
import { Traffic } from '../real/traffic.ts';
import { createBuilder, type LabBuilder } from './build/builder.ts';
import { kubeconfigOf } from './build/step-commands.ts';
import { FaultKit } from './faults/fault-kit.ts';
import { Hands } from './faults/hands.ts';
import { ContainerHands, kernelOf } from './frr/edit-hands.ts';
import { KubernetesCluster } from './kubernetes/kubernetes-cluster.ts';
import type { ObservedCluster } from './kubernetes/observed-cluster.ts';
import type { Machine } from './machine.ts';
import { Modelled } from './model/modelled.ts';
import type { ObservedSwitch } from './srlinux/observed-switch.ts';
import { SrLinuxSwitch } from './srlinux/sr-linux-switch.ts';
import { Oracle } from './traffic/oracle.ts';
import { startProberIn } from './traffic/prober.ts';
import { LinkRates } from './watch/link-rates.ts';
import { Watch } from './watch/watch.ts';

/** A lab that is looked at, built, broken and healed. */
export type Running = {
  readonly machine: Machine;
  readonly time: LabTime;
  readonly builder: LabBuilder;
  readonly models: Modelled;
  readonly watch: Watch;
  readonly tables: RouterTables;
  readonly chronicle: Chronicle;
  readonly faults: FaultKit;
  readonly edits: SwitchEdits;
  readonly traffic: Traffic;
  readonly oracle: Oracle;
  readonly openedFlows: OpenedFlows;
  readonly rates: LinkRates;
  stop(): void;
};

/** What those who watch are given. */
export type Followed = {
  readonly machine: Machine;
  readonly chronicle: Chronicle;
  readonly events: EventLog;
  readonly time: LabTime;
};

export type RunningOptions = {
  readonly machine: Machine;
  readonly time: LabTime;
  readonly events: EventLog;
  /** False while somebody else holds the lab: then it is only looked at. */
  readonly isOurs: () => boolean;
  /** For tests: where else a switch or a cluster is than at its address. */
  readonly srLinux?: (node: SwitchNode, followed: Followed) => ObservedSwitch | undefined;
  readonly cluster?: (name: string, followed: Followed) => ObservedCluster | undefined;
};

/** Begins to look; a sentence when Docker does not answer. */
export async function startRunning(options: RunningOptions): Promise<Running | string> {
  const { machine, time, events, isOurs, srLinux = srLinuxAt, cluster = clusterAt } = options;
  const { lab, docker } = machine;
  const chronicle = new Chronicle(lab, time, events);
  const tables = new RouterTables(lab, chronicle, (...place) => resilient.isResilient(...place));
  const followed = { machine, chronicle, events, time };
  const watch = new Watch({
    lab,
    docker,
    tables,
    chronicle,
    time,
    events,
    srLinux: node => srLinux(node, followed),
    cluster: name => cluster(name, followed),
  });
  const resilient = new ResilientRoutes(kernelOf(watch));
  chronicle.onRoute = (...place) => resilient.routeChanged(...place);
  const edits = new SwitchEdits({
    lab,
    hands: new ContainerHands(watch, (end, up) => faults.ports.setPort(end, up)),
    events,
    resilient,
    begin: event => chronicle.begin(event),
  });
  watch.onFrr = node => {
    if (isOurs()) void edits.arrived(node);
  };
  const models = new Modelled(followed, watch);
  watch.onNode = (node, runs) => models.nodeChanged(node, runs);
  const hands = new Hands(machine, container => watch.shellIn(container));
  const faults = new FaultKit({
    machine,
    watch,
    hands,
    time,
    events,
    chronicle,
    onPortsBack: () => models.portsChanged(),
  });
  const failed = await watch.start();
  if (failed !== undefined) {
    watch.stop();
    return failed;
  }
  const oracle = new Oracle(lab, watch);
  const traffic = new Traffic(startProberIn(machine), time, events, flows => oracle.leavesOf(flows));
  models.onClients = clients => traffic.follow(clients);
  return {
    machine,
    time,
    builder: createBuilder(machine),
    models,
    watch,
    tables,
    chronicle,
    faults,
    edits,
    traffic,
    oracle,
    openedFlows: new OpenedFlows({
      lab,
      traffic,
      entry: () => oracle.entry,
      nft: (node, words, input) => oracle.nft(node, words, input),
    }),
    rates: new LinkRates(watch),
    stop() {
      faults.stop();
      models.stop();
      traffic.stop();
      watch.stop();
      chronicle.tell();
    },
  };
}

/** containerlab starts SR Linux with this account and JSON-RPC on port 80 (`system json-rpc-server`). */
const account = { user: 'admin', password: 'NokiaSrl1!' };

function srLinuxAt(node: SwitchNode, { machine, time, chronicle }: Followed): ObservedSwitch | undefined {
  if (node.managementAddress === undefined) return undefined;
  const client = new JsonRpcClient({ url: `http://${node.managementAddress}/jsonrpc`, ...account });
  return new SrLinuxSwitch({ lab: machine.lab, node, client, time, chronicle });
}

function clusterAt(
  name: string,
  { machine, time, events, chronicle }: Followed,
): ObservedCluster | undefined {
  const { lab, folder } = machine;
  const cluster = lab.clusters.find(each => each.name === name && each.nodes === 'kind');
  if (cluster === undefined) return undefined;
  return new KubernetesCluster({
    lab,
    cluster,
    kubeconfig: kubeconfigOf(cluster, folder),
    time,
    events,
    cause: () => chronicle.currentCause,
  });
}
