import type { Ipv4 } from '../net/address.ts';
import type { Ipv4Prefix } from '../net/prefix.ts';

/** Kubernetes objects as the API server stores them: only the fields that the model reads are typed; the rest is kept as written. */
export type KubeObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
};

export type ObjectMeta = {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  // What the API server adds. Times are lab milliseconds; who prints them makes dates of them.
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: number;
  readonly deletionTimestamp?: number;
  readonly ownerReferences?: readonly OwnerReference[];
};

export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
};

/** The kinds that the model reads, by name. */
export type KindMap = {
  Namespace: Namespace;
  Node: Node;
  Pod: Pod;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  DaemonSet: DaemonSet;
  Service: Service;
  EndpointSlice: EndpointSlice;
  ConfigMap: ConfigMap;
  BGPPeer: BgpPeer;
  IPAddressPool: IpAddressPool;
  BGPAdvertisement: BgpAdvertisement;
  BFDProfile: BfdProfile;
  Community: Community;
  CustomResourceDefinition: CustomResourceDefinition;
  NetworkAttachmentDefinition: NetworkAttachmentDefinition;
};

export type LabelSelector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
};

export type Condition = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: number;
};

export type Namespace = KubeObject & { readonly status?: { readonly phase: 'Active' | 'Terminating' } };

export type Taint = {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  readonly timeAdded?: number;
};

export type Toleration = {
  readonly key?: string;
  readonly operator?: 'Equal' | 'Exists';
  readonly value?: string;
  readonly effect?: Taint['effect'];
  readonly tolerationSeconds?: number;
};

export type Node = KubeObject & {
  readonly spec: {
    readonly podCIDR: Ipv4Prefix;
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
  };
  readonly status: {
    readonly conditions: readonly Condition[];
    readonly addresses: readonly { readonly type: 'InternalIP' | 'Hostname'; readonly address: string }[];
    readonly nodeInfo: { readonly kubeletVersion: string };
  };
};

export type ContainerPort = {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol?: string;
};

export type Probe = {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
  readonly [handler: string]: unknown;
};

export type Container = {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly ContainerPort[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly [field: string]: unknown;
};

export type TopologySpreadConstraint = {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  readonly labelSelector?: LabelSelector;
};

export type NodeSelectorTerm = {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
};

export type PodSpec = {
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly hostNetwork?: boolean;
  readonly tolerations?: readonly Toleration[];
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
      };
    };
    readonly [other: string]: unknown;
  };
  readonly [field: string]: unknown;
};

export type ContainerState =
  | { readonly waiting: { readonly reason: string; readonly message?: string } }
  | { readonly running: { readonly startedAt: number } }
  | {
      readonly terminated: {
        readonly exitCode: number;
        readonly reason: string;
        readonly startedAt?: number;
        readonly finishedAt: number;
      };
    };

export type ContainerStatus = {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
};

export type PodStatus = {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly reason?: string;
  readonly message?: string;
  readonly podIP?: Ipv4;
  readonly hostIP?: Ipv4;
  readonly startTime?: number;
  readonly conditions: readonly Condition[];
  readonly containerStatuses: readonly ContainerStatus[];
};

export type Pod = KubeObject & { readonly spec: PodSpec; readonly status: PodStatus };

export type PodTemplate = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
};

export type DeploymentStatus = {
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
};

export type Deployment = KubeObject & {
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly paused?: boolean;
    readonly strategy: {
      readonly type: 'RollingUpdate' | 'Recreate';
      readonly rollingUpdate?: {
        readonly maxSurge: number | string;
        readonly maxUnavailable: number | string;
      };
    };
  };
  readonly status: DeploymentStatus;
};

export type ReplicaSet = KubeObject & {
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
  };
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly readyReplicas: number;
    readonly availableReplicas: number;
  };
};

export type DaemonSet = KubeObject & {
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplate };
  readonly status: {
    readonly observedGeneration: number;
    readonly desiredNumberScheduled: number;
    readonly currentNumberScheduled: number;
    readonly updatedNumberScheduled: number;
    readonly numberReady: number;
    readonly numberAvailable: number;
  };
};

