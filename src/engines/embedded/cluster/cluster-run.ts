import { Cluster } from '../../../kube/cluster.ts';
import type { ProxiedService } from '../../../kube/kube-proxy.ts';
import type { Pod } from '../../../kube/objects.ts';
import { listensOn } from '../../../kube/pod.ts';
import { readYaml } from '../../../lab/files/yaml-text.ts';
import { clusterNodesOf, type LabCluster } from '../../../lab/lab.ts';
import { addressPlus } from '../../../net/address.ts';
import { addressOf, lengthOf } from '../../../net/prefix.ts';
import type { CoreServices } from '../cluster-port.ts';
import type { Device } from '../device.ts';
import type { Task } from '../queue.ts';
import type { World } from '../world.ts';
import { ClusterStory } from './cluster-story.ts';
import type { DockerNetwork } from './docker-network.ts';
import { NodeDevice } from './node-device.ts';
import type { PodSocket } from './pod-sockets.ts';
import { Speakers } from './speakers.ts';

/** One kind cluster of the lab at work: its objects in `kube`, its nodes as devices, its speakers. */
export class ClusterRun {
  readonly definition: LabCluster;
  readonly cluster: Cluster;
  readonly nodes = new Map<string, NodeDevice>();
  readonly speakers: Speakers;
  /** Told after the cluster's objects may have changed. */
  onChanged: () => void = () => {};
  private readonly world: World;
  private readonly podSignatures = new Map<string, string>();
  private readonly story: ClusterStory;
  private readonly docker: DockerNetwork;
  private removed = false;
  private wake: Task | undefined;
  private servicesAt = -1;
  private services: readonly ProxiedService[] = [];
  private readonly ready = new Set<() => void>();
  /** Every node has been Ready at some time: the cluster is built. */
  everReady = false;
  /** How often the cluster was worked out: what its processes and pods do changes at no other time. */
  reconciled = 0;

  constructor(world: World, core: CoreServices, definition: LabCluster, docker: DockerNetwork) {
    this.world = world;
    this.definition = definition;
    this.docker = docker;
    this.story = new ClusterStory(world);
    const { lab } = world;
    const chance = world.random(`cluster ${definition.name}`);
    const specs = clusterNodesOf(lab, definition.name).map(node => ({
      name: node.name,
      role: node.role,
      labels: node.labels,
      address: docker.takeAddress(),
    }));
    this.cluster = new Cluster(
      {
        name: definition.name,
        version: versionOf(definition.image),
        nodes: specs,
        podSubnet: definition.podSubnet,
        serviceSubnet: definition.serviceSubnet,
        random: () => chance.next(),
        readYaml: text => readYaml(text, 'config').documents[0]?.value,
      },
      world.now(),
    );
    const length = lengthOf(lab.network.prefix);
    for (const { name, address } of specs) {
      const node = this.cluster.store.get('Node', name);
      const device = new NodeDevice(name, {
        world,
        address: `${address}/${length}`,
        gateway: addressPlus(addressOf(lab.network.prefix), 1),
        podCidr: node?.spec.podCIDR ?? definition.podSubnet,
        neighborAt: at => docker.members.get(at),
        peers: () => [...this.nodes.values()],
        services: () => this.proxiedServices(),
      });
      this.nodes.set(name, device);
      docker.members.set(address, device);
      world.addDevice(device);
    }
    this.speakers = new Speakers(world, core, this.cluster);
  }

  /** The containers start. */
  start(): void {
    for (const device of this.nodes.values()) {
      device.setRunning(true);
      this.world.emit({ type: 'node-started', node: device.name });
    }
    for (const device of this.nodes.values()) device.updateRoutes();
    this.reconcile();
  }

  /** All nodes are Ready and everything that should run does. */
  get settled(): boolean {
    return this.allReady && this.cluster.settled();
  }

  get allReady(): boolean {
    return this.cluster.store
      .list('Node')
      .every(node =>
        node.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
      );
  }

  get apiAnswers(): boolean {
    return this.cluster.apiRuns(this.world.now());
  }

  /** MetalLB's speaker runs on the node, with its FRR. */
  speakerRuns(node: string): boolean {
    return this.speakers.alive(node);
  }

  /** Works out everything that is due now and brings nodes and speakers in line. Call after every change to the cluster. */
  reconcile(): void {
    const { world, cluster } = this;
    if (this.removed) return;
    this.reconciled++;
    for (const device of this.nodes.values()) this.tellMachine(device);
    const last = this.story.tell(cluster.reconcile(world.now()));
    for (const device of this.nodes.values()) this.tellDevice(device);
    world.causedBy(last ?? world.cause, () => this.speakers.follow(this.nodes.values()));
    this.armWake();
    this.everReady ||= this.allReady;
    this.onChanged();
    for (const question of [...this.ready]) question();
  }

  /** Calls `done` as soon as the condition holds after a change, or with the problem once the time is up. */
  waitUntil(
    holds: () => boolean,
    limit: number,
    problem: () => string,
    done: (failure?: string) => void,
  ): void {
    if (holds()) {
      done();
      return;
    }
    const ask = () => {
      if (!holds()) return;
      this.ready.delete(ask);
      this.world.cancel(timeout);
      done();
    };
    const timeout = this.world.schedule(limit, () => {
      this.ready.delete(ask);
      done(problem());
    });
    this.ready.add(ask);
  }

