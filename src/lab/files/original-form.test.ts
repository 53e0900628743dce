import { expect, test } from 'vitest';
import { clusterNodesOf, switchesOf } from '../lab.ts';
import { formatFileError } from '../lab-error.ts';
import { readLab } from './read-lab.ts';

/*
 * The 2023 project's way of writing: quoted and unquoted values mixed, a management subnet with host bits, empty lists left
 * open, no startup-config, no stages, MetalLB configured by a ConfigMap, a JSON text pasted into single quotes.
 */
const files = new Map<string, string>([
  [
    'srklab.yml',
    `network: "kind"   # a remark
prefix: "172.18.0.0/16"
clabTopology: "./topo.yml"
clusters:
    - name: "client"
      kubeconfig: ".kube/config-client"
      config: "./kind/client.yaml"
      image: "kindest/node:v1.23.17"
      imagesToLoad:
        - image: alpine:latest
        - image: somebody/loadgen:0.33
      resources:
        - app: "./app/ipvlan.yaml"
    - name: "datacenter"
      kubeconfig: ".kube/config-datacenter"
      config: "./kind/datacenter.yaml"
      image: "kindest/node:v1.23.17"
      imagesToLoad:
      resources:
        - app: "./metallb/manifest.yaml"
        - app: "./metallb/setup.yaml"
links:
    - k8sNode: "client-control-plane:e1-1"
      clabNode: "clab-dc-k8s-BORDER-DC:e1-10"
      k8sIpv4: "192.168.201.101/24"
      k8sIpv4Gw: "172.18.0.1"
      ipvlanMaster:
        - vlan: 1001
        - vlan: "1002"
    - k8sNode: "datacenter-worker:e1-1"
      clabNode: "clab-dc-k8s-LEAF-DC-1:e1-10"
      k8sIpv4: "192.168.101.101/24"
      k8sIpv4Gw: "192.168.101.1"
`,
  ],
  [
    'topo.yml',
    `name: dc-k8s
mgmt:
  network: kind
  ipv4-subnet: 172.18.100.0/16
topology:
  defaults:
    kind: srl
  kinds:
    srl:
      image: ghcr.io/nokia/srlinux:21.6.4
      type: ixrd3
  nodes:
    LEAF-DC-1:
      kind: srl
      mgmt-ipv4: 172.18.100.121
    BORDER-DC:
    metrics:
      kind: linux
      image: somebody/metrics
      binds:
        - ./metrics.yml:/etc/metrics.yml:ro
      user: 65534:65534
      ports:
        - 9091:9090
      cmd: '--config /etc/metrics.yml'
  links:
    - endpoints: ["LEAF-DC-1:e1-1", "BORDER-DC:e1-1"]
`,
  ],
  [
    'kind/client.yaml',
    '---\nkind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - role: control-plane\n',
  ],
  [
    'kind/datacenter.yaml',
    '---\nkind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - role: control-plane\n  - role: worker\n',
  ],
  [
    'app/ipvlan.yaml',
    `---
apiVersion: "k8s.cni.cncf.io/v1"
kind: NetworkAttachmentDefinition
metadata:
  name: ipvlan-1001
spec:
  config: '{
  "cniVersion": "0.4.0",
    "ipam": { "ranges": [ [
\t\t\t{ "subnet": "10.1.4.0/24" } ] ] }
}'
`,
  ],
  [
    'metallb/manifest.yaml',
    `apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata:
  labels:
    app: metallb
  name: controller
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: metallb-system:controller
rules: []
`,
  ],
  [
    'metallb/setup.yaml',
    `apiVersion: v1
kind: ConfigMap
metadata:
  namespace: metallb-system
  name: config
data:
  config: |
    peers:
    - peer-address: 1.1.1.201
      peer-asn: 65301
      my-asn: 65201
      router-id: 6.5.2.3
      node-selectors:
      - match-expressions:
        - key: kubernetes.io/hostname
          operator: In
          values: [datacenter-worker]
    address-pools:
    - name: default
      protocol: bgp
      addresses:
      - 10.254.254.240/28
`,
  ],
]);

const reading = readLab('srklab.yml', path => files.get(path) ?? { problem: 'missing' });

test('a file of the original project loads unchanged, and what deserves a word gets one', () => {
  expect(reading.outcome).toBe('read');
  expect(reading.warnings.map(warning => formatFileError(warning).split('\n')[0])).toEqual([
    'srklab.yml:33:18: warning: datacenter-worker gets 192.168.101.1 as its default route and loses the way it had to the Internet [default-route-replaced]',
    'topo.yml:13:5: warning: LEAF-DC-1 has no startup-config: it starts with an empty configuration [no-startup-config]',
    'topo.yml:16:5: warning: BORDER-DC has no startup-config: it starts with an empty configuration [no-startup-config]',
  ]);
});

test('it means what it meant', () => {
  if (reading.outcome === 'refused') throw new Error('refused');
  const { lab } = reading;
  expect(lab.network).toEqual({ name: 'kind', prefix: '172.18.0.0/16' });
  expect(switchesOf(lab).map(({ name, type, image }) => [name, type, image])).toEqual([
    ['LEAF-DC-1', 'ixrd3', 'ghcr.io/nokia/srlinux:21.6.4'],
    ['BORDER-DC', 'ixrd3', 'ghcr.io/nokia/srlinux:21.6.4'],
  ]);
  expect(clusterNodesOf(lab).flatMap(({ attachments }) => attachments)).toEqual([
    { port: 'e1-1', address: '192.168.201.101/24', gateway: '172.18.0.1', vlans: [1001, 1002] },
    { port: 'e1-1', address: '192.168.101.101/24', gateway: '192.168.101.1', vlans: [] },
  ]);
  expect(lab.stages.map(({ id }) => id)).toEqual([
    'network',
    'fabric',
    'clusters',
    'images',
    'links',
    'resources',
  ]);
  expect(lab.stages.at(-2)?.tasks[1]?.commandLine).toBe(
    [
      'containerlab tools veth create -a datacenter-worker:e1-1 -b clab-dc-k8s-LEAF-DC-1:e1-10',
      'docker exec datacenter-worker ip link set e1-1 mtu 9500 up',
      'docker exec datacenter-worker ip address replace 192.168.101.101/24 dev e1-1',
      'docker exec datacenter-worker ip route replace default via 192.168.101.1',
    ].join(' && '),
  );
  const configs = lab.clusters[0]?.resources[0]?.objects.map(
    ({ spec }) => (spec as { config: string }).config,
  );
  expect(configs?.map(config => JSON.parse(config))).toEqual([
    { cniVersion: '0.4.0', ipam: { ranges: [[{ subnet: '10.1.4.0/24' }]] } },
  ]);
});
