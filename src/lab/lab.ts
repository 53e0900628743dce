import type { KubeObject } from '../kube/objects.ts';
import type { Ipv4 } from '../net/address.ts';
import type { Ipv4InterfaceAddress, Ipv4Prefix } from '../net/prefix.ts';
import type { StagePlan } from './stage.ts';
import type { SwitchConfig } from './switch-config.ts';

/** A lab as its files describe it. Immutable; what runs is an engine's business. */
export type Lab = {
  /** `name:` of the topology: "dc-k8s". */
  readonly name: string;
  /** Container name prefix including the lab name: "clab-dc-k8s-". */
  readonly containerPrefix: string;
  /** The Docker network that switches and clusters share. */
  readonly network: { readonly name: string; readonly prefix: Ipv4Prefix };
  readonly topologyFile: string;
  readonly nodes: readonly LabNode[];
  /** Fabric links in file order, then the joins that srklab.yml adds. */
  readonly links: readonly LabLink[];
  readonly clusters: readonly LabCluster[];
  readonly stages: readonly StagePlan[];
  /** Every file that was read: path relative to srklab.yml's folder → text. */
  readonly files: ReadonlyMap<string, string>;
  /** The same lab with one leaf and one worker more, where it can be made from these files. Read when first asked for. */
  readonly scaledOut?: Lab | undefined;
};

/** Which of a lab's two sizes; absent everywhere: the one that was written. */
export type LabSize = 'scaled-out';

export type LabNode = SwitchNode | PlainNode | ClusterNode;

/** A switch whose configuration we understand. */
export type SwitchNode = {
  readonly kind: 'switch';
  /** "LEAF-DC-1". */
  readonly name: string;
  readonly containerName: string;
  readonly image: string;
  /** "ixr-d3l"; "frr" where FRR plays it on Linux. */
  readonly type: string;
  readonly managementAddress?: Ipv4;
  /** Path of the startup-config, undefined when the topology names none. */
  readonly configFile?: string;
  readonly config: SwitchConfig;
};

/** Another container of the topology (kind `linux`): started, joined, not configured by us. */
export type PlainNode = {
  readonly kind: 'container';
  readonly name: string;
  readonly containerName: string;
  readonly image: string;
  readonly managementAddress?: Ipv4;
};

/** A Kubernetes node, named as kind names its container: "datacenter-worker2". */
export type ClusterNode = {
  readonly kind: 'cluster-node';
  readonly name: string;
  readonly cluster: string;
  readonly role: 'control-plane' | 'worker';
  readonly labels: Readonly<Record<string, string>>;
  /** The container of the topology that stands for it, where its cluster is made of containers; kind's has the node's name. */
  readonly container?: { readonly name: string; readonly image: string; readonly managementAddress?: Ipv4 };
  /** Its places on the fabric; empty for datacenter-control-plane. */
  readonly attachments: readonly Attachment[];
};

/** How a Kubernetes node is joined to the fabric (one entry of `links:`). */
export type Attachment = {
  /** Interface inside the node: "e1-1". */
  readonly port: string;
  readonly address: Ipv4InterfaceAddress;
  readonly gateway?: Ipv4;
  /** Prefixes routed to the gateway. Undefined: the default route is replaced, as the original did. */
  readonly routes?: readonly Ipv4Prefix[];
  /** VLAN devices made on the port for ipvlan pods. */
  readonly vlans: readonly number[];
};

export type LabLink = {
  /** "LEAF-DC-1:e1-1 SPINE-DC-1:e1-1", ends as the files write them. */
  readonly id: string;
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  readonly role: 'fabric' | 'join';
};

/** `port` is the switch's interface name ("ethernet-1/1") or the node's device ("e1-1"). */
export type LinkEnd = { readonly node: string; readonly port: string };

export type LabCluster = {
  readonly name: string;
  readonly kubeconfig: string;
  readonly configFile: string;
  /** kind node image. */
  readonly image: string;
  /** `containers`: there is no such cluster; its nodes are containers of the topology and its Kubernetes is a model. */
  readonly nodes: 'kind' | 'containers';
  readonly imagesToLoad: readonly string[];
  readonly resources: readonly LabResource[];
  readonly podSubnet: Ipv4Prefix;
  readonly serviceSubnet: Ipv4Prefix;
};

/** One `- app:` entry: a manifest file applied in order. */
export type LabResource = {
  readonly file: string;
  /** The stage it is applied in: its `stage:` key, else "resources". */
  readonly stage: string;
  readonly objects: readonly KubeObject[];
};

export function nodeNamed(lab: Lab, name: string): LabNode | undefined {
  return lab.nodes.find(node => node.name === name);
}

/** The name of a node's container in Docker. */
export function containerOf(node: LabNode): string {
  return node.kind === 'cluster-node' ? (node.container?.name ?? node.name) : node.containerName;
}

export function switchesOf(lab: Lab): SwitchNode[] {
  return lab.nodes.filter(node => node.kind === 'switch');
}

export function clusterNodesOf(lab: Lab, cluster?: string): ClusterNode[] {
  return lab.nodes
    .filter(node => node.kind === 'cluster-node')
    .filter(node => cluster === undefined || node.cluster === cluster);
}
