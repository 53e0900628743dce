import type { ClusterNode, Lab } from '../../lab/lab.ts';
import type { TaskAction } from '../../lab/stage.ts';
import { addressPlus, type Ipv4 } from '../../net/address.ts';
import { addressOf, lengthOf } from '../../net/prefix.ts';
import { deviceOf } from '../real/device-names.ts';
import type { EventLog } from '../real/event-log.ts';
import type { LabTime } from '../real/lab-time.ts';
import { ModelClusters, type PodPlace } from '../real/model-clusters.ts';
import { KubeHost } from './kube-host.ts';
import { attachScript, batch, netnsOf } from './network-plan.ts';
import type { Nodes } from './nodes.ts';

/** All clusters of the lab, their nodes namespaces. Failures are sentences. */
export class Clusters extends ModelClusters {
  private readonly lab: Lab;
  private readonly nodes: Nodes;

  constructor(lab: Lab, nodes: Nodes, time: LabTime, events: EventLog, cause: () => number | undefined) {
    let lastAddress = addressPlus(addressOf(lab.network.prefix), 1);
    super({
      lab,
      time,
      events,
      cause,
      makeHost: spec => new KubeHost(nodes, spec),
      isPlugged: link => nodes.plugged.has(link.id),
      addressOf: (): Ipv4 => {
        lastAddress = addressPlus(lastAddress, 1);
        return lastAddress;
      },
      placePods: async places => {
        await nodes.all(places.map(placeScript));
      },
    });
    this.lab = lab;
    this.nodes = nodes;
  }

  isDone(action: TaskAction): boolean {
    switch (action.type) {
      case 'create-cluster':
        return this.isCreated(action.cluster);
      case 'load-image':
        return this.clusters.get(action.cluster)?.cluster.hasImage(action.image) === true;
      case 'join':
        return this.nodes.plugged.has(action.link);
      case 'apply':
        return this.isApplied(action.cluster, action.file);
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
        return this.create(action.cluster);
      case 'load-image':
        return this.loadImage(action.cluster, action.image);
      case 'join':
        return this.join(action.link);
      case 'apply':
        return this.apply(action.cluster, action.file);
      case 'deploy-fabric':
        return undefined;
    }
  }

  private async join(id: string): Promise<string | undefined> {
    const link = this.lab.links.find(each => each.id === id);
    if (link === undefined) return `there is no link "${id}"`;
    for (const { node: name, port } of [link.a, link.b]) {
      const node = this.clusterNode(name);
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

  /** A node's fabric addresses and routes, as they were set when it was joined. */
  async restoreRoutes(name: string): Promise<void> {
    const node = this.clusterNode(name);
    if (node === undefined) return;
    for (const attachment of node.attachments) await this.nodes.tree.script(attachScript(node, attachment));
    this.replacePods();
  }

  private clusterNode(name: string): ClusterNode | undefined {
    return this.lab.nodes.find(
      (each): each is ClusterNode => each.name === name && each.kind === 'cluster-node',
    );
  }
}

function placeScript({ node, port, address, length, subnet, routes }: PodPlace): string {
  const device = deviceOf(port);
  return batch(netnsOf(node), [
    `addr replace ${address}/${length} dev ${device} noprefixroute`,
    `route replace ${subnet} dev ${device}`,
    ...routes.map(
      ({ prefix, gateway }) =>
        `route replace ${prefix}${gateway === undefined ? '' : ` via ${gateway}`} dev ${device}`,
    ),
  ]);
}
