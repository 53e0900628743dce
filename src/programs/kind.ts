import { argument } from './argument.ts';

/** Command lines of kind 0.33. Files are absolute paths. */
export const kind = {
  version: (): string[] => ['kind', 'version'],
  clusters: (): string[] => ['kind', 'get', 'clusters'],
  /** Nodes of a cluster that failed are removed by kind itself. */
  create: (cluster: NewCluster): string[] => [
    ...['kind', 'create', 'cluster', '--name', argument.name(cluster.name)],
    ...['--config', argument.path(cluster.configFile), '--image', argument.image(cluster.image)],
    ...[
      '--kubeconfig',
      argument.path(cluster.kubeconfig),
      '--wait',
      `${argument.whole(cluster.waitSeconds)}s`,
    ],
  ],
  delete: (name: string, kubeconfig: string): string[] => [
    ...['kind', 'delete', 'cluster', '--name', argument.name(name)],
    ...['--kubeconfig', argument.path(kubeconfig)],
  ],
  /** Writes the kubeconfig of a cluster that runs already. */
  exportKubeconfig: (name: string, kubeconfig: string): string[] => [
    ...['kind', 'export', 'kubeconfig', '--name', argument.name(name)],
    ...['--kubeconfig', argument.path(kubeconfig)],
  ],
  /** Every node of the cluster gets the image that this machine's Docker has. */
  load: (image: string, cluster: string): string[] => [
    ...['kind', 'load', 'docker-image', argument.image(image), '--name', argument.name(cluster)],
  ],
  /** The same from a file: what works where Docker keeps its images in containerd. */
  loadArchive: (archive: string, cluster: string): string[] => [
    ...['kind', 'load', 'image-archive', argument.path(archive), '--name', argument.name(cluster)],
  ],
};

/** Puts a cluster's nodes into a Docker network of that name; kind's own is called "kind". */
export function kindEnv(network: string): Readonly<Record<string, string>> {
  return network === 'kind' ? {} : { KIND_EXPERIMENTAL_DOCKER_NETWORK: argument.name(network) };
}

export type NewCluster = {
  readonly name: string;
  readonly configFile: string;
  readonly image: string;
  readonly kubeconfig: string;
  readonly waitSeconds: number;
};

/** "0.33.0" of "kind v0.33.0 go1.26.8 linux/amd64". */
export function readKindVersion(text: string): string | undefined {
  return /\bv(\d+\.\d+\.\d+\S*)/.exec(text)?.[1];
}

/** Names, one a line; "No kind clusters found." goes to the other stream. */
export function readClusters(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('No kind clusters'));
}
