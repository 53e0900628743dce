import type { Cluster } from '../kube/cluster.ts';
import type { Pod } from '../kube/objects.ts';
import type { Lab, LabCluster } from '../lab/lab.ts';
import type { SessionRow } from '../lab/snapshot.ts';
import type { TrafficState } from '../lab/traffic-state.ts';

/** A modelled cluster that was created. */
export type AskedCluster = {
  readonly definition: LabCluster;
  readonly cluster: Cluster;
  /** Its API server runs. */
  readonly apiAnswers: boolean;
  /** Works out everything that is due now; called after every change. */
  reconcile(): void;
  /** MetalLB's speaker runs on the node, with its FRR. */
  speakerRuns(node: string): boolean;
};

/** Where kubectl is typed. Times are lab milliseconds. */
export type Surroundings = {
  readonly lab: Lab;
  readonly clusters: ReadonlyMap<string, AskedCluster>;
  /** Whose kubeconfig the step of the lesson uses. */
  readonly cluster: string | undefined;
  /** Somebody is there to press Ctrl-C: `-w` and `-f` go on until then. */
  readonly attended: boolean;
  now(): number;
  /** "2026-01-01T00:00:07Z". */
  date(labTime: number): string;
  /** Lets lab time pass; false when the learner cancelled meanwhile. */
  wait(milliseconds: number): Promise<boolean>;
  out(line: string): void;
  err(line: string): void;
  /** Sessions of the lab's routers; missing where nobody can tell: then no cluster serves BGPSessionState. */
  sessions?(): readonly SessionRow[];
  /** The latest requests of the clients. */
  requests(): TrafficState['recent'];
  /** Runs a program in a pod's network; resolves with its exit code. */
  exec(pod: Pod, command: readonly string[]): Promise<number> | number;
};
