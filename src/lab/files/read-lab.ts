import type { Lab } from '../lab.ts';
import type { FileError } from '../lab-error.ts';
import { checkFabric } from './check-fabric.ts';
import { readLabFile } from './lab-file.ts';
import { readManifests } from './manifests.ts';
import { folderOf, isAddress, joinPath } from './paths.ts';
import { placeNodes } from './place-nodes.ts';
import { readClusters } from './read-clusters.ts';
import { readFabric } from './read-fabric.ts';
import { readJoins } from './read-joins.ts';
import { type ReadSource, Sources } from './source.ts';
import { stagePlans } from './stage-plans.ts';

export { largestFile } from './file-limits.ts';
export type { FileProblem, ReadSource } from './source.ts';

export type LabReading =
  | { readonly outcome: 'read'; readonly lab: Lab; readonly warnings: readonly FileError[] }
  | {
      readonly outcome: 'refused';
      /** At least one; sorted by file, then position. */
      readonly errors: readonly FileError[];
      readonly warnings: readonly FileError[];
      /** What was read, for excerpts. */
      readonly files: ReadonlyMap<string, string>;
    };

/** Reads srklab.yml at `path` and everything it names into one Lab. Collects the mistakes of all files in one go. */
export function readLab(path: string, source: ReadSource): LabReading {
  const sources = new Sources(source);
  const lab = read(path, sources);
  const warnings = [...sources.warnings].sort(byPlace);
  if (lab !== undefined && sources.errors.length === 0) return { outcome: 'read', lab, warnings };
  return { outcome: 'refused', errors: [...sources.errors].sort(byPlace), warnings, files: sources.texts };
}

function read(path: string, sources: Sources): Lab | undefined {
  const text = sources.read(path, path, { line: 1, column: 1 });
  if (text === undefined) return undefined;
  const labFile = readLabFile(text, path, sources.errors);
  if (labFile === undefined) return undefined;
  const folder = folderOf(path);
  const { value, document } = labFile;
  const topologyFile = joinPath(folder, value.clabTopology);
  const network = { name: value.network, prefix: value.prefix };
  const fabric = readFabric(topologyFile, path, document.at(['clabTopology']), network, sources);
  const { clusters, nodes } = readClusters(labFile, path, sources);
  value.manifests.forEach((manifest, index) => {
    const file = joinPath(folder, manifest);
    const manifestText = sources.read(file, path, document.at(['manifests', index]));
    if (manifestText !== undefined && !isAddress(file))
      sources.add(readManifests(manifestText, file).diagnostics);
  });
  if (fabric === undefined) return undefined;
  const placed = placeNodes(labFile, path, fabric, nodes, sources);
  const joins = readJoins(labFile, path, fabric, placed.clusterNodes, sources);
  checkFabric(fabric, sources);
  return {
    name: fabric.name,
    containerPrefix: fabric.containerPrefix,
    network,
    topologyFile,
    nodes: [...placed.others, ...joins.clusterNodes],
    links: [...fabric.links, ...joins.links],
    clusters,
    stages: stagePlans({ network, topologyFile, clusters, joins: joins.plans }),
    files: sources.texts,
  };
}

function byPlace(a: FileError, b: FileError): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column;
}
