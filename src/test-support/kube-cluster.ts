import { Cluster } from '../kube/cluster.ts';
import type { KubeFact } from '../kube/fact.ts';
import type { KubeObject, Pod } from '../kube/objects.ts';
import { isReady, podStatusWord } from '../kube/pod.ts';

/** A cluster with somebody at its clock: the talk's three nodes unless told otherwise. */
export class DrivenCluster {
  readonly cluster: Cluster;
  readonly facts: (KubeFact & { readonly at: number })[] = [];
  now = 0;

  constructor(
    options: { readonly version?: string; readonly workers?: number; readonly seed?: number } = {},
  ) {
    let state = options.seed ?? 1;
    const workers = Array.from({ length: options.workers ?? 2 }, (_, index) => ({
      name: index === 0 ? 'worker' : `worker${index + 1}`,
      role: 'worker' as const,
      labels: {},
      address: `172.18.0.${3 + index}`,
    }));
    this.cluster = new Cluster(
      {
        name: 'datacenter',
        version: options.version ?? 'v1.37.0',
        nodes: [
          { name: 'control-plane', role: 'control-plane', labels: {}, address: '172.18.0.2' },
          ...workers,
        ],
        podSubnet: '10.244.0.0/16',
        serviceSubnet: '10.96.0.0/16',
        random: () => {
          state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
          return state / 0x80000000;
        },
        // Tests write JSON, which is YAML too.
        readYaml: text => JSON.parse(text),
      },
      0,
    );
    this.advance(10_000);
  }

  /** Lets time pass, doing everything that falls due on the way. */
  advance(milliseconds: number): this {
    const end = this.now + milliseconds;
    for (;;) {
      for (const fact of this.cluster.reconcile(this.now)) this.facts.push({ at: this.now, ...fact });
      const due = this.cluster.nextDue();
      if (due === undefined || due > end) break;
      this.now = due;
    }
    this.now = end;
    return this;
  }

  /** Applies objects; throws on a refusal. */
  apply(...objects: KubeObject[]): this {
    for (const object of objects) {
      const outcome = this.cluster.apply(object, this.now);
      if (outcome.outcome === 'refused') throw new Error(outcome.message);
    }
    return this;
  }

  pods(app: string): Pod[] {
    return this.cluster.store.list('Pod').filter(pod => pod.metadata.labels?.['app'] === app);
  }

  readyPods(app: string): Pod[] {
    return this.pods(app).filter(pod => isReady(pod) && pod.metadata.deletionTimestamp === undefined);
  }

  /** "worker Running" per pod, sorted. */
  placement(app: string): string[] {
    return this.pods(app)
      .map(pod => `${pod.spec.nodeName ?? '-'} ${podStatusWord(pod)}`)
      .sort();
  }

  scale(name: string, replicas: number): this {
    const deployment = this.cluster.store.get('Deployment', name, 'default');
    if (deployment === undefined) throw new Error(`no deployment ${name}`);
    this.cluster.edit(deployment, live => ({ ...live, spec: { ...(live.spec as object), replicas } }));
    return this;
  }

  cordon(name: string, unschedulable: boolean): this {
    const node = this.cluster.store.get('Node', name);
    if (node === undefined) throw new Error(`no node ${name}`);
    this.cluster.edit(node, live => ({ ...live, spec: { ...(live.spec as object), unschedulable } }));
    return this;
  }
}

/** A deployment of `replicas` pods labelled app=NAME. */
export function deploymentOf(
  name: string,
  replicas: number,
  container: Readonly<Record<string, unknown>> = {},
  spec: Readonly<Record<string, unknown>> = {},
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{ name, image: `${name}:1.0`, ports: [{ containerPort: 8080 }], ...container }],
          ...spec,
        },
      },
    },
  };
}

export function serviceOf(
  name: string,
  app: string,
  spec: Readonly<Record<string, unknown>> = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app }, ports: [{ name: 'http', port: 8080, targetPort: 8080 }], ...spec },
  };
}

/** What MetalLB's release brings, as small as the model needs it. */
export function metallbObjects(flavour: 'native' | 'frr-k8s' = 'frr-k8s'): KubeObject[] {
  const definition = (kind: string, plural: string): KubeObject => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.metallb.io` },
    spec: { group: 'metallb.io', names: { kind, plural } },
  });
  const workload = (
    kind: string,
    name: string,
    containers: readonly (readonly [string, string])[],
  ): KubeObject => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'metallb-system' },
    spec: {
      selector: { matchLabels: { component: name } },
      template: {
        metadata: { labels: { component: name } },
        spec: {
          hostNetwork: true,
          tolerations: [{ operator: 'Exists' }],
          containers: containers.map(([container, image]) => ({ name: container, image })),
        },
      },
    },
  });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'metallb-system' } },
    definition('BGPPeer', 'bgppeers'),
    definition('IPAddressPool', 'ipaddresspools'),
    definition('BGPAdvertisement', 'bgpadvertisements'),
    definition('BFDProfile', 'bfdprofiles'),
    workload('Deployment', 'controller', [['controller', 'quay.io/metallb/controller:v0.16.1']]),
    workload('DaemonSet', 'speaker', [['speaker', 'quay.io/metallb/speaker:v0.16.1']]),
    ...(flavour === 'frr-k8s'
      ? [
          workload('DaemonSet', 'frr-k8s', [
            ['controller', 'quay.io/metallb/frr-k8s:v0.0.25'],
            ['frr', 'quay.io/frrouting/frr:10.4.3'],
          ]),
        ]
      : []),
  ];
}

export function poolOf(name: string, ...addresses: string[]): KubeObject {
  return metallbObject('IPAddressPool', name, { addresses });
}

export function advertisementOf(name: string, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  return metallbObject('BGPAdvertisement', name, spec);
}

export function peerOf(name: string, spec: Readonly<Record<string, unknown>> = {}): KubeObject {
  return metallbObject('BGPPeer', name, { myASN: 65201, peerASN: 65301, peerAddress: '1.1.1.201', ...spec });
}

function metallbObject(kind: string, name: string, spec: Readonly<Record<string, unknown>>): KubeObject {
  const version = kind === 'BGPPeer' ? 'v1beta2' : 'v1beta1';
  return {
    apiVersion: `metallb.io/${version}`,
    kind,
    metadata: { name, namespace: 'metallb-system' },
    spec,
  };
}
