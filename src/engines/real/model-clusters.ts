import type { KubeObject } from '../../kube/objects.ts';
import { isReady, podStatusWord } from '../../kube/pod.ts';
import type { CommandResult } from '../../lab/command.ts';
import type { Fault } from '../../lab/fault.ts';
import type { ClusterNode, Lab, LabLink } from '../../lab/lab.ts';
import { type Ipv4, isIpv4, toNumber } from '../../net/address.ts';
import { type Ipv4Prefix, networkOf } from '../../net/prefix.ts';
import type { EventLog } from './event-log.ts';
import { noSpeaker, noSuchPod, notRunning, notThere, speakerIsFrozen } from './fault-refusals.ts';
import { KubeCluster } from './kube-cluster.ts';
import type { LabTime } from './lab-time.ts';
import type { PodHost, PodHostSpec } from './pod-host.ts';
import type { Client } from './traffic.ts';

/** After that much lab time without what was waited for, a task has failed. */
const READY_LIMIT = 120_000;

export type ModelClustersOptions = {
  readonly lab: Lab;
  readonly time: LabTime;
  readonly events: EventLog;
  readonly cause: () => number | undefined;
  readonly makeHost: (spec: PodHostSpec) => PodHost;
  readonly isPlugged: (link: LabLink) => boolean;
  /** Of a node in the Docker network. */
  readonly addressOf: (node: string) => Ipv4;
  /** Sets the second addresses of pods on the fabric ports of their nodes. */
  readonly placePods: (places: readonly PodPlace[]) => Promise<void>;
};

/** The second address of a pod, on its node's fabric port. */
export type PodPlace = {
  readonly node: string;
  readonly port: string;
  readonly address: Ipv4;
  readonly length: number;
  readonly subnet: Ipv4Prefix;
  readonly routes: readonly { readonly prefix: Ipv4Prefix; readonly gateway?: Ipv4 | undefined }[];
};

/** Clusters whose objects and controllers are a model, and whose nodes are played by machines. Failures are sentences. */
export class ModelClusters {
  readonly clusters = new Map<string, KubeCluster>();
  onClients: (clients: readonly Client[]) => void = () => {};
  private readonly options: ModelClustersOptions;
  private readonly applied = new Set<string>();
  private clientsSeen = '';
  private placed = new Set<string>();

  constructor(options: ModelClustersOptions) {
    this.options = options;
  }

  stop(): void {
    for (const cluster of this.clusters.values()) cluster.stop();
  }

  /** As if nothing had ever been created. */
  protected forgetAll(): void {
    this.clusters.clear();
    this.applied.clear();
    this.placed.clear();
    this.clientsSeen = '';
    this.onClients([]);
  }

  // building

  isCreated(name: string): boolean {
    return this.clusters.get(name)?.settled === true;
  }

  isApplied(cluster: string, file: string): boolean {
    return this.applied.has(`${cluster} ${file}`);
  }

  async create(name: string): Promise<string | undefined> {
    const { lab, time, events, cause, makeHost, isPlugged, addressOf } = this.options;
    const definition = lab.clusters.find(each => each.name === name);
    if (definition === undefined) return `the lab has no cluster ${name}`;
    const onChanged = () => this.followClients();
    const around = { lab, time, events, cause, makeHost, isPlugged, addressOf, onChanged };
    const cluster = new KubeCluster(around, definition);
    this.clusters.set(name, cluster);
    return (await cluster.start()) ?? (await cluster.skipUntilSettled(READY_LIMIT));
  }

  loadImage(name: string, image: string): string | undefined {
    const cluster = this.clusters.get(name);
    cluster?.cluster.loadImage(image);
    cluster?.reconcile();
    return cluster === undefined ? `cluster ${name} does not exist yet` : undefined;
  }

