import type { KindMap } from '../../../kube/objects.ts';

/** A kind that is watched, by its place in the API. */
export type WatchedKind = {
  readonly kind: string;
  readonly path: string;
  /** Its definition comes with MetalLB or Multus: it is not there from the beginning, and may never be. */
  readonly custom?: true;
};

/** What a cluster's panes, probes and MetalLB's decisions are made of. Paths of Kubernetes 1.3x and MetalLB 0.13 and newer. */
export const watchedKinds: readonly WatchedKind[] = [
  { kind: 'Namespace', path: '/api/v1/namespaces' },
  { kind: 'Node', path: '/api/v1/nodes' },
  { kind: 'Pod', path: '/api/v1/pods' },
  { kind: 'Service', path: '/api/v1/services' },
  { kind: 'EndpointSlice', path: '/apis/discovery.k8s.io/v1/endpointslices' },
  { kind: 'Deployment', path: '/apis/apps/v1/deployments' },
  { kind: 'DaemonSet', path: '/apis/apps/v1/daemonsets' },
  { kind: 'CustomResourceDefinition', path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions' },
  // What MetalLB's controller could not do: it says it in Events only.
  { kind: 'Event', path: '/api/v1/events?fieldSelector=reason%3DAllocationFailed' },
  { kind: 'IPAddressPool', path: '/apis/metallb.io/v1beta1/ipaddresspools', custom: true },
  { kind: 'BGPAdvertisement', path: '/apis/metallb.io/v1beta1/bgpadvertisements', custom: true },
  { kind: 'BFDProfile', path: '/apis/metallb.io/v1beta1/bfdprofiles', custom: true },
  { kind: 'Community', path: '/apis/metallb.io/v1beta1/communities', custom: true },
  { kind: 'BGPPeer', path: '/apis/metallb.io/v1beta2/bgppeers', custom: true },
  { kind: 'ServiceBGPStatus', path: '/apis/metallb.io/v1beta1/servicebgpstatuses', custom: true },
];

/** Kinds whose applying and deleting is worth an event of its own. */
export const toldKinds: ReadonlySet<string> = new Set<keyof KindMap>([
  'Deployment',
  'DaemonSet',
  'Service',
  'IPAddressPool',
  'BGPAdvertisement',
  'BFDProfile',
  'BGPPeer',
]);
