import { type ClusterNode, containerOf, type Lab } from '../../../lab/lab.ts';
import type { TaskAction } from '../../../lab/stage.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { stateOf } from '../../real/cluster-view.ts';
import { deviceOf } from '../../real/device-names.ts';
import { kubectl } from '../../real/kubectl.ts';
import { ModelClusters, type PodPlace } from '../../real/model-clusters.ts';
import type { ObservedCluster } from '../kubernetes/observed-cluster.ts';
import type { Followed } from '../running.ts';
import type { Watch } from '../watch/watch.ts';
import { ContainerHost } from './container-host.ts';

/** Clusters without a Kubernetes: containers of the topology play their nodes, the lab's own model says what they do. */
export class Modelled extends ModelClusters {
  private readonly lab: Lab;
  private readonly watch: Watch;
  private readonly addresses: Map<string, Ipv4>;
  private readonly followed: Followed;
  private readonly hosts = new Map<string, ContainerHost>();
  private readonly everPlaced = new Map<string, PodPlace>();

  constructor(followed: Followed, watch: Watch) {
    const { machine, chronicle, events, time } = followed;
    const { lab, docker } = machine;
    const addresses = new Map<string, Ipv4>();
    const hosts = new Map<string, ContainerHost>();
    const placed = new Map<string, PodPlace>();
    super({
      lab,
      time,
      events,
      cause: () => chronicle.currentCause,
      isPlugged: link => watch.isPlugged(link),
      addressOf: node => addresses.get(node) ?? '0.0.0.0',
      makeHost: spec => {
        const node = nodeNamed(lab, spec.name);
        const container = node === undefined ? spec.name : containerOf(node);
        const host = new ContainerHost({
          ...spec,
          container,
          docker,
          shell: () => watch.shellIn(container),
          onSpeaker: speaks => watch.speakerOn(spec.name, speaks),
        });
        hosts.set(spec.name, host);
        return host;
      },
      placePods: async places => {
        for (const place of places) {
          const node = nodeNamed(lab, place.node);
          placed.set(`${place.node} ${place.address}`, place);
          await watch.shellIn(node === undefined ? place.node : containerOf(node))?.(placeScript(place));
        }
      },
    });
    this.lab = lab;
    this.watch = watch;
    this.followed = followed;
    this.addresses = addresses;
    this.hosts = hosts;
    this.everPlaced = placed;
  }

  /** Whether a task is about such a cluster. */
  concerns(action: TaskAction): boolean {
    return 'cluster' in action && this.isModelled(action.cluster);
  }

  isModelled(cluster: string): boolean {
    return this.lab.clusters.some(({ name, nodes }) => name === cluster && nodes === 'containers');
  }

  isDone(action: TaskAction): boolean {
    switch (action.type) {
      case 'create-cluster':
        return this.isCreated(action.cluster);
      case 'load-image':
        return this.clusters.get(action.cluster)?.cluster.hasImage(action.image) === true;
      case 'apply':
        return this.isApplied(action.cluster, action.file);
      default:
        return false;
    }
  }

  async perform(action: TaskAction): Promise<string | undefined> {
    switch (action.type) {
      case 'create-cluster':
        return this.begin(action.cluster);
      case 'load-image':
        return this.loadImage(action.cluster, action.image);
      case 'apply':
        return this.apply(action.cluster, action.file);
      default:
        return undefined;
    }
  }

  private async begin(name: string): Promise<string | undefined> {
    const { docker } = this.followed.machine;
    for (const node of this.nodesOf(name)) {
      const found = await docker.container(containerOf(node));
      if (found.outcome === 'failed') return found.because;
      const [address] = Object.values(found.value?.addresses ?? {});
      if (address === undefined) return `${containerOf(node)} does not run: build the stage "fabric" again`;
      this.addresses.set(node.name, address);
    }
    const failed = await this.create(name);
    if (failed === undefined) this.watch.clusters.set(name, this.observed(name));
    return failed;
  }

  /** A node's container was stopped or started, by a fault or by hand. */
  nodeChanged(node: string, runs: boolean): void {
    const found = this.hostOf(node);
    if (found === undefined || found.host.running === runs) return;
    if (!runs) void found.cluster.stopNode(node);
    else {
      found.cluster.startNode(node);
      this.replacePods();
    }
  }