  async apply(name: string, file: string): Promise<string | undefined> {
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

  private applyObjects(cluster: KubeCluster, objects: readonly KubeObject[]): string | undefined {
    for (const object of objects) {
      const outcome = cluster.cluster.apply(object, this.options.time.now());
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
        if (network === undefined || !cluster.podAlive(pod, this.options.time.now())) continue;
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

  /** A node's port was down, or the node itself: what stood on it is gone. */
  replacePods(): void {
    this.clientsSeen = '';
    this.placed.clear();
    this.followClients();
  }

  /** The clients' second addresses stand on the node's fabric port: a kernel may have neither VLANs nor ipvlan. */
  private followClients(): void {
    const seen = JSON.stringify(this.clients());
    if (seen === this.clientsSeen) return;
    this.clientsSeen = seen;
    const places = this.places();
    const fresh = places.filter(place => !this.placed.has(keyOf(place)));
    this.placed = new Set(places.map(keyOf));
    const tell = () => this.onClients(this.clients());
    if (fresh.length === 0) tell();
    else void this.options.placePods(fresh).then(tell);
  }

  private places(): PodPlace[] {
    const places: PodPlace[] = [];
    for (const { cluster } of this.clusters.values()) {
      for (const pod of cluster.store.list('Pod')) {
        for (const network of cluster.runOf(pod)?.networks ?? []) {
          const node = pod.spec.nodeName ?? '';
          const port = this.nodeNamed(node)?.attachments.find(({ vlans }) => vlans.length > 0)?.port;
          if (port === undefined) continue;
          const { address, length, routes } = network;
          places.push({ node, port, address, length, subnet: networkOf(`${address}/${length}`), routes });
        }
      }
    }
    return places;
  }

  private nodeNamed(name: string): ClusterNode | undefined {
    return this.options.lab.nodes.find(
      (each): each is ClusterNode => each.name === name && each.kind === 'cluster-node',
    );
  }

  // faults

  canBreak(fault: Fault): CommandResult {
    switch (fault.kind) {
      case 'node-stopped': {
        const host = this.hostOf(fault.node)?.host;
        if (host === undefined) return notThere(fault.node);
        return host.running ? { outcome: 'done' } : notRunning(fault.node);
      }
      case 'speaker-killed':
      case 'speaker-terminated':
      case 'speaker-frozen': {
        const found = this.hostOf(fault.node);
        if (found?.host.speakerFrozen === true) return speakerIsFrozen(fault.node);
        return found?.host.speaks === true ? { outcome: 'done' } : noSpeaker(fault.node);
      }
      case 'pod-killed': {
        const pod = this.clusters.get(fault.cluster)?.cluster.store.get('Pod', fault.pod, fault.namespace);
        return pod === undefined ? noSuchPod(fault.namespace, fault.pod) : { outcome: 'done' };
      }
      default:
        return { outcome: 'done' };
    }
  }

  async break(fault: Fault): Promise<void> {
    const { time } = this.options;
    if (fault.kind === 'pod-killed') {
      const cluster = this.clusters.get(fault.cluster);
      cluster?.cluster.killPod(fault.namespace, fault.pod, time.now());
      cluster?.reconcile();
    } else if (fault.kind === 'node-stopped') {
      await this.hostOf(fault.node)?.cluster.stopNode(fault.node);
    } else if (fault.kind === 'speaker-killed' || fault.kind === 'speaker-terminated') {
      const found = this.hostOf(fault.node);
      const container = found?.cluster.cluster.metallb.bgpContainer(fault.node);
      if (found === undefined || container === undefined) return;
      const inOrder = fault.kind === 'speaker-terminated';
      await found.host.killSpeaker(inOrder ? 'TERM' : 'KILL');
      found.cluster.cluster.killContainer(container.pod, container.container, time.now(), inOrder ? 0 : 137);
      found.cluster.reconcile();
    } else if (fault.kind === 'speaker-frozen') {
      await this.hostOf(fault.node)?.host.freezeSpeaker(true);
    }
  }

  async heal(fault: Fault): Promise<void> {
    if (fault.kind === 'node-stopped') this.hostOf(fault.node)?.cluster.startNode(fault.node);
    else if (fault.kind === 'speaker-frozen') await this.hostOf(fault.node)?.host.freezeSpeaker(false);
  }

  hostOf(node: string): { readonly cluster: KubeCluster; readonly host: PodHost } | undefined {
    for (const cluster of this.clusters.values()) {
      const host = cluster.hosts.get(node);
      if (host !== undefined) return { cluster, host };
    }
    return undefined;
  }
}

function keyOf({ node, address }: PodPlace): string {
  return `${node} ${address}`;
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
