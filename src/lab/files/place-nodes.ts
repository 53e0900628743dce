import type { ClusterNode, LabNode, PlainNode } from '../lab.ts';
import type { LabFile, Located } from './lab-file.ts';
import type { Fabric } from './read-fabric.ts';
import type { Sources } from './source.ts';
import { expectedOneOf } from './suggestion.ts';

/** Finds the containers of the topology that stand for the nodes of clusters with `nodes: containers`. */
export function placeNodes(
  { value, document }: Located<LabFile>,
  file: string,
  fabric: Fabric,
  nodes: readonly ClusterNode[],
  sources: Sources,
): { readonly clusterNodes: ClusterNode[]; readonly others: readonly LabNode[] } {
  const plain = new Map(
    fabric.nodes
      .filter((node): node is PlainNode => node.kind === 'container')
      .map(node => [node.name, node]),
  );
  const taken = new Set<string>();
  const clusterNodes = nodes.map(node => {
    const index = value.clusters.findIndex(({ name }) => name === node.cluster);
    if (value.clusters[index]?.nodes !== 'containers') return node;
    const found = plain.get(node.name);
    if (found === undefined) {
      sources.errors.push({
        code: 'unknown-node',
        file,
        ...document.at(['clusters', index, 'nodes']),
        message: `the topology has no linux node "${node.name}" for the cluster ${node.cluster}`,
        expected: expectedOneOf(node.name, [...plain.keys()]),
        severity: 'error',
      });
      return node;
    }
    taken.add(node.name);
    const { containerName, image, managementAddress } = found;
    const address = managementAddress === undefined ? {} : { managementAddress };
    return { ...node, container: { name: containerName, image, ...address } };
  });
  return { clusterNodes, others: fabric.nodes.filter(({ name }) => !taken.has(name)) };
}
