import { addressPlus, type Ipv4 } from '../../net/address.ts';
import { addressOf } from '../../net/prefix.ts';
import type { Container, Node, Pod } from '../objects.ts';
import { canonicalImage, isDeleting, pullPolicyOf } from '../pod.ts';
import { type Control, note } from './control-plane.ts';
import { removePod } from './deletion.ts';
import { type ContainerRun, type Machine, type PodRun, processRuns, uidOf } from './machine.ts';
import { attachNetworks } from './pod-networks.ts';
import { internalAddress, writeStatus } from './pod-status.ts';
import {
  containerStart,
  defaultGracePeriodSeconds,
  imagePull,
  imageRetry,
  processStart,
  processStop,
  restartBackOff,
  sandboxRetry,
} from './timing.ts';

/** Starts, observes and ends the pods of every node that runs, and writes what it sees into their status. */
export function runKubelets(control: Control, machines: ReadonlyMap<string, Machine>): void {
  for (const node of control.store.list('Node')) {
    const machine = machines.get(node.metadata.name);
    if (machine?.runningSince === undefined) continue;
    if (machine.runningSince > control.now) {
      control.wakeAt(machine.runningSince);
      continue;
    }
    const there = new Set<string>();
    for (const pod of control.store.list('Pod')) {
      if (pod.spec.nodeName !== node.metadata.name) continue;
      there.add(uidOf(pod));
      runPod(control, machine, node, pod);
    }
    for (const uid of machine.pods.keys()) if (!there.has(uid)) machine.pods.delete(uid);
  }
}