export type ServicePort = {
  readonly name?: string;
  readonly port: number;
  /** Defaulted to `port`; a name refers to a container port. */
  readonly targetPort: number | string;
  readonly nodePort?: number;
  readonly protocol: string;
};

export type Service = KubeObject & {
  readonly spec: {
    readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
    /** "None" for a headless service. */
    readonly clusterIP: Ipv4 | 'None';
    readonly ports: readonly ServicePort[];
    readonly selector?: Readonly<Record<string, string>>;
    /** Set where the type is NodePort or LoadBalancer. */
    readonly externalTrafficPolicy?: 'Cluster' | 'Local';
    readonly loadBalancerIP?: Ipv4;
    readonly loadBalancerClass?: string;
    readonly healthCheckNodePort?: number;
    readonly [field: string]: unknown;
  };
  readonly status: {
    readonly loadBalancer: { readonly ingress?: readonly { readonly ip: Ipv4; readonly ipMode?: string }[] };
  };
};

export type Endpoint = {
  readonly addresses: readonly Ipv4[];
  readonly conditions: {
    readonly ready: boolean;
    readonly serving: boolean;
    readonly terminating: boolean;
  };
  readonly nodeName?: string;
  readonly targetRef?: { readonly kind: 'Pod'; readonly namespace: string; readonly name: string };
};

export type EndpointSlice = KubeObject & {
  readonly addressType: 'IPv4';
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
};

export type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };

export type CustomResourceDefinition = KubeObject & {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly scope?: string;
    readonly versions?: readonly { readonly name: string }[];
  };
};

/** metallb.io/v1beta1 and v1beta2; v1beta1 objects are converted when they are admitted. */
export type BgpPeer = KubeObject & {
  readonly spec: {
    readonly myASN: number;
    readonly peerASN?: number;
    readonly dynamicASN?: 'internal' | 'external';
    readonly localASN?: number;
    readonly peerAddress?: Ipv4;
    readonly interface?: string;
    readonly sourceAddress?: Ipv4;
    readonly peerPort?: number;
    /** Go durations ("90s", "1m30s"). */
    readonly holdTime?: string;
    readonly keepaliveTime?: string;
    readonly connectTime?: string;
    readonly routerID?: Ipv4;
    readonly nodeSelectors?: readonly LabelSelector[];
    readonly password?: string;
    readonly bfdProfile?: string;
    readonly ebgpMultiHop?: boolean;
    readonly vrf?: string;
    readonly [field: string]: unknown;
  };
};

export type IpAddressPool = KubeObject & {
  readonly spec: {
    /** Prefixes ("10.0.0.0/28") or ranges ("10.0.0.1-10.0.0.9"). */
    readonly addresses: readonly string[];
    readonly autoAssign?: boolean;
    readonly avoidBuggyIPs?: boolean;
    readonly serviceAllocation?: {
      readonly priority?: number;
      readonly namespaces?: readonly string[];
      readonly namespaceSelectors?: readonly LabelSelector[];
      readonly serviceSelectors?: readonly LabelSelector[];
    };
  };
};

export type BgpAdvertisement = KubeObject & {
  readonly spec?: {
    readonly aggregationLength?: number;
    readonly localPref?: number;
    readonly communities?: readonly string[];
    readonly ipAddressPools?: readonly string[];
    readonly ipAddressPoolSelectors?: readonly LabelSelector[];
    readonly nodeSelectors?: readonly LabelSelector[];
    readonly peers?: readonly string[];
    readonly serviceSelectors?: readonly LabelSelector[];
    readonly [field: string]: unknown;
  };
};

export type BfdProfile = KubeObject & {
  readonly spec?: {
    /** Milliseconds. */
    readonly receiveInterval?: number;
    readonly transmitInterval?: number;
    readonly detectMultiplier?: number;
    readonly minimumTtl?: number;
    readonly passiveMode?: boolean;
    readonly [field: string]: unknown;
  };
};

export type Community = KubeObject & {
  readonly spec: { readonly communities?: readonly { readonly name: string; readonly value: string }[] };
};

export type NetworkAttachmentDefinition = KubeObject & {
  readonly spec: {
    /** CNI configuration as JSON text. */
    readonly config: string;
  };
};
