import type { Lab, LabLink, LabNode } from '../lab/lab.ts';
import type { SwitchConfig } from '../lab/switch-config.ts';

/*
 *        SPINE-DC-1            SPINE-DC-2
 *        /    |    \          /    |    \        every leaf and the border to both spines
 *  LEAF-DC-1   LEAF-DC-2   BORDER-DC
 *      |           |           |
 *   worker      worker2      client            datacenter-control-plane has no fabric link
 */

/** The address of its service, which both leaves announce. */
export const VIP = '10.254.254.240';

const unconfigured: SwitchConfig = {
  interfaces: [],
  vxlanInterfaces: [],
  networkInstances: [],
  prefixSets: [],
  policies: [],
  bfd: [],
  hash: {
    sourceAddress: true,
    destinationAddress: true,
    sourcePort: true,
    destinationPort: true,
    protocol: true,
  },
};

/** The talk's lab as a literal with empty switch configurations: enough for whoever only draws it. */
export const labOfTheTalk: Lab = {
  name: 'dc-k8s',
  containerPrefix: 'clab-dc-k8s-',
  network: { name: 'kind', prefix: '172.18.0.0/16' },
  topologyFile: 'topo.yml',
  nodes: [
    switchNode('LEAF-DC-1', '172.18.100.121'),
    switchNode('LEAF-DC-2', '172.18.100.122'),
    switchNode('SPINE-DC-1', '172.18.100.123'),
    switchNode('SPINE-DC-2', '172.18.100.124'),
    switchNode('BORDER-DC', '172.18.100.125'),
    clusterNode('client', 'client-control-plane', 'control-plane', '10.1.4.10/24', '10.1.4.1'),
    clusterNode('datacenter', 'datacenter-control-plane', 'control-plane'),
    clusterNode('datacenter', 'datacenter-worker', 'worker', '192.168.101.101/24', '192.168.101.1'),
    clusterNode('datacenter', 'datacenter-worker2', 'worker', '192.168.101.102/24', '192.168.101.1'),
  ],
  links: [
    link('LEAF-DC-1', 'ethernet-1/1', 'SPINE-DC-1', 'ethernet-1/1'),
    link('LEAF-DC-1', 'ethernet-1/2', 'SPINE-DC-2', 'ethernet-1/1'),
    link('LEAF-DC-2', 'ethernet-1/1', 'SPINE-DC-1', 'ethernet-1/2'),
    link('LEAF-DC-2', 'ethernet-1/2', 'SPINE-DC-2', 'ethernet-1/2'),
    link('BORDER-DC', 'ethernet-1/1', 'SPINE-DC-1', 'ethernet-1/10'),
    link('BORDER-DC', 'ethernet-1/2', 'SPINE-DC-2', 'ethernet-1/10'),
    link('LEAF-DC-1', 'ethernet-1/10', 'datacenter-worker', 'e1-1', 'join'),
    link('LEAF-DC-2', 'ethernet-1/10', 'datacenter-worker2', 'e1-1', 'join'),
    link('BORDER-DC', 'ethernet-1/10', 'client-control-plane', 'e1-1', 'join'),
  ],
  clusters: [
    {
      name: 'client',
      kubeconfig: '.kube/client.config',
      configFile: 'kind/client.yml',
      image: 'kindest/node:v1.34.0',
      nodes: 'kind',
      imagesToLoad: [],
      resources: [],
      podSubnet: '10.244.0.0/16',
      serviceSubnet: '10.96.0.0/16',
    },
    {
      name: 'datacenter',
      kubeconfig: '.kube/datacenter.config',
      configFile: 'kind/datacenter.yml',
      image: 'kindest/node:v1.34.0',
      nodes: 'kind',
      imagesToLoad: [],
      resources: [],
      podSubnet: '10.244.0.0/16',
      serviceSubnet: '10.96.0.0/16',
    },
  ],
  stages: [
    stage('network', 'Docker network', []),
    stage('fabric', 'Leaf-spine fabric', ['network']),
    stage('clusters', 'Kubernetes clusters', ['network']),
    stage('images', 'Container images', ['clusters']),
    stage('links', 'Nodes on the fabric', ['fabric', 'clusters']),
    stage('metallb', 'MetalLB', ['links', 'images']),
    stage('app', 'The application', ['metallb']),
    stage('service', 'The service', ['app']),
    stage('clients', 'Clients', ['service']),
  ],
  files: new Map(),
};

function switchNode(name: string, managementAddress: string): LabNode {
  return {
    kind: 'switch',
    name,
    containerName: `clab-dc-k8s-${name}`,
    image: 'ghcr.io/nokia/srlinux:25.3.3',
    type: 'ixr-d3l',
    managementAddress,
    config: {
      ...unconfigured,
      networkInstances: name.startsWith('SPINE')
        ? [instance('default', 'default')]
        : [
            instance('default', 'default'),
            instance('kube_macvrf', 'mac-vrf'),
            instance('kube-ipvrf', 'ip-vrf'),
          ],
    },
  };
}

function instance(name: string, type: 'default' | 'mac-vrf' | 'ip-vrf') {
  return { name, type, adminState: true, interfaces: [], staticRoutes: [], resilientHash: [] };
}

function clusterNode(
  cluster: string,
  name: string,
  role: 'control-plane' | 'worker',
  address?: string,
  gateway?: string,
): LabNode {
  return {
    kind: 'cluster-node',
    name,
    cluster,
    role,
    labels: {},
    attachments:
      address === undefined || gateway === undefined ? [] : [{ port: 'e1-1', address, gateway, vlans: [] }],
  };
}

function link(a: string, aPort: string, b: string, bPort: string, role: LabLink['role'] = 'fabric'): LabLink {
  const short = (port: string) => port.replace('ethernet-', 'e').replace('/', '-');
  return {
    id: `${a}:${short(aPort)} ${b}:${short(bPort)}`,
    a: { node: a, port: aPort },
    b: { node: b, port: bPort },
    role,
  };
}

function stage(id: string, title: string, needs: string[]) {
  return { id, title, needs, tasks: [] };
}
