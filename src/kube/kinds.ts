/** One row per kind that the API server of the model serves. */
export type KindInfo = {
  readonly kind: string;
  /** "" for the core group. */
  readonly group: string;
  readonly versions: readonly string[];
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** Served only once its CustomResourceDefinition has been applied. */
  readonly custom: boolean;
};

const builtIn = (
  kind: string,
  group: string,
  version: string,
  plural: string,
  shortNames: readonly string[],
  namespaced: boolean,
): KindInfo => ({
  kind,
  group,
  versions: [version],
  plural,
  singular: kind.toLowerCase(),
  shortNames,
  namespaced,
  custom: false,
});

const custom = (kind: string, group: string, plural: string, versions: readonly string[]): KindInfo => ({
  kind,
  group,
  versions,
  plural,
  singular: kind.toLowerCase(),
  shortNames: kind === 'NetworkAttachmentDefinition' ? ['net-attach-def'] : [],
  namespaced: true,
  custom: true,
});

export const kinds: readonly KindInfo[] = [
  builtIn('Namespace', '', 'v1', 'namespaces', ['ns'], false),
  builtIn('Node', '', 'v1', 'nodes', ['no'], false),
  builtIn('Pod', '', 'v1', 'pods', ['po'], true),
  builtIn('Service', '', 'v1', 'services', ['svc'], true),
  builtIn('ConfigMap', '', 'v1', 'configmaps', ['cm'], true),
  builtIn('Secret', '', 'v1', 'secrets', [], true),
  builtIn('ServiceAccount', '', 'v1', 'serviceaccounts', ['sa'], true),
  builtIn('Deployment', 'apps', 'v1', 'deployments', ['deploy'], true),
  builtIn('ReplicaSet', 'apps', 'v1', 'replicasets', ['rs'], true),
  builtIn('DaemonSet', 'apps', 'v1', 'daemonsets', ['ds'], true),
  builtIn('EndpointSlice', 'discovery.k8s.io', 'v1', 'endpointslices', [], true),
  builtIn('Role', 'rbac.authorization.k8s.io', 'v1', 'roles', [], true),
  builtIn('RoleBinding', 'rbac.authorization.k8s.io', 'v1', 'rolebindings', [], true),
  builtIn('ClusterRole', 'rbac.authorization.k8s.io', 'v1', 'clusterroles', [], false),
  builtIn('ClusterRoleBinding', 'rbac.authorization.k8s.io', 'v1', 'clusterrolebindings', [], false),
  builtIn('PodSecurityPolicy', 'policy', 'v1beta1', 'podsecuritypolicies', ['psp'], false),
  builtIn(
    'CustomResourceDefinition',
    'apiextensions.k8s.io',
    'v1',
    'customresourcedefinitions',
    ['crd', 'crds'],
    false,
  ),
  builtIn(
    'ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'v1',
    'validatingwebhookconfigurations',
    [],
    false,
  ),
  custom('BGPPeer', 'metallb.io', 'bgppeers', ['v1beta2', 'v1beta1']),
  custom('IPAddressPool', 'metallb.io', 'ipaddresspools', ['v1beta1']),
  custom('BGPAdvertisement', 'metallb.io', 'bgpadvertisements', ['v1beta1']),
  custom('L2Advertisement', 'metallb.io', 'l2advertisements', ['v1beta1']),
  custom('BFDProfile', 'metallb.io', 'bfdprofiles', ['v1beta1']),
  custom('Community', 'metallb.io', 'communities', ['v1beta1']),
  custom('NetworkAttachmentDefinition', 'k8s.cni.cncf.io', 'network-attachment-definitions', ['v1']),
];

const byKind = new Map(kinds.map(info => [info.kind, info]));

const byWord = new Map<string, KindInfo>();
for (const info of kinds) {
  for (const word of [info.plural, info.singular, ...info.shortNames]) {
    byWord.set(word, info);
    if (info.group !== '') byWord.set(`${word}.${info.group}`, info);
  }
}

/** By its `kind:`. */
export function kindNamed(kind: string): KindInfo | undefined {
  return byKind.get(kind);
}

/** By what a person types: "svc", "services", "bgppeer", "bgppeers.metallb.io". */
export function kindCalled(word: string): KindInfo | undefined {
  return byWord.get(word.toLowerCase());
}

/** "deployment.apps", "service": how kubectl names a kind in its answers. */
export function qualifiedName(kind: string): string {
  const info = byKind.get(kind);
  if (info === undefined) return kind.toLowerCase();
  return info.group === '' ? info.singular : `${info.singular}.${info.group}`;
}

/** "apps/v1". */
export function apiVersionOf(info: KindInfo): string {
  return info.group === '' ? (info.versions[0] ?? 'v1') : `${info.group}/${info.versions[0]}`;
}
