import type { ClusterNode, LabCluster, LabResource } from '../lab.ts';
import type { FileError } from '../lab-error.ts';
import { kindNodes, readKindConfig } from './kind-config.ts';
import type { LabFile, Located } from './lab-file.ts';
import { knownRemoteManifest, readManifests } from './manifests.ts';
import { folderOf, isAddress, joinPath } from './paths.ts';
import type { Sources } from './source.ts';
import type { Place } from './yaml-text.ts';

type ClusterEntry = LabFile['clusters'][number];

/** The clusters with their manifests, and their nodes without attachments yet. */
export function readClusters(
  labFile: Located<LabFile>,
  file: string,
  sources: Sources,
): { readonly clusters: LabCluster[]; readonly nodes: ClusterNode[] } {
  const clusters: LabCluster[] = [];
  const nodes: ClusterNode[] = [];
  const seen = new Set<string>();
  labFile.value.clusters.forEach((entry, index) => {
    if (seen.has(entry.name))
      sources.errors.push({
        code: 'duplicate-cluster',
        file,
        ...labFile.document.at(['clusters', index, 'name']),
        message: `there is a cluster "${entry.name}" already`,
        expected: 'a name of its own',
        severity: 'error',
      });
    seen.add(entry.name);
    const read = readCluster(entry, index, labFile, file, sources);
    clusters.push(read.cluster);
    nodes.push(...read.nodes);
  });
  return { clusters, nodes };
}

function readCluster(
  entry: ClusterEntry,
  index: number,
  { document }: Located<LabFile>,
  file: string,
  sources: Sources,
): { readonly cluster: LabCluster; readonly nodes: ClusterNode[] } {
  const folder = folderOf(file);
  const configFile = joinPath(folder, entry.config);
  const text = sources.read(configFile, file, document.at(['clusters', index, 'config']));
  const config = text === undefined ? undefined : readKindConfig(text, configFile, sources.errors)?.value;
  const resources = entry.resources.map((resource, position): LabResource => {
    const at = document.at(['clusters', index, 'resources', position, 'app']);
    return {
      file: isAddress(resource.app) ? resource.app : joinPath(folder, resource.app),
      stage: resource.stage ?? 'resources',
      objects: readResource(resource.app, folder, file, at, sources),
    };
  });
  return {
    cluster: {
      name: entry.name,
      kubeconfig: entry.kubeconfig,
      configFile,
      image: entry.image,
      nodes: entry.nodes ?? 'kind',
      imagesToLoad: entry.imagesToLoad.map(({ image }) => image),
      resources,
      podSubnet: config?.networking?.podSubnet ?? '10.244.0.0/16',
      serviceSubnet: config?.networking?.serviceSubnet ?? '10.96.0.0/16',
    },
    nodes: (config === undefined ? [] : kindNodes(config, entry.name)).map(({ name, role, labels }) => ({
      kind: 'cluster-node',
      name,
      cluster: entry.name,
      role,
      labels,
      attachments: [],
    })),
  };
}

function readResource(
  app: string,
  folder: string,
  namedIn: string,
  at: Place,
  sources: Sources,
): LabResource['objects'] {
  if (isAddress(app)) {
    const known = knownRemoteManifest(app);
    if (known === undefined) sources.warnings.push(unknownAddress(app, namedIn, at));
    return known ?? [];
  }
  const path = joinPath(folder, app);
  const text = sources.read(path, namedIn, at);
  if (text === undefined) return [];
  const { objects, diagnostics } = readManifests(text, path);
  sources.add(diagnostics);
  return objects;
}

function unknownAddress(address: string, file: string, at: Place): FileError {
  return {
    code: 'not-modelled',
    file,
    ...at,
    message: `only the real lab fetches ${address}: what it holds is not known here`,
    expected: "a file of the lab, or the address of one of MetalLB's release manifests",
    severity: 'warning',
  };
}
