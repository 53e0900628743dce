import type { ClusterState } from '../../../lab/cluster-state.ts';
import type { SpeakerFault } from '../../../lab/fault.ts';
import type { Answering } from '../answering.ts';

/** A cluster that somebody watches: `KubernetesCluster` is one. */
export interface ObservedCluster {
  readonly name: string;
  readonly answering: Answering;
  /** Whose word the announcements are: MetalLB's own, or our model's of what it decides. */
  readonly announcementsSaidBy: 'metallb' | 'model';
  readonly actions: ClusterDeeds;
  /** Watches from now on and writes what changed to the event log. Settles when everything was listed once, or says why not yet; it goes on trying. */
  start(): Promise<string | undefined>;
  stop(): void;
  /** 'absent' until the API server told of a node. Pods have a second address where Multus gave them one. */
  state(): ClusterState;
}

/** Each answers with what went wrong, in words. */
export interface ClusterDeeds {
  deletePod(namespace: string, pod: string): Promise<string | undefined>;
  /** Deletes the pod that speaks BGP on that node; its DaemonSet makes another. */
  killSpeaker(node: string): Promise<string | undefined>;
  /** A speaker fault begins or is healed, where the nodes are played; elsewhere the node's processes get the signal. */
  signalSpeaker?(fault: SpeakerFault, on: boolean): Promise<string | undefined>;
  setSchedulable(node: string, schedulable: boolean): Promise<string | undefined>;
  drain(node: string): Promise<string | undefined>;
  scale(namespace: string, deployment: string, replicas: number): Promise<string | undefined>;
}
