import { expect, it } from 'vitest';
import { DrivenCluster, deploymentOf } from '../../test-support/kube-cluster.ts';
import type { KubeObject } from '../objects.ts';

const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'network-attachment-definitions.k8s.cni.cncf.io' },
  spec: { group: 'k8s.cni.cncf.io', names: { kind: 'NetworkAttachmentDefinition' } },
};

const network: KubeObject = {
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name: 'vlan-1001' },
  spec: {
    config: JSON.stringify({
      cniVersion: '1.0.0',
      plugins: [
        {
          type: 'ipvlan',
          master: 'VLAN-1001',
          ipam: {
            type: 'host-local',
            ranges: [
              [
                {
                  subnet: '10.1.4.0/24',
                  rangeStart: '10.1.4.20',
                  rangeEnd: '10.1.4.22',
                  gateway: '10.1.4.1',
                },
              ],
            ],
            routes: [{ dst: '10.254.254.240/28' }],
          },
        },
      ],
    }),
  },
};

function daemonSet(name: string, image: string): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{ name, image }],
          volumes: [{ name: 'bin', hostPath: { path: '/opt/cni/bin' } }],
        },
      },
    },
  };
}

function clients(replicas: number): KubeObject {
  const object = deploymentOf(
    'client',
    replicas,
    {},
    { nodeSelector: { 'kubernetes.io/hostname': 'worker' } },
  );
  const spec = object.spec as { readonly template: { readonly metadata: object } };
  return {
    ...object,
    spec: {
      ...spec,
      template: {
        ...spec.template,
        metadata: { ...spec.template.metadata, annotations: { 'k8s.v1.cni.cncf.io/networks': 'vlan-1001' } },
      },
    },
  };
}

const multus = daemonSet('multus', 'ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.4');
const plugins = daemonSet('plugins', 'alpine:3.22');

function lab(...objects: KubeObject[]): DrivenCluster {
  const driven = new DrivenCluster();
  driven.cluster.machines.get('worker')?.devices.add('VLAN-1001');
  return driven.apply(definition, ...objects).advance(10_000);
}

function addresses(driven: DrivenCluster): string[] {
  return driven
    .pods('client')
    .flatMap(pod => driven.cluster.runOf(pod)?.networks.map(each => each.address) ?? [])
    .sort();
}

function whyNot(driven: DrivenCluster): string | undefined {
  return driven.cluster.occurrences.all(driven.now).find(each => each.reason === 'FailedCreatePodSandBox')
    ?.message;
}

it('gives pods a second interface with an address of the range', () => {
  const driven = lab(multus, plugins, network).apply(clients(2)).advance(5_000);
  expect(addresses(driven)).toEqual(['10.1.4.20', '10.1.4.21']);
  const [pod] = driven.pods('client');
  if (pod === undefined) throw new Error('no pod');
  expect(driven.cluster.runOf(pod)?.networks[0]).toMatchObject({
    interface: 'net1',
    master: 'VLAN-1001',
    length: 24,
    routes: [{ prefix: '10.254.254.240/28', gateway: '10.1.4.1' }],
  });
});

it('means nothing without Multus', () => {
  const driven = lab(plugins, network).apply(clients(1)).advance(5_000);
  expect(driven.readyPods('client').length).toBe(1);
  expect(addresses(driven)).toEqual([]);
});

it('waits for the definition of the network, then goes on', () => {
  const driven = lab(multus, plugins).apply(clients(1)).advance(5_000);
  expect(driven.readyPods('client').length).toBe(0);
  expect(whyNot(driven)).toContain(
    'cannot find a network-attachment-definition (vlan-1001) in namespace (default)',
  );
  expect(driven.apply(network).advance(5_000).readyPods('client').length).toBe(1);
});

it('fails without the ipvlan plugin, without the device below, and without a free address', () => {
  expect(whyNot(lab(multus, network).apply(clients(1)).advance(5_000))).toContain(
    'failed to find plugin "ipvlan"',
  );
  const bare = new DrivenCluster().apply(definition, multus, plugins, network).advance(10_000);
  expect(whyNot(bare.apply(clients(1)).advance(5_000))).toContain('failed to lookup master "VLAN-1001"');
  const full = lab(multus, plugins, network).apply(clients(4)).advance(10_000);
  expect(full.readyPods('client').length).toBe(3);
  expect(whyNot(full)).toContain('no IP addresses available');
});
