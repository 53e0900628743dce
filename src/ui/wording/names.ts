/** A port as people say it: "ethernet-1/10" is "e1-10"; others stay. */
export function portText(port: string): string {
  return port.replace(/^ethernet-(\d+)\/(\d+)/, 'e$1-$2');
}

/** A link id ("A:e1-1 B:e1-2") as people say it: "A e1-1 ↔ B e1-2". */
export function linkText(id: string): string {
  return id
    .split(' ')
    .map(end => portText(end.replace(':', ' ')))
    .join(' ↔ ');
}

/**
 * Kubernetes nodes without the cluster's name in front, where something is left:
 * "datacenter-worker2" of cluster "datacenter" is "worker2".
 */
export function nodeShortText(name: string, clusters: readonly { readonly name: string }[]): string {
  const cluster = clusters.find(candidate => name.startsWith(`${candidate.name}-`));
  return cluster === undefined ? name : name.slice(cluster.name.length + 1);
}
