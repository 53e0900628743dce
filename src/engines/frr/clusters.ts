import type { KubeObject } from '../../kube/objects.ts';
import { isReady, podStatusWord } from '../../kube/pod.ts';
import { type CommandResult, refused } from '../../lab/command.ts';
import type { Fault } from '../../lab/fault.ts';
import type { ClusterNode, Lab } from '../../lab/lab.ts';
import type { TaskAction } from '../../lab/stage.ts';
import { addressPlus, type Ipv4, isIpv4, toNumber } from '../../net/address.ts';
import { addressOf, lengthOf, networkOf } from '../../net/prefix.ts';
import { deviceOf } from '../real/device-names.ts';
import type { EventLog } from '../real/event-log.ts';
import type { LabTime } from '../real/lab-time.ts';
import type { Client } from '../real/traffic.ts';
import { KubeCluster } from './kube-cluster.ts';
import { attachScript, batch, netnsOf } from './network-plan.ts';
import type { Nodes } from './nodes.ts';

/** After that much lab time without what was waited for, a task has failed. */
const READY_LIMIT = 120_000;

/** All clusters of the lab. Failures are sentences. */
export class Clusters {
  readonly clusters = new Map<string, KubeCluster>();
  onClients: (clients: readonly Client[]) => void = () => {};
  private readonly lab: Lab;
  private readonly nodes: Nodes;
  private readonly time: LabTime;
  private readonly events: EventLog;
  private readonly cause: () => number | undefined;
  private readonly applied = new Set<string>();
  private lastAddress: Ipv4;
  private clientsSeen = '';
  private clientAddresses = new Set<string>();

  constructor(lab: Lab, nodes: Nodes, time: LabTime, events: EventLog, cause: () => number | undefined) {
    this.lab = lab;
    this.nodes = nodes;
    this.time = time;
    this.events = events;
    this.cause = cause;
    this.lastAddress = addressPlus(addressOf(lab.network.prefix), 1);
  }

  stop(): void {
    for (const cluster of this.clusters.values()) cluster.stop();
  }

  // building

  isDone(action: TaskAction): boolean {
    switch (action.type) {
      case 'create-cluster':
        return this.clusters.get(action.cluster)?.settled === true;
      case 'load-image':
        return this.clusters.get(action.cluster)?.cluster.hasImage(action.image) === true;
      case 'join':
        return this.nodes.plugged.has(action.link);
      case 'apply':
        return this.applied.has(`${action.cluster} ${action.file}`);
      default:
        return false;
    }
  }

  async perform(action: TaskAction): Promise<string | undefined> {
    switch (action.type) {
      case 'create-network': {
        const gateway = addressPlus(addressOf(this.lab.network.prefix), 1);
        return this.nodes.all([
          `ip addr replace ${gateway}/${lengthOf(this.lab.network.prefix)} dev docker0`,
        ]);
      }
      case 'create-cluster':
        return this.createCluster(action.cluster);
      case 'load-image': {
        const cluster = this.clusters.get(action.cluster);
        cluster?.cluster.loadImage(action.image);
        cluster?.reconcile();
        return cluster === undefined ? `cluster ${action.cluster} does not exist yet` : undefined;
      }
      case 'join':
        return this.join(action.link);
      case 'apply':
        return this.apply(action.cluster, action.file);
      case 'deploy-fabric':
        return undefined;
    }
  }

  private async createCluster(name: string): Promise<string | undefined> {
    const definition = this.lab.clusters.find(each => each.name === name);
    if (definition === undefined) return `the lab has no cluster ${name}`;
    const cluster = new KubeCluster(
      {
        lab: this.lab,
        nodes: this.nodes,
        time: this.time,
        events: this.events,
        cause: this.cause,
        takeAddress: () => {
          this.lastAddress = addressPlus(this.lastAddress, 1);
          return this.lastAddress;
        },
        onChanged: () => this.followClients(),
      },
      definition,
    );
    this.clusters.set(name, cluster);
    return (await cluster.start()) ?? (await cluster.skipUntilSettled(READY_LIMIT));
  }

