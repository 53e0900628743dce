import type { Ipv4 } from '../net/address.ts';

/** Why a service is not announced from a node, in MetalLB's own reason words (speaker/bgp_controller.go). */
export type NotAnnouncedReason =
  | 'notOwner'
  | 'noMatchingAdvertisement'
  | 'conflictingAdvertisements'
  | 'nodeNetworkUnavailable'
  | 'nodeLabeledExcludeBalancers'
  | 'noLocalEndpoints'
  | 'noEndpoints'
  | 'noIPAllocated';

/** What happened in a cluster. */
export type KubeFact =
  | {
      readonly type: 'cluster-node-ready' | 'cluster-node-not-ready';
      readonly cluster: string;
      readonly node: string;
    }
  | {
      readonly type: 'object-applied' | 'object-deleted';
      readonly cluster: string;
      readonly kind: string;
      readonly namespace?: string;
      readonly name: string;
    }
  | {
      readonly type: 'pod-scheduled' | 'pod-ready' | 'pod-not-ready' | 'pod-gone';
      readonly cluster: string;
      readonly namespace: string;
      readonly pod: string;
      readonly node?: string;
    }
  | {
      readonly type: 'service-got-address';
      readonly cluster: string;
      readonly namespace: string;
      readonly service: string;
      readonly address: Ipv4;
      readonly pool: string;
    }
  | {
      readonly type: 'service-address-refused';
      readonly cluster: string;
      readonly namespace: string;
      readonly service: string;
      readonly because: string;
    }
  | {
      readonly type: 'endpoints-changed';
      readonly cluster: string;
      readonly namespace: string;
      readonly service: string;
      readonly ready: number;
      readonly nodes: readonly string[];
    };

/** What a fact is about, where the next fact about it follows from it. */
export function subjectOf(fact: KubeFact): string | undefined {
  switch (fact.type) {
    case 'pod-ready':
    case 'pod-not-ready':
    case 'pod-gone':
    case 'pod-scheduled':
      return `pod ${fact.namespace}/${fact.pod}`;
    case 'cluster-node-ready':
    case 'cluster-node-not-ready':
      return `node ${fact.node}`;
    default:
      return undefined;
  }
}

/** An Event object as `kubectl get events` shows it. Repetitions are counted, not repeated. */
export type Occurrence = {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** "pod", "service", … and its name. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Component that reported it: "kubelet", "default-scheduler", "metallb-controller", … */
  readonly from: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
};
