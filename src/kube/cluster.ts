import { admit } from './admission.ts';
import type { AdmissionContext } from './admission-verdict.ts';
import { type ApplyOutcome, applyObject, editObject } from './apply.ts';
import { type BootstrapOptions, bootstrapObjects, builtInImages } from './bootstrap.ts';
import type { Control } from './control/control-plane.ts';
import { reconcileDaemonSets } from './control/daemon-set.ts';
import { collectGarbage, removePod, startDeletion } from './control/deletion.ts';
import { reconcileDeployments } from './control/deployment.ts';
import { endpointSlicesOf, reconcileEndpointSlices } from './control/endpoint-slices.ts';
import { crash, runKubelets } from './control/kubelet.ts';
import {
  isUnderWay,
  type Machine,
  newMachine,
  type PodRun,
  powerOff,
  powerOn,
  processRuns,
} from './control/machine.ts';
import { watchNodes } from './control/node-lifecycle.ts';
import { OccurrenceLog } from './control/occurrences.ts';
import { reconcileReplicaSets } from './control/replica-set.ts';
import { schedulePods } from './control/scheduler.ts';
import { nodeBoot, nodeJoin } from './control/timing.ts';
import type { KubeFact } from './fact.ts';
import { assignAddresses } from './metallb/allocator.ts';
import { MetallbState } from './metallb/metallb-state.ts';
import type { EndpointSlice, KubeObject, Pod, Service } from './objects.ts';
import { canonicalImage, isReady } from './pod.ts';
import { ObjectStore } from './store.ts';

export type ClusterOptions = BootstrapOptions & {
  readonly name: string;
  /** 0 to below 1: chance for names, addresses and start delays. */
  readonly random: () => number;
  /** Parses the YAML inside MetalLB's old ConfigMap. */
  readonly readYaml: (text: string) => unknown;
};

/**
 * A Kubernetes cluster without a clock: requests and power changes go in, `reconcile(now)` works out everything that
 * is due, `nextDue` says when it wants to be asked again. Times are lab milliseconds.
 */
export class Cluster {
  readonly name: string;
  readonly version: string;
  readonly store = new ObjectStore();
  readonly occurrences = new OccurrenceLog();
  readonly machines = new Map<string, Machine>();
  readonly metallb: MetallbState;
  private readonly options: ClusterOptions;
  private readonly pending: KubeFact[] = [];
  private due = Number.POSITIVE_INFINITY;
  /** The store's version that the controllers have seen and found nothing left to do at. */
  private controlledVersion = -1;

  constructor(options: ClusterOptions, now: number) {
    this.name = options.name;
    this.version = options.version;
    this.options = options;
    this.metallb = new MetallbState(this.store, options.readYaml);
    for (const { name, role } of options.nodes) {
      const machine = newMachine();
      // Workers join a control plane that is there.
      machine.runningSince = now + nodeBoot + (role === 'worker' ? nodeJoin : 0);
      for (const image of builtInImages) machine.images.add(canonicalImage(image));
      this.machines.set(name, machine);
    }
    for (const object of bootstrapObjects(options)) {
      const admission = admit(object, undefined, this.admission);
      if (admission.outcome === 'refused') throw new Error(`bootstrap: ${admission.message}`);
      this.store.create(admission.object, now);
    }
    this.due = now;
  }

  /** Runs every controller until nothing changes any more. Returns what happened, in order. */
  reconcile(now: number): KubeFact[] {
    this.due = Number.POSITIVE_INFINITY;
    const control = this.controlAt(now);
    if (this.apiRuns(now)) {
      for (let round = 0; ; round++) {
        const before = this.store.version;
        this.due = Number.POSITIVE_INFINITY;
        watchNodes(control, this.machines);
        runKubelets(control, this.machines);
        // These have no timers: they act on changes only.
        if (this.store.version !== this.controlledVersion) this.runControllers(control);
        if (this.store.version === before) break;
        if (round > 200) throw new Error(`the controllers of cluster ${this.name} do not come to rest`);
      }
    }
    return this.pending.splice(0);
  }

  /** When something happens by itself; undefined when nothing will. */
  nextDue(): number | undefined {
    return Number.isFinite(this.due) ? this.due : undefined;
  }

  /** Whether something has begun that ends by itself soon; evictions and crash loops are not waited for. */
  underWay(now: number): boolean {
    return [...this.machines.values()].some(machine => isUnderWay(machine, now));
  }

  /** Whether the API server answers: some control-plane node runs. */
  apiRuns(now: number): boolean {
    return this.options.nodes.some(node => {
      const since = this.machines.get(node.name)?.runningSince;
      return node.role === 'control-plane' && (since === undefined ? false : since <= now || this.booting);
    });
  }

  apply(object: KubeObject, now: number): ApplyOutcome {
    const outcome = applyObject(object, this.admission, now);
    if (outcome.outcome === 'created' || outcome.outcome === 'configured')
      this.pending.push({ type: 'object-applied', ...this.reference(outcome.object) });
    return outcome;
  }

  /** Patch, scale, label, cordon, restart: `change` makes the new object from the present one. */
  edit(live: KubeObject, change: (live: KubeObject) => KubeObject): ApplyOutcome {
    const outcome = editObject(live, change(live), this.admission);
    if (outcome.outcome === 'configured')
      this.pending.push({ type: 'object-applied', ...this.reference(outcome.object) });
    return outcome;
  }

