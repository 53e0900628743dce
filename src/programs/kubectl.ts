import { argument } from './argument.ts';

/** Command lines of kubectl 1.3x. Every one names its kubeconfig: the user's own clusters are never touched. */
export const kubectl = {
  version: (): string[] => ['kubectl', 'version', '--client', '-o', 'json'],
  apply: (kubeconfig: string, file: string): string[] => [
    ...base(kubeconfig),
    ...['apply', '-f', argument.pathOrAddress(file)],
  ],
  delete: (kubeconfig: string, file: string): string[] => [
    ...base(kubeconfig),
    ...['delete', '--ignore-not-found', '-f', argument.pathOrAddress(file)],
  ],
  get: (kubeconfig: string, wanted: ObjectName): string[] => [
    ...base(kubeconfig),
    ...['get', ...objectWords(wanted), '-o', 'json'],
  ],
  /** Those that are there, as one list; it fails where the server does not know a kind. Kinds with their group: "BGPPeer.metallb.io". */
  exist: (kubeconfig: string, namespace: string, wanted: readonly ObjectName[]): string[] => [
    ...base(kubeconfig),
    ...['get', ...wanted.map(({ kind, name }) => `${argument.name(kind)}/${argument.name(name)}`)],
    ...['-n', argument.name(namespace), '--ignore-not-found', '-o', 'json'],
  ],
  nodes: (kubeconfig: string): string[] => [...base(kubeconfig), 'get', 'nodes', '-o', 'json'],
  /** Ends when every pod of the workload is there and ready. */
  rolledOut: (kubeconfig: string, workload: ObjectName, seconds: number): string[] => [
    ...base(kubeconfig),
    ...['rollout', 'status', ...objectWords(workload), `--timeout=${argument.whole(seconds)}s`],
  ],
  /** `condition`: "established" of a definition, "Ready" of a node. */
  hasCondition: (
    kubeconfig: string,
    wanted: ObjectName,
    condition: 'established' | 'Ready',
    seconds: number,
  ): string[] => [
    ...base(kubeconfig),
    ...['wait', `--for=condition=${condition}`, ...objectWords(wanted)],
    `--timeout=${argument.whole(seconds)}s`,
  ],
  allNodesReady: (kubeconfig: string, seconds: number): string[] => [
    ...base(kubeconfig),
    ...['wait', '--for=condition=Ready', 'nodes', '--all', `--timeout=${argument.whole(seconds)}s`],
  ],
  /** Ends when a LoadBalancer service was given its address. */
  hasAddress: (kubeconfig: string, service: ObjectName, seconds: number): string[] => [
    ...base(kubeconfig),
    ...['wait', '--for=jsonpath={.status.loadBalancer.ingress[0].ip}', ...objectWords(service)],
    `--timeout=${argument.whole(seconds)}s`,
  ],
};

export type ObjectName = {
  /** "deployment", "daemonset", "service", "customresourcedefinition". */
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
};

/** "1.34.1" of `kubectl version --client -o json`. */
export function readKubectlVersion(text: string): string | undefined {
  return /"gitVersion":\s*"v(\d+\.\d+\.\d+[^"]*)"/.exec(text)?.[1];
}

function base(kubeconfig: string): string[] {
  return ['kubectl', '--kubeconfig', argument.path(kubeconfig)];
}

function objectWords({ kind, name, namespace }: ObjectName): string[] {
  const words = [`${argument.name(kind)}/${argument.name(name)}`];
  return namespace === undefined ? words : [...words, '-n', argument.name(namespace)];
}
