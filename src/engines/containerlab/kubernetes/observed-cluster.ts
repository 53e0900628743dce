import type { ClusterState } from '../../../lab/snapshot.ts';
import type { Answering } from '../answering.ts';

/** A cluster that somebody watches: `KubernetesCluster` is one. Actions answer with what went wrong, in words. */
export interface ObservedCluster {
  readonly name: string;
  readonly answering: Answering;
  /** Watches from now on and writes what changed to the event log. Settles when everything was listed once, or says why not yet; it goes on trying. */
  start(): Promise<string | undefined>;
  stop(): void;
  state(): ClusterState;
  /** A pod's second address is of the fabric where it has one: clients. */
  deletePod(namespace: string, pod: string): Promise<string | undefined>;
  /** Deletes the pod of MetalLB's speaker on that node; its DaemonSet makes another. */
  killSpeaker(node: string): Promise<string | undefined>;
  setSchedulable(node: string, schedulable: boolean): Promise<string | undefined>;
  scale(namespace: string, deployment: string, replicas: number): Promise<string | undefined>;
}