/** Ends a container's process: the kubelet starts it again, after a growing wait when that happens often. */
export function crash(
  control: Control,
  pod: Pod,
  run: ContainerRun,
  container: string,
  exitCode: number,
): void {
  const { now } = control;
  if (!processRuns(run, now)) return;
  run.last = {
    terminated: {
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
      startedAt: run.startsAt,
      finishedAt: now,
    },
  };
  const wait = now - run.startsAt > restartBackOff.resetAfter ? 0 : run.backOff;
  run.backOff = wait === 0 ? restartBackOff.first : Math.min(restartBackOff.most, wait * 2);
  run.crashedAt = now;
  run.restarts++;
  run.waiting =
    wait === 0
      ? { reason: 'ContainerCreating' }
      : {
          reason: 'CrashLoopBackOff',
          message: `back-off ${wait / 1000}s restarting failed container=${container} pod=${pod.metadata.name}`,
        };
  run.startsAt = now + wait + startDelay(control);
  run.announced = false;
  if (wait > 0)
    note(
      control,
      pod,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${container}`,
      kubelet(pod),
    );
}

function runPod(control: Control, machine: Machine, node: Node, pod: Pod): void {
  const run = machine.pods.get(uidOf(pod)) ?? begin(control, machine, pod);
  if (run.steady === pod && !machine.lost) return;
  if (!run.sandbox && !isDeleting(pod)) makeSandbox(control, machine, pod, run);
  if (run.sandbox && initialize(control, machine, pod, run)) {
    for (const container of pod.spec.containers) advance(control, machine, pod, run, container);
  }
  if (isDeleting(pod) && stopped(control, pod, run)) {
    machine.pods.delete(uidOf(pod));
    removePod(control, pod);
    return;
  }
  if (run.sandbox && run.address === undefined) run.address = addressFor(machine, node, pod);
  writeStatus(control, machine, node, pod, run);
}

function begin(control: Control, machine: Machine, pod: Pod): PodRun {
  const run: PodRun = {
    address: undefined,
    startTime: control.now,
    sandbox: false,
    initialized: undefined,
    networks: [],
    containers: new Map(),
    stopsAt: undefined,
    steady: undefined,
  };
  machine.pods.set(uidOf(pod), run);
  return run;
}

/** The pod's network interfaces. A sandbox that fails is tried again whenever something changes. */
function makeSandbox(control: Control, machine: Machine, pod: Pod, run: PodRun): void {
  const networks = attachNetworks(control.store, machine, pod.spec.nodeName ?? '', pod);
  if ('problem' in networks) {
    note(
      control,
      pod,
      'Warning',
      'FailedCreatePodSandBox',
      `Failed to create pod sandbox: plugin type="multus" failed (add): ${networks.problem}`,
      kubelet(pod),
    );
    control.wakeAt(control.now + sandboxRetry);
    return;
  }
  run.networks = networks;
  run.sandbox = true;
}

/** Runs the init containers, one after the other. True once the containers may start. */
function initialize(control: Control, machine: Machine, pod: Pod, run: PodRun): boolean {
  if (run.initialized === undefined) {
    let done = control.now;
    for (const container of pod.spec.initContainers ?? []) {
      const image = canonicalImage(container.image);
      if (!machine.images.has(image)) {
        if (pullPolicyOf(container) === 'Never' || !machine.canPull) {
          control.wakeAt(control.now + sandboxRetry);
          return false;
        }
        machine.images.add(image);
        done += imagePull;
      }
      done += startDelay(control);
    }
    run.initialized = done;
  }
  if (run.initialized <= control.now) return true;
  control.wakeAt(run.initialized);
  return false;
}

/** Moves one container on: image first, then start, then readiness. */
function advance(control: Control, machine: Machine, pod: Pod, run: PodRun, container: Container): void {
  let state = run.containers.get(container.name);
  if (state === undefined) {
    state = {
      startsAt: Number.POSITIVE_INFINITY,
      readyAt: Number.POSITIVE_INFINITY,
      waiting: { reason: 'ContainerCreating' },
      restarts: 0,
      backOff: 0,
      last: undefined,
      crashedAt: undefined,
      announced: false,
    };
    run.containers.set(container.name, state);
  }
  if (state.startsAt === Number.POSITIVE_INFINITY) planStart(control, machine, pod, container, state);
  if (state.startsAt > control.now) {
    if (Number.isFinite(state.startsAt)) control.wakeAt(state.startsAt);
    return;
  }
  if (!state.announced) {
    state.announced = true;
    state.crashedAt = undefined;
    state.readyAt = state.startsAt + readinessDelay(container);
    note(control, pod, 'Normal', 'Created', 'Container created', kubelet(pod));
    note(control, pod, 'Normal', 'Started', 'Container started', kubelet(pod));
  }
  if (state.readyAt > control.now) control.wakeAt(state.readyAt);
}

function planStart(
  control: Control,
  machine: Machine,
  pod: Pod,
  container: Container,
  state: ContainerRun,
): void {
  const image = canonicalImage(container.image);
  const present = machine.images.has(image);
  const policy = pullPolicyOf(container);
  const { now } = control;
  if (present && policy !== 'Always') {
    state.startsAt = now + startDelay(control);
    note(
      control,
      pod,
      'Normal',
      'Pulled',
      `Container image "${container.image}" already present on machine`,
      kubelet(pod),
    );
  } else if (policy === 'Never') {
    const message = `Container image "${container.image}" is not present with pull policy of Never`;
    if (state.waiting.reason !== 'ErrImageNeverPull')
      note(control, pod, 'Warning', 'ErrImageNeverPull', message, kubelet(pod));
    state.waiting = { reason: 'ErrImageNeverPull', message };
    control.wakeAt(now + imageRetry);
  } else if (!machine.canPull) {
    const message = `failed to pull image "${container.image}": the registry cannot be reached from this node`;
    if (state.waiting.reason !== 'ErrImagePull')
      note(control, pod, 'Warning', 'Failed', message, kubelet(pod));
    state.waiting = { reason: 'ErrImagePull', message };
    control.wakeAt(now + imageRetry);
  } else {
    machine.images.add(image);
    state.startsAt = now + imagePull + startDelay(control);
    note(control, pod, 'Normal', 'Pulling', `Pulling image "${container.image}"`, kubelet(pod));
  }
}

function startDelay(control: Control): number {
  const { least, most } = containerStart;
  return Math.round(least + (most - least) * control.random());
}

/** From the start of the process to the first readiness probe that succeeds; 0 without a probe. */
function readinessDelay(container: Container): number {
  const probe = container.readinessProbe;
  if (probe === undefined) return 0;
  const first = (probe.initialDelaySeconds ?? 0) * 1_000;
  const period = (probe.periodSeconds ?? 10) * 1_000;
  // The kubelet probes once at the start and then each period; a process not yet up fails the first one.
  return first >= processStart ? first : Math.max(processStart, first + Math.min(period, 1_000));
}

/** Whether a pod asked to go has gone: preStop, then SIGTERM, then at the latest the grace period. */
function stopped(control: Control, pod: Pod, run: PodRun): boolean {
  if (run.stopsAt === undefined) {
    const asked = Math.max(pod.metadata.deletionTimestamp ?? control.now, run.startTime);
    const runs = pod.spec.containers.some(({ name }) => processRuns(run.containers.get(name), control.now));
    const preStop = Math.max(
      ...pod.spec.containers.map(container => (container.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1_000),
    );
    const grace = (pod.spec.terminationGracePeriodSeconds ?? defaultGracePeriodSeconds) * 1_000;
    run.stopsAt = runs ? asked + Math.min(grace, preStop + processStop) : asked;
  }
  if (run.stopsAt <= control.now) return true;
  control.wakeAt(run.stopsAt);
  return false;
}

function addressFor(machine: Machine, node: Node, pod: Pod): Ipv4 {
  if (pod.spec.hostNetwork === true) return internalAddress(node);
  const used = new Set([...machine.pods.values()].map(run => run.address));
  // The CNI's host-local plug-in goes round: a freed address is not given out again at once.
  for (let tries = 0; tries < 253; tries++) {
    machine.lastAddress = machine.lastAddress >= 254 ? 2 : machine.lastAddress + 1;
    const address = addressPlus(addressOf(node.spec.podCIDR), machine.lastAddress);
    if (!used.has(address)) return address;
  }
  throw new Error(`no free pod address on ${node.metadata.name}`);
}

function kubelet(pod: Pod): string {
  return `kubelet, ${pod.spec.nodeName ?? ''}`;
}
