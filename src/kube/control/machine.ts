import type { Ipv4 } from '../../net/address.ts';
import type { ContainerState, Pod } from '../objects.ts';
import type { PodNetwork } from './pod-networks.ts';

/** What stands on a node beside the API: machine, images, processes. Times are due times: when a thing happens by itself. */
export type Machine = {
  /** Kubelet and runtime work since then; undefined while the node is off. */
  runningSince: number | undefined;
  /** When it was switched off, while it is off. */
  stoppedAt: number | undefined;
  /** No lease for longer than the grace period: the control plane calls it NotReady. */
  lost: boolean;
  /** Canonical names. */
  readonly images: Set<string>;
  /** Whether registries can be reached (a replaced default route cuts them off). */
  canPull: boolean;
  /** Network devices of the node that pods can share: "eth0", "VLAN-1001". */
  readonly devices: Set<string>;
  /** Host part of the last pod address given out. */
  lastAddress: number;
  /** Last address given out per host-local range. */
  readonly leases: Map<string, number>;
  readonly pods: Map<string, PodRun>;
};

/** A pod as the kubelet runs it. */
export type PodRun = {
  address: Ipv4 | undefined;
  startTime: number;
  /** Sandbox and interfaces are there. */
  sandbox: boolean;
  /** When the init containers have finished; undefined before they start. */
  initialized: number | undefined;
  networks: readonly PodNetwork[];
  readonly containers: Map<string, ContainerRun>;
  /** When the processes end after SIGTERM. */
  stopsAt: number | undefined;
  /** The pod as it was when nothing was left to do for it. */
  steady: Pod | undefined;
};

export type ContainerRun = {
  /** The process runs from here on; Infinity while the image is missing. */
  startsAt: number;
  readyAt: number;
  waiting: { readonly reason: string; readonly message?: string };
  restarts: number;
  backOff: number;
  last: ContainerState | undefined;
  /** Set while the last process is dead and the next one waits. */
  crashedAt: number | undefined;
  announced: boolean;
};

export function newMachine(): Machine {
  return {
    runningSince: undefined,
    stoppedAt: undefined,
    lost: false,
    images: new Set(),
    canPull: true,
    devices: new Set(['eth0']),
    lastAddress: 1,
    leases: new Map(),
    pods: new Map(),
  };
}

/** Whether a container's process runs now; a terminating pod's does until it has stopped. */
export function processRuns(run: ContainerRun | undefined, now: number): boolean {
  return run !== undefined && run.startsAt <= now && run.crashedAt === undefined;
}

/** Everything on the node ends now: power gone. */
export function powerOff(machine: Machine, now: number): void {
  machine.runningSince = undefined;
  machine.stoppedAt = now;
}

/** The node boots: what ran before is started again in new sandboxes, with new addresses. */
export function powerOn(machine: Machine, bootedAt: number): void {
  const offSince = machine.stoppedAt ?? bootedAt;
  machine.runningSince = bootedAt;
  machine.stoppedAt = undefined;
  for (const run of machine.pods.values()) {
    run.address = undefined;
    run.stopsAt = undefined;
    run.sandbox = false;
    run.initialized = undefined;
    run.networks = [];
    run.steady = undefined;
    for (const container of run.containers.values()) {
      if (container.startsAt <= offSince) {
        container.restarts++;
        container.last = {
          terminated: {
            exitCode: 255,
            reason: 'Unknown',
            startedAt: container.startsAt,
            finishedAt: offSince,
          },
        };
      }
      container.startsAt = Number.POSITIVE_INFINITY;
      container.waiting = { reason: 'ContainerCreating' };
      container.crashedAt = undefined;
      container.announced = false;
    }
  }
}

export function uidOf(pod: Pod): string {
  return pod.metadata.uid ?? '';
}

/** Whether something has begun on the machine that ends by itself: a boot, a start, a stop, being missed by the control plane. */
export function isUnderWay(machine: Machine, now: number): boolean {
  if (machine.runningSince === undefined) return machine.stoppedAt !== undefined && !machine.lost;
  if (machine.runningSince > now) return true;
  return [...machine.pods.values()].some(
    run =>
      (run.stopsAt ?? now) > now ||
      (run.initialized ?? now) > now ||
      [...run.containers.values()].some(container => isStarting(container, now)),
  );
}

/** A crash loop's long waits are no start. */
function isStarting({ startsAt, readyAt, waiting }: ContainerRun, now: number): boolean {
  if (startsAt > now) return Number.isFinite(startsAt) && waiting.reason !== 'CrashLoopBackOff';
  return readyAt > now && Number.isFinite(readyAt);
}