  /** Pods go gracefully (unless `force`), everything else at once; what they own follows. */
  delete(object: KubeObject, now: number, options: { readonly force?: boolean } = {}): void {
    const control = this.controlAt(now);
    const { kind, metadata } = object;
    this.pending.push({ type: 'object-deleted', ...this.reference(object) });
    if (kind === 'Pod') {
      if (options.force === true) removePod(control, object as Pod);
      else startDeletion(control, object as Pod);
      return;
    }
    this.store.remove(kind, metadata.name, metadata.namespace);
    if (kind === 'Namespace') this.deleteContents(metadata.name, control);
    if (kind === 'CustomResourceDefinition') {
      const names = (object.spec as { names?: { kind?: string } } | undefined)?.names;
      for (const custom of this.store.list(names?.kind ?? ''))
        this.store.remove(custom.kind, custom.metadata.name, custom.metadata.namespace);
    }
  }

  loadImage(image: string): void {
    for (const machine of this.machines.values()) machine.images.add(canonicalImage(image));
  }

  hasImage(image: string): boolean {
    return [...this.machines.values()].every(machine => machine.images.has(canonicalImage(image)));
  }

  stopNode(node: string, now: number): void {
    const machine = this.machines.get(node);
    if (machine !== undefined && machine.stoppedAt === undefined) powerOff(machine, now);
  }

  /** Returns when the node will have booted. */
  startNode(node: string, now: number): number {
    const machine = this.machines.get(node);
    if (machine !== undefined && machine.stoppedAt !== undefined) powerOn(machine, now + nodeBoot);
    return now + nodeBoot;
  }

  /** A pod dies without ceremony; its owner makes another. */
  killPod(namespace: string, name: string, now: number): boolean {
    const pod = this.store.get('Pod', name, namespace);
    if (pod === undefined) return false;
    removePod(this.controlAt(now), pod);
    return true;
  }

  /** A process dies; the kubelet restarts it. */
  killContainer(pod: Pod, container: string, now: number, exitCode = 137): void {
    const run = this.runOf(pod);
    const process = run?.containers.get(container);
    if (run === undefined || process === undefined) return;
    run.steady = undefined;
    crash(this.controlAt(now), pod, process, container, exitCode);
  }

  runOf(pod: Pod): PodRun | undefined {
    return this.machines.get(pod.spec.nodeName ?? '')?.pods.get(pod.metadata.uid ?? '');
  }

  /** Whether the pod's processes run now, whatever the API server believes. */
  podAlive(pod: Pod, now: number): boolean {
    const machine = this.machines.get(pod.spec.nodeName ?? '');
    if (machine?.runningSince === undefined || machine.runningSince > now) return false;
    const run = this.runOf(pod);
    if (run === undefined) return false;
    return pod.spec.containers.every(({ name }) => processRuns(run.containers.get(name), now));
  }

  containerAlive(pod: Pod, container: string, now: number): boolean {
    const machine = this.machines.get(pod.spec.nodeName ?? '');
    if (machine?.runningSince === undefined || machine.runningSince > now) return false;
    return processRuns(this.runOf(pod)?.containers.get(container), now);
  }

  endpointSlices(service: Service): EndpointSlice[] {
    return endpointSlicesOf(this, service);
  }

  /** Every pod that should run is ready and no rollout is under way: what `kubectl rollout status` waits for. */
  settled(): boolean {
    return (
      this.store
        .list('Deployment')
        .every(
          each =>
            each.status.observedGeneration === each.metadata.generation &&
            each.status.updatedReplicas === each.spec.replicas &&
            each.status.replicas === each.spec.replicas &&
            each.status.availableReplicas === each.spec.replicas,
        ) &&
      this.store
        .list('DaemonSet')
        .every(each => each.status.numberReady === each.status.desiredNumberScheduled) &&
      this.store.list('Pod').every(isReady)
    );
  }

  private runControllers(control: Control): void {
    const { version } = this.store;
    reconcileDeployments(control);
    reconcileReplicaSets(control);
    reconcileDaemonSets(control);
    schedulePods(control);
    reconcileEndpointSlices(control);
    if (this.metallb.controllerRuns()) assignAddresses(control, this.metallb.config());
    collectGarbage(control);
    this.controlledVersion = version;
  }

  private get admission(): AdmissionContext {
    return {
      store: this.store,
      random: this.options.random,
      addresses: { serviceSubnet: this.options.serviceSubnet },
    };
  }

  /** While a fresh cluster boots its API answers already: creation waits inside kubeadm. */
  private get booting(): boolean {
    return [...this.machines.values()].every(machine => machine.stoppedAt === undefined);
  }

  private controlAt(now: number): Control {
    return {
      cluster: this.name,
      store: this.store,
      now,
      random: this.options.random,
      occurrences: this.occurrences,
      report: fact => this.pending.push(fact),
      wakeAt: at => {
        // Whole milliseconds: sums of fractions may end just before the moment that was meant.
        if (at > now) this.due = Math.min(this.due, Math.ceil(at));
      },
    };
  }

  private reference(object: KubeObject) {
    const { name, namespace } = object.metadata;
    return {
      cluster: this.name,
      kind: object.kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    };
  }

  private deleteContents(namespace: string, control: Control): void {
    for (const kind of [
      'Deployment',
      'DaemonSet',
      'ReplicaSet',
      'Service',
      'ConfigMap',
      'BGPPeer',
      'IPAddressPool',
      'BGPAdvertisement',
      'BFDProfile',
      'Community',
      'L2Advertisement',
      'NetworkAttachmentDefinition',
    ]) {
      for (const object of this.store.list(kind, namespace))
        this.store.remove(kind, object.metadata.name, namespace);
    }
    for (const pod of this.store.list('Pod', namespace)) startDeletion(control, pod);
  }
}
