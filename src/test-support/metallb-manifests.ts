/** What MetalLB's own manifest brings, as little of it as its custom resources and the places where it runs need. */
export function metallbManifests(): unknown[] {
  const kinds = [
    ['BGPPeer', 'bgppeers', 'v1beta2'],
    ['IPAddressPool', 'ipaddresspools', 'v1beta1'],
    ['BGPAdvertisement', 'bgpadvertisements', 'v1beta1'],
    ['BFDProfile', 'bfdprofiles', 'v1beta1'],
    ['Community', 'communities', 'v1beta1'],
    ['ServiceBGPStatus', 'servicebgpstatuses', 'v1beta1'],
  ] as const;
  const definitions = kinds.map(([kind, plural, version]) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.metallb.io` },
    spec: {
      group: 'metallb.io',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'metallb-system' } },
    ...definitions,
    workload('Deployment', 'controller', { replicas: 1 }),
    workload('DaemonSet', 'speaker', {}),
  ];
}

function workload(kind: 'Deployment' | 'DaemonSet', name: string, spec: object): unknown {
  const labels = { app: 'metallb', component: name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'metallb-system', labels },
    spec: {
      ...spec,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name, image: `quay.io/metallb/${name}:v0.16.1` }],
          terminationGracePeriodSeconds: 0,
        },
      },
    },
  };
}