  /** A cable was plugged in, or a port came back: the node may know new devices, and its addresses have to be set again. */
  portsChanged(): void {
    for (const cluster of this.clusters.values()) {
      cluster.reconcile();
      for (const node of this.nodesOf(cluster.definition.name)) this.greet(node);
    }
    this.replacePods();
  }

  /** A host tells its switch that it is there: one that never spoke is unknown to it. */
  private greet(node: ClusterNode): void {
    for (const { gateway } of node.attachments)
      if (gateway !== undefined)
        void this.watch.shellIn(containerOf(node))?.(`ping -c 2 -W 1 ${gateway} >/dev/null 2>&1; true`);
  }

  /** Everything of the models is taken out of the containers; nothing is created any more. */
  async clear(): Promise<void> {
    this.stop();
    await Promise.all([...this.hosts.values()].map(host => host.clear()));
    for (const { node: name, address, length, port } of this.everPlaced.values()) {
      const node = nodeNamed(this.lab, name);
      const shell = node === undefined ? undefined : this.watch.shellIn(containerOf(node));
      await shell?.(`ip address delete ${address}/${length} dev ${deviceOf(port)} 2>/dev/null; true`);
    }
    this.everPlaced.clear();
    this.hosts.clear();
    for (const name of this.clusters.keys()) this.watch.clusters.delete(name);
    this.forgetAll();
  }

  private nodesOf(cluster: string): ClusterNode[] {
    return this.lab.nodes.filter(
      (node): node is ClusterNode => node.kind === 'cluster-node' && node.cluster === cluster,
    );
  }

  private observed(name: string): ObservedCluster {
    const found = this.lab.clusters.find(each => each.name === name);
    const run = () => this.clusters.get(name);
    const absent = `the cluster ${name} does not run`;
    return {
      name,
      answering: { state: 'answering' },
      start: async () => undefined,
      stop: () => {},
      state: () => {
        if (found === undefined) throw new Error(absent);
        return stateOf(this.lab, found, run());
      },
      announcementsSaidBy: 'model',
      actions: {
        deletePod: async (namespace, pod) => {
          await this.break({ kind: 'pod-killed', cluster: name, namespace, pod });
          return undefined;
        },
        killSpeaker: async node => {
          await this.break({ kind: 'speaker-killed', node });
          return undefined;
        },
        signalSpeaker: async (fault, on) => {
          await (on ? this.break(fault) : this.heal(fault));
          return undefined;
        },
        setSchedulable: (node, schedulable) =>
          this.kubectl(name, [schedulable ? 'uncordon' : 'cordon', node]),
        drain: node => this.kubectl(name, ['drain', node, '--ignore-daemonsets', '--force']),
        scale: (namespace, deployment, replicas) =>
          this.kubectl(name, ['scale', 'deployment', deployment, `--replicas=${replicas}`, '-n', namespace]),
      },
    };
  }

  /** What a learner would type; what it complained about. */
  private async kubectl(cluster: string, words: readonly string[]): Promise<string | undefined> {
    let said = '';
    const exitCode = await kubectl(words, {
      lab: this.lab,
      clusters: this.clusters,
      clients: this.clients(),
      time: this.followed.time,
      cluster,
      signal: undefined,
      print: ({ text }) => {
        said += text;
      },
      requests: () => [],
      onHost: async () => 1,
    });
    return exitCode === 0 ? undefined : said.trim();
  }
}

function nodeNamed(lab: Lab, name: string): ClusterNode | undefined {
  return lab.nodes.find((node): node is ClusterNode => node.name === name && node.kind === 'cluster-node');
}

function placeScript({ port, address, length, subnet, routes }: PodPlace): string {
  const device = deviceOf(port);
  return [
    `ip address replace ${address}/${length} dev ${device} noprefixroute 2>/dev/null || ip address add ${address}/${length} dev ${device}`,
    `ip route replace ${subnet} dev ${device}`,
    ...routes.map(
      ({ prefix, gateway }) =>
        `ip route replace ${prefix}${gateway === undefined ? '' : ` via ${gateway}`} dev ${device}`,
    ),
    'true',
  ].join('\n');
}
