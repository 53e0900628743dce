import { Cluster } from '../../kube/cluster.ts';
import { type KubeFact, subjectOf } from '../../kube/fact.ts';
import type { ProxiedService } from '../../kube/kube-proxy.ts';
import { addressOfService } from '../../kube/metallb/allocator.ts';
import type { Pod } from '../../kube/objects.ts';
import { listensOn } from '../../kube/pod.ts';
import { serviceText } from '../../lab/cluster-state.ts';
import { readYaml } from '../../lab/files/yaml-text.ts';
import { clusterNodesOf, type Lab, type LabCluster, type LabLink } from '../../lab/lab.ts';
import { addressPlus, type Ipv4 } from '../../net/address.ts';
import { addressOf, lengthOf } from '../../net/prefix.ts';
import type { EventLog } from './event-log.ts';
import type { LabTime } from './lab-time.ts';
import type { HostedPod, PodHost, PodHostSpec } from './pod-host.ts';
import { proxyRules } from './proxy-rules.ts';

export type KubeSurroundings = {
  readonly lab: Lab;
  readonly makeHost: (spec: PodHostSpec) => PodHost;
  readonly isPlugged: (link: LabLink) => boolean;
  readonly time: LabTime;
  readonly events: EventLog;
  /** Of a node in the Docker network. */
  readonly addressOf: (node: string) => Ipv4;
  readonly cause: () => number | undefined;
  readonly onChanged: () => void;
};

/** One cluster: the objects and controllers are `kube/`'s model; what they want is done to the machines that play its nodes. */
export class KubeCluster {
  readonly definition: LabCluster;
  readonly cluster: Cluster;
  readonly hosts = new Map<string, PodHost>();
  everReady = false;
  private readonly around: KubeSurroundings;
  private readonly lastEvents = new Map<string, number>();
  private readonly announced = new Map<string, { node: string; service: string; prefix: string }>();
  private timer: NodeJS.Timeout | undefined;
  private over = false;

  constructor(around: KubeSurroundings, definition: LabCluster) {
    this.around = around;
    this.definition = definition;
    const specs = clusterNodesOf(around.lab, definition.name).map(({ name, role, labels }) => ({
      name,
      role,
      labels,
      address: around.addressOf(name),
    }));
    this.cluster = new Cluster(
      {
        name: definition.name,
        version: /:(v\d+\.\d+\.\d+)/.exec(definition.image)?.[1] ?? 'v1.37.0',
        nodes: specs,
        podSubnet: definition.podSubnet,
        serviceSubnet: definition.serviceSubnet,
        random: Math.random,
        readYaml: text => readYaml(text, 'config').documents[0]?.value,
      },
      around.time.now(),
    );
    for (const { name, address } of specs) {
      const podCidr = this.cluster.store.get('Node', name)?.spec.podCIDR ?? definition.podSubnet;
      this.hosts.set(name, around.makeHost({ name, dockerAddress: address, podCidr }));
    }
  }

  /** The nodes' machines. */
  async start(): Promise<string | undefined> {
    const { network } = this.around.lab;
    const gateway = addressPlus(addressOf(network.prefix), 1);
    const hosts = [...this.hosts.values()];
    for (const host of hosts) {
      const failed = await host.create(lengthOf(network.prefix), gateway);
      if (failed !== undefined) return `${host.name}: ${failed}`;
      this.around.events.add({ type: 'node-started', node: host.name }, { cause: this.around.cause() });
    }
    for (const host of hosts) {
      const failed = await host.routeToPods(hosts.filter(each => each !== host));
      if (failed !== undefined) return `${host.name}: ${failed}`;
    }
    this.reconcile();
    return undefined;
  }

  get settled(): boolean {
    return this.allReady && this.cluster.settled();
  }

  get apiAnswers(): boolean {
    return this.cluster.apiRuns(this.around.time.now());
  }

  /** Lets the time of boots and image loads pass that the model counts and nothing here needs, until everything is ready. */
  async skipUntilSettled(limit: number): Promise<string | undefined> {
    const { time } = this.around;
    const end = time.now() + limit;
    this.reconcile();
    while (!this.settled) {
      const due = this.cluster.nextDue();
      if (due === undefined || due > end) return 'not everything is ready';
      time.skip(due - time.now());
      this.reconcile();
    }
    for (const host of this.hosts.values()) {
      const failed = await host.settled();
      if (failed !== undefined) return failed;
    }
    return undefined;
  }

