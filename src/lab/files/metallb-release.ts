import { apiVersionOf, kinds } from '../../kube/kinds.ts';
import type { KubeObject } from '../../kube/objects.ts';

const releaseManifest =
  /^https:\/\/raw\.githubusercontent\.com\/metallb\/metallb\/(v\d+\.\d+\.\d+)\/config\/manifests\/metallb-(native|frr|frr-k8s)\.yaml$/;

const namespace = 'metallb-system';

/**
 * What MetalLB's release manifest puts into a cluster, as far as the lab models it: the namespace, the definitions of its
 * kinds, and its workloads with their images. The real file is some 2,500 lines and belongs to MetalLB; kubectl fetches it by its address.
 * Undefined for any other address.
 */
export function metallbRelease(address: string): KubeObject[] | undefined {
  const match = releaseManifest.exec(address);
  if (match === null) return undefined;
  const [, version = '', flavour = ''] = match;
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...definitions(),
    workload(
      'Deployment',
      'controller',
      [container('controller', `quay.io/metallb/controller:${version}`)],
      1,
    ),
    workload('DaemonSet', 'speaker', speakerContainers(version, flavour)),
    ...(flavour === 'frr-k8s' ? [workload('DaemonSet', 'frr-k8s-daemon', frrK8sContainers())] : []),
  ];
}

function definitions(): KubeObject[] {
  return kinds
    .filter(kind => kind.custom && kind.group === 'metallb.io')
    .map(kind => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${kind.plural}.${kind.group}` },
      spec: {
        group: kind.group,
        scope: 'Namespaced',
        names: { kind: kind.kind, plural: kind.plural, singular: kind.singular },
        versions: kind.versions.map(version => ({
          name: version,
          served: true,
          storage: apiVersionOf(kind).endsWith(version),
        })),
      },
    }));
}

function speakerContainers(version: string, flavour: string) {
  const env = [{ name: 'METALLB_BGP_TYPE', value: flavour }];
  const speaker = { ...container('speaker', `quay.io/metallb/speaker:${version}`), env };
  return flavour === 'frr' ? [speaker, container('frr', frrImage)] : [speaker];
}

function frrK8sContainers() {
  return [container('controller', 'quay.io/metallb/frr-k8s:v0.0.25'), container('frr', frrImage)];
}

const frrImage = 'quay.io/frrouting/frr:10.4.3';

function container(name: string, image: string) {
  return { name, image };
}

function workload(
  kind: 'Deployment' | 'DaemonSet',
  name: string,
  containers: readonly object[],
  replicas?: number,
): KubeObject {
  const labels = { app: 'metallb', component: name };
  const onEveryNode = {
    hostNetwork: true,
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
  };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { ...(kind === 'DaemonSet' ? onEveryNode : {}), containers },
      },
    },
  };
}