  private async join(id: string): Promise<string | undefined> {
    const link = this.lab.links.find(each => each.id === id);
    if (link === undefined) return `there is no link "${id}"`;
    for (const { node: name, port } of [link.a, link.b]) {
      const node = this.lab.nodes.find(
        (each): each is ClusterNode => each.name === name && each.kind === 'cluster-node',
      );
      const attachment = node?.attachments.find(each => each.port === port);
      if (node === undefined) continue;
      if (attachment === undefined) return `${name} has no configuration for ${port}`;
      const failed =
        (await this.nodes.plug(link)) ??
        (await this.nodes.all([
          attachScript(node, attachment),
          // A host tells its neighbours that it is there, as kind's nodes do when their interface comes up.
          `nsenter --net=/run/netns/${netnsOf(name)} ping -c1 -W1 -q ${attachment.gateway ?? '127.0.0.1'} >/dev/null 2>&1 & true`,
        ]));
      if (failed !== undefined) return failed;
      this.clusters.get(node.cluster)?.reconcile();
      return undefined;
    }
    return `there is no link "${id}" to a cluster node`;
  }

  private async apply(name: string, file: string): Promise<string | undefined> {
    const cluster = this.clusters.get(name);
    const resource = cluster?.definition.resources.find(each => each.file === file);
    if (cluster === undefined) return `cluster ${name} does not exist yet`;
    if (resource === undefined) return `${file} is no resource of cluster ${name}`;
    const refusal = this.applyObjects(cluster, resource.objects);
    if (refusal !== undefined) return `${file}: ${refusal}`;
    this.applied.add(`${name} ${file}`);
    const failed = await cluster.skipUntilSettled(READY_LIMIT);
    return failed === undefined ? undefined : `${file}: ${failed}: ${whatIsMissing(cluster)}`;
  }

  applyObjects(cluster: KubeCluster, objects: readonly KubeObject[]): string | undefined {
    for (const object of objects) {
      const outcome = cluster.cluster.apply(object, this.time.now());
      if (outcome.outcome === 'refused') {
        cluster.reconcile();
        return outcome.message;
      }
    }
    cluster.reconcile();
    return undefined;
  }

  // clients

  clients(): Client[] {
    const clients: Client[] = [];
    for (const { cluster } of this.clusters.values()) {
      for (const pod of cluster.store.list('Pod')) {
        const [network] = cluster.runOf(pod)?.networks ?? [];
        if (network === undefined || !cluster.podAlive(pod, this.time.now())) continue;
        const texts = pod.spec.containers.flatMap(each => [
          ...(each.command ?? []),
          ...(each.args ?? []),
          ...(each.env ?? []).flatMap(({ value }) => (value === undefined ? [] : [value])),
        ]);
        const destination = texts.map(destinationIn).find(found => found !== undefined);
        if (destination === undefined) continue;
        clients.push({
          name: pod.metadata.name,
          address: network.address,
          node: pod.spec.nodeName ?? '',
          destination,
        });
      }
    }
    return clients.sort((a, b) => toNumber(a.address) - toNumber(b.address));
  }

  /** The clients' second addresses stand on the node's fabric port: this kernel may have neither VLANs nor ipvlan. */
  private followClients(): void {
    const clients = this.clients();
    const seen = JSON.stringify(clients);
    if (seen === this.clientsSeen) return;
    this.clientsSeen = seen;
    const wanted = new Map<string, string>();
    for (const { cluster } of this.clusters.values()) {
      for (const pod of cluster.store.list('Pod')) {
        for (const network of cluster.runOf(pod)?.networks ?? []) {
          const node = pod.spec.nodeName ?? '';
          wanted.set(`${node} ${network.address}`, node);
        }
      }
    }
    const scripts: string[] = [];
    for (const [key, name] of wanted) {
      if (this.clientAddresses.has(key)) continue;
      const node = this.lab.nodes.find(
        (each): each is ClusterNode => each.name === name && each.kind === 'cluster-node',
      );
      const port = node?.attachments.find(({ vlans }) => vlans.length > 0)?.port;
      const pod = this.podNetwork(key);
      if (port === undefined || pod === undefined) continue;
      scripts.push(
        batch(netnsOf(name), [
          `addr replace ${pod.address}/${pod.length} dev ${deviceOf(port)} noprefixroute`,
          `route replace ${pod.subnet} dev ${deviceOf(port)}`,
          ...pod.routes.map(
            ({ prefix, gateway }) =>
              `route replace ${prefix}${gateway === undefined ? '' : ` via ${gateway}`} dev ${deviceOf(port)}`,
          ),
        ]),
      );
    }
    this.clientAddresses = new Set(wanted.keys());
    const tell = () => this.onClients(this.clients());
    if (scripts.length === 0) tell();
    else void this.nodes.all(scripts).then(tell);
  }