  /** Works out everything that is due and tells the nodes. Call after every change to the cluster. */
  reconcile(): void {
    if (this.over) return;
    for (const host of this.hosts.values()) this.tellMachine(host);
    this.report(this.cluster.reconcile(this.around.time.now()));
    for (const host of this.hosts.values()) if (host.running) this.tellHost(host);
    this.reportAnnouncements();
    this.everReady ||= this.allReady;
    this.arm();
    this.around.onChanged();
  }

  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
    for (const host of this.hosts.values()) host.end();
  }

  async stopNode(name: string): Promise<void> {
    const host = this.hosts.get(name);
    if (host === undefined) return;
    this.cluster.stopNode(name, this.around.time.now());
    await host.stop();
    this.reconcile();
  }

  /** Its kubelet answers a few seconds later. */
  startNode(name: string): void {
    const host = this.hosts.get(name);
    if (host === undefined || host.running) return;
    this.cluster.startNode(name, this.around.time.now());
    host.start();
    this.reconcile();
  }

  /** FRR's container runs on the node. */
  speakerRuns(node: string): boolean {
    const found =
      this.hosts.get(node)?.running === true ? this.cluster.metallb.bgpContainer(node) : undefined;
    return (
      found !== undefined && this.cluster.containerAlive(found.pod, found.container, this.around.time.now())
    );
  }

  proxiedServices(): ProxiedService[] {
    return this.cluster.store
      .list('Service')
      .map(service => ({ service, slices: this.cluster.endpointSlices(service) }));
  }

  private get allReady(): boolean {
    return this.cluster.store
      .list('Node')
      .every(node =>
        node.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
      );
  }

  private tellMachine(host: PodHost): void {
    const machine = this.cluster.machines.get(host.name);
    const node = clusterNodesOf(this.around.lab, this.definition.name).find(({ name }) => name === host.name);
    if (machine === undefined || node === undefined) return;
    const joined = node.attachments.filter(({ port }) =>
      this.around.lab.links.some(
        link =>
          this.around.isPlugged(link) &&
          [link.a, link.b].some(end => end.node === host.name && end.port === port),
      ),
    );
    machine.canPull = joined.every(({ routes }) => routes !== undefined);
    machine.devices.clear();
    machine.devices.add('eth0');
    for (const { port, vlans } of joined) {
      machine.devices.add(port);
      for (const vlan of vlans) machine.devices.add(`VLAN-${vlan}`);
    }
  }

  private tellHost(host: PodHost): void {
    const now = this.around.time.now();
    const pods: HostedPod[] = [];
    for (const pod of this.cluster.store.list('Pod')) {
      if (pod.spec.nodeName !== host.name || pod.spec.hostNetwork === true) continue;
      const run = this.cluster.runOf(pod);
      if (run?.address === undefined || !run.sandbox) continue;
      const port = answersAsTheApp(pod) ? (listensOn(pod)?.[0] ?? 0) : 0;
      const alive = this.cluster.podAlive(pod, now);
      pods.push({
        key: `${pod.metadata.uid} ${port}`,
        name: pod.metadata.name,
        node: host.name,
        address: run.address,
        port,
        alive,
      });
    }
    host.setPods(pods.filter(pod => pod.port > 0));
    host.setRules(proxyRules(this.proxiedServices(), host.name, this.definition.podSubnet));
    const node = this.cluster.store.get('Node', host.name);
    host.setSpeaker(
      node !== undefined && this.speakerRuns(host.name)
        ? this.cluster.metallb.sessions(node).filter(each => each.peerAddress !== undefined)
        : undefined,
    );
  }

  private report(facts: readonly KubeFact[]): void {
    let latest: number | undefined;
    for (const fact of facts) {
      const about = subjectOf(fact);
      const cause =
        (about === undefined ? undefined : this.lastEvents.get(about)) ?? latest ?? this.around.cause();
      latest = this.around.events.add(fact, { cause });
      if (about !== undefined) this.lastEvents.set(about, latest);
      if (fact.type === 'pod-gone' && about !== undefined) this.lastEvents.delete(about);
    }
  }

  private reportAnnouncements(): void {
    const now = new Map<string, { node: string; service: string; prefix: string }>();
    const reasons = new Map<string, string>();
    for (const { service, node, decision } of this.cluster.metallb.announcements()) {
      if (addressOfService(service) === undefined) continue;
      const name = serviceText(service);
      if (!decision.announced) reasons.set(`${node} ${name}`, decision.reason);
      else if (this.speakerRuns(node))
        for (const { prefix } of decision.advertisements)
          now.set(`${node} ${name} ${prefix}`, { node, service: name, prefix });
    }
    const cause = this.around.cause();
    for (const [key, each] of now)
      if (!this.announced.has(key))
        this.around.events.add({ type: 'announcement-started', ...each }, { cause });
    for (const [key, each] of this.announced) {
      if (now.has(key)) continue;
      const reason = this.speakerRuns(each.node)
        ? ((reasons.get(`${each.node} ${each.service}`) ?? 'serviceGone') as 'serviceGone')
        : 'speakerGone';
      this.around.events.add({ type: 'announcement-stopped', ...each, reason }, { cause });
    }
    this.announced.clear();
    for (const [key, each] of now) this.announced.set(key, each);
  }

  private arm(): void {
    clearTimeout(this.timer);
    const due = this.cluster.nextDue();
    if (due === undefined) return;
    const wait = Math.min(Math.max(0, due - this.around.time.now()) + 1, 2 ** 31 - 1);
    this.timer = setTimeout(() => this.reconcile(), wait);
  }
}

/** The application says who it is from POD and NODE; what other images answer is not modelled, so they do not. */
function answersAsTheApp(pod: Pod): boolean {
  const names = pod.spec.containers.flatMap(({ env }) => env ?? []).map(({ name }) => name);
  return names.includes('POD') && names.includes('NODE');
}
