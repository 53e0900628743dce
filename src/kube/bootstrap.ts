import { addressPlus, type Ipv4 } from '../net/address.ts';
import { addressOf, type Ipv4Prefix, lengthOf } from '../net/prefix.ts';
import type { KubeObject, Node, PodTemplate } from './objects.ts';

export type ClusterNodeSpec = {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly labels: Readonly<Record<string, string>>;
  /** Address on the Docker network. */
  readonly address: Ipv4;
};

export type BootstrapOptions = {
  /** "v1.37.0". */
  readonly version: string;
  readonly nodes: readonly ClusterNodeSpec[];
  readonly podSubnet: Ipv4Prefix;
  readonly serviceSubnet: Ipv4Prefix;
};

/** Images inside kind's node image: never pulled. Their versions follow the node image and are not listed here. */
export const builtInImages: readonly string[] = [
  'registry.k8s.io/coredns/coredns',
  'registry.k8s.io/etcd',
  'registry.k8s.io/kube-apiserver',
  'registry.k8s.io/kube-controller-manager',
  'registry.k8s.io/kube-proxy',
  'registry.k8s.io/kube-scheduler',
  'docker.io/kindest/kindnetd',
  'docker.io/kindest/local-path-provisioner',
];

/** The objects of a fresh kind cluster: namespaces, nodes, and what runs in kube-system. */
export function bootstrapObjects(options: BootstrapOptions): KubeObject[] {
  const controlPlanes = options.nodes.filter(node => node.role === 'control-plane');
  return [
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'].map(namespace),
    ...options.nodes.map((node, index) => nodeObject(options, node, index)),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver' } },
      spec: {
        clusterIP: addressPlus(addressOf(options.serviceSubnet), 1),
        ports: [{ name: 'https', port: 443, targetPort: 6443 }],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
      spec: {
        clusterIP: addressPlus(addressOf(options.serviceSubnet), 10),
        selector: { 'k8s-app': 'kube-dns' },
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53 },
        ],
      },
    },
    daemonSet('kindnet', 'docker.io/kindest/kindnetd', { app: 'kindnet' }),
    daemonSet('kube-proxy', 'registry.k8s.io/kube-proxy', { 'k8s-app': 'kube-proxy' }),
    deployment('coredns', 'kube-system', 'registry.k8s.io/coredns/coredns', { 'k8s-app': 'kube-dns' }, 2),
    deployment(
      'local-path-provisioner',
      'local-path-storage',
      'docker.io/kindest/local-path-provisioner',
      { app: 'local-path-provisioner' },
      1,
    ),
    ...controlPlanes.flatMap(node =>
      ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(component =>
        staticPod(component, node.name),
      ),
    ),
  ];
}

function namespace(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  };
}

function nodeObject(options: BootstrapOptions, node: ClusterNodeSpec, index: number): Node {
  const several = options.nodes.length > 1;
  const controlPlane = node.role === 'control-plane';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        ...(controlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
        // kubeadm's label; kind takes it off again where the control plane is the only node.
        ...(controlPlane && several ? { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } : {}),
        ...node.labels,
      },
    },
    spec: {
      podCIDR: podCidr(options.podSubnet, index),
      taints: [
        // Until the kubelet reports Ready.
        { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' as const },
        ...(controlPlane && several
          ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' as const }]
          : []),
      ],
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: node.address },
        { type: 'Hostname', address: node.name },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'KubeletNotReady',
          message: 'container runtime network not ready',
        },
      ],
      nodeInfo: { kubeletVersion: options.version },
    },
  };
}

/** The index-th /24 of the pod subnet. */
function podCidr(podSubnet: Ipv4Prefix, index: number): Ipv4Prefix {
  const length = Math.max(24, lengthOf(podSubnet));
  return `${addressPlus(addressOf(podSubnet), index * 256)}/${length}`;
}

const everywhere = [{ operator: 'Exists' as const }];

function daemonSet(name: string, image: string, labels: Readonly<Record<string, string>>): KubeObject {
  const template: PodTemplate = {
    metadata: { labels },
    spec: {
      hostNetwork: true,
      tolerations: everywhere,
      containers: [{ name, image, imagePullPolicy: 'IfNotPresent' }],
    },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'kube-system', labels },
    spec: { selector: { matchLabels: labels }, template },
  };
}

function deployment(
  name: string,
  namespaceName: string,
  image: string,
  labels: Readonly<Record<string, string>>,
  replicas: number,
): KubeObject {
  const template: PodTemplate = {
    metadata: { labels },
    spec: {
      tolerations: [
        { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
      ],
      containers: [{ name, image, imagePullPolicy: 'IfNotPresent' }],
    },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: namespaceName, labels },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
}

function staticPod(component: string, node: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${component}-${node}`,
      namespace: 'kube-system',
      labels: { component, tier: 'control-plane' },
    },
    spec: {
      nodeName: node,
      hostNetwork: true,
      tolerations: everywhere,
      containers: [
        { name: component, image: `registry.k8s.io/${component}`, imagePullPolicy: 'IfNotPresent' },
      ],
    },
  };
}