  private podNetwork(key: string) {
    for (const { cluster } of this.clusters.values()) {
      for (const pod of cluster.store.list('Pod')) {
        for (const network of cluster.runOf(pod)?.networks ?? []) {
          if (`${pod.spec.nodeName} ${network.address}` !== key) continue;
          return {
            address: network.address,
            length: network.length,
            subnet: networkOf(`${network.address}/${network.length}`),
            routes: network.routes,
          };
        }
      }
    }
    return undefined;
  }

  /** A node's fabric addresses and routes, as they were set when it was joined. */
  async restoreRoutes(name: string): Promise<void> {
    const node = this.lab.nodes.find(
      (each): each is ClusterNode => each.name === name && each.kind === 'cluster-node',
    );
    if (node === undefined) return;
    for (const attachment of node.attachments) await this.nodes.tree.script(attachScript(node, attachment));
    this.clientsSeen = '';
    this.clientAddresses.clear();
    this.followClients();
  }

  // faults

  canBreak(fault: Fault): CommandResult {
    switch (fault.kind) {
      case 'node-stopped': {
        const host = this.hostOf(fault.node)?.host;
        if (host === undefined)
          return refused(`${fault.node} is not there yet`, 'Build the stage that makes it first.');
        return host.running
          ? { outcome: 'done' }
          : refused(`${fault.node} is not running`, 'Heal what stopped it.');
      }
      case 'speaker-killed': {
        const found = this.hostOf(fault.node);
        if (found?.host.speaks === true) return { outcome: 'done' };
        return refused(`no BGP speaker runs on ${fault.node}`, 'Build the stage "metallb" first.');
      }
      case 'pod-killed': {
        const pod = this.clusters.get(fault.cluster)?.cluster.store.get('Pod', fault.pod, fault.namespace);
        return pod === undefined
          ? refused(`there is no pod ${fault.namespace}/${fault.pod}`, 'kubectl get pods -A names them.')
          : { outcome: 'done' };
      }
      default:
        return { outcome: 'done' };
    }
  }

  async break(fault: Fault): Promise<void> {
    if (fault.kind === 'pod-killed') {
      const cluster = this.clusters.get(fault.cluster);
      cluster?.cluster.killPod(fault.namespace, fault.pod, this.time.now());
      cluster?.reconcile();
    } else if (fault.kind === 'node-stopped') {
      await this.hostOf(fault.node)?.cluster.stopNode(fault.node);
    } else if (fault.kind === 'speaker-killed') {
      const found = this.hostOf(fault.node);
      const container = found?.cluster.cluster.metallb.bgpContainer(fault.node);
      if (found === undefined || container === undefined) return;
      await found.host.killSpeaker('KILL');
      found.cluster.cluster.killContainer(container.pod, container.container, this.time.now());
      found.cluster.reconcile();
    }
  }

  heal(fault: Fault): void {
    if (fault.kind === 'node-stopped') this.hostOf(fault.node)?.cluster.startNode(fault.node);
  }

  hostOf(node: string) {
    for (const cluster of this.clusters.values()) {
      const host = cluster.hosts.get(node);
      if (host !== undefined) return { cluster, host };
    }
    return undefined;
  }
}

function destinationIn(text: string): Client['destination'] | undefined {
  for (const [, host = '', port] of text.matchAll(/http:\/\/([\d.]+)(?::(\d+))?/g)) {
    if (isIpv4(host)) return { address: host, port: port === undefined ? 80 : Number(port) };
  }
  return undefined;
}

function whatIsMissing({ cluster }: KubeCluster): string {
  return cluster.store
    .list('Pod')
    .filter(pod => !isReady(pod))
    .slice(0, 3)
    .map(pod => `pod ${pod.metadata.namespace}/${pod.metadata.name} is ${podStatusWord(pod)}`)
    .join(', ');
}