  /** The cluster is deleted: its containers are gone, and all that was in them. */
  remove(): void {
    const { world } = this;
    this.removed = true;
    world.cancel(this.wake);
    for (const device of this.nodes.values()) {
      const event = world.emit({ type: 'node-stopped', node: device.name });
      world.causedBy(event, () => {
        device.setRunning(false);
        this.speakers.leave(device);
        world.removeDevice(device.name);
      });
      this.docker.leave(device.dockerAddress);
    }
  }

  podNamed(instance: string): Pod | undefined {
    const slash = instance.indexOf('/');
    return slash < 0
      ? this.cluster.store.get('Pod', instance, 'default')
      : this.cluster.store.get('Pod', instance.slice(slash + 1), instance.slice(0, slash));
  }

  /** The pod whose process listens on the port in that namespace of the node. */
  listening(device: Device, instance: string, port: number): PodSocket | undefined {
    const node = this.nodes.get(device.name);
    if (node === undefined) return undefined;
    if (instance === '')
      return node.pods().find(socket => socket.hostNetwork && this.serves(socket, port, false));
    const socket = node.pod(instance);
    return socket !== undefined && this.serves(socket, port, true) ? socket : undefined;
  }

  /** Whether the pod's process runs and listens; `otherwise` where nobody knows on which ports. */
  private serves(socket: PodSocket, port: number, otherwise: boolean): boolean {
    const pod = this.cluster.store.get('Pod', socket.name, socket.namespace);
    if (pod === undefined || !this.cluster.podAlive(pod, this.world.now())) return false;
    return listensOn(pod)?.includes(port) ?? otherwise;
  }

  stopNode(name: string): void {
    const device = this.nodes.get(name);
    if (device === undefined) return;
    this.cluster.stopNode(name, this.world.now());
    const event = this.world.emit({ type: 'node-stopped', node: name });
    this.story.happenedTo(`node ${name}`, event);
    this.world.causedBy(event, () => {
      device.setRunning(false);
      this.podSignatures.delete(name);
      this.speakers.follow(this.nodes.values());
      this.world.powerChanged(device);
      this.reconcile();
    });
  }

  startNode(name: string): void {
    const { world } = this;
    const device = this.nodes.get(name);
    if (device === undefined || device.running) return;
    const bootedAt = this.cluster.startNode(name, world.now());
    world.schedule(bootedAt - world.now(), () => {
      if (this.removed || device.running || this.cluster.machines.get(name)?.runningSince !== bootedAt)
        return;
      device.setRunning(true);
      const event = world.emit({ type: 'node-started', node: name });
      this.story.happenedTo(`node ${name}`, event);
      world.causedBy(event, () => {
        world.powerChanged(device);
        this.reconcile();
      });
    });
  }

  /** A node whose stop is not over, or that is off. */
  isOff(name: string): boolean {
    return this.nodes.get(name)?.running !== true;
  }

  proxiedServices(): readonly ProxiedService[] {
    const { store } = this.cluster;
    if (this.servicesAt !== store.version) {
      this.servicesAt = store.version;
      this.services = store
        .list('Service')
        .map(service => ({ service, slices: this.cluster.endpointSlices(service) }));
    }
    return this.services;
  }

  private tellMachine(device: NodeDevice): void {
    const machine = this.cluster.machines.get(device.name);
    if (machine === undefined) return;
    machine.canPull = device.reachesInternet;
    machine.devices.clear();
    for (const { name } of device.interfaces()) machine.devices.add(name);
  }

  private tellDevice(device: NodeDevice): void {
    if (!device.running) return;
    const sockets: PodSocket[] = [];
    for (const pod of this.cluster.store.list('Pod')) {
      if (pod.spec.nodeName !== device.name) continue;
      const run = this.cluster.runOf(pod);
      if (run === undefined || !run.sandbox || run.address === undefined) continue;
      sockets.push({
        instance: podInstance(pod),
        namespace: pod.metadata.namespace ?? 'default',
        name: pod.metadata.name,
        uid: pod.metadata.uid ?? '',
        address: run.address,
        hostNetwork: pod.spec.hostNetwork === true,
        networks: run.networks,
      });
    }
    const signature = sockets.map(socket => `${socket.uid} ${socket.address}`).join(' ');
    if (this.podSignatures.get(device.name) === signature) return;
    this.podSignatures.set(device.name, signature);
    device.setPods(sockets);
  }

  private armWake(): void {
    const { world } = this;
    const due = this.cluster.nextDue();
    const background = !this.cluster.underWay(world.now());
    if (due === this.wake?.at && this.wake?.background === background) return;
    world.cancel(this.wake);
    this.wake = undefined;
    if (due === undefined) return;
    this.wake = world.causedBy(undefined, () =>
      world.schedule(
        Math.max(0, due - world.now()),
        () => {
          this.wake = undefined;
          this.reconcile();
        },
        { background },
      ),
    );
  }
}

/** The routing context of a pod: its name, with its namespace in front where that is not "default". */
export function podInstance(pod: Pod): string {
  const { namespace = 'default', name } = pod.metadata;
  return namespace === 'default' ? name : `${namespace}/${name}`;
}

/** "kindest/node:v1.37.0@sha256:…" gives "v1.37.0". */
function versionOf(image: string): string {
  return /:(v\d+\.\d+\.\d+)/.exec(image)?.[1] ?? 'v1.37.0';
}

/** The cluster that the node belongs to. */
export function runOfNode(runs: ReadonlyMap<string, ClusterRun>, node: string): ClusterRun | undefined {
  for (const run of runs.values()) if (run.nodes.has(node)) return run;
  return undefined;
}
