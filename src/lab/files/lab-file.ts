import * as v from 'valibot';
import type { FileError } from '../lab-error.ts';
import * as shape from './shapes.ts';
import { readYaml, type YamlDocument } from './yaml-text.ts';

const { record, optionalList } = shape;

const cluster = record({
  name: shape.name,
  kubeconfig: shape.path,
  config: shape.path,
  image: shape.image,
  nodes: v.optional(
    v.picklist(
      ['kind', 'containers'],
      issue =>
        `nodes of the sort "${shape.shown(String(issue.input))}" are not known\nkind, or containers for linux nodes of the topology`,
    ),
  ),
  imagesToLoad: optionalList(record({ image: shape.image })),
  resources: optionalList(record({ app: shape.pathOrAddress, stage: v.optional(shape.name) })),
});

const link = record({
  k8sNode: shape.endpoint,
  clabNode: shape.endpoint,
  k8sIpv4: shape.addressWithLength,
  k8sIpv4Gw: v.optional(shape.ipv4),
  routes: v.optional(shape.listOf(shape.prefix)),
  ipvlanMaster: optionalList(record({ vlan: shape.vlan })),
});

const labFile = record({
  network: shape.name,
  prefix: shape.loosePrefix,
  clabTopology: shape.path,
  clusters: optionalList(cluster),
  links: optionalList(link),
  manifests: optionalList(shape.path),
});

/** srklab.yml: the original project's keys, and four of ours (`nodes`, `stage`, `routes`, `manifests`). */
export type LabFile = v.InferOutput<typeof labFile>;

export type Located<Value> = { readonly value: Value; readonly document: YamlDocument };

export function readLabFile(text: string, file: string, errors: FileError[]): Located<LabFile> | undefined {
  return readOne(labFile, text, file, errors, 'a lab file: network, prefix, clabTopology, clusters, links');
}

/** Reads a file that holds exactly one document of a shape. */
export function readOne<const Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  file: string,
  errors: FileError[],
  what: string,
): Located<v.InferOutput<Schema>> | undefined {
  const reading = readYaml(text, file);
  errors.push(...reading.errors);
  const [document, second] = reading.documents.filter(one => one.value !== null);
  if (document === undefined || second !== undefined) {
    if (reading.errors.length === 0)
      errors.push({
        code: document === undefined ? 'empty-file' : 'too-many-documents',
        file,
        ...(second?.at([]) ?? { line: 1, column: 1 }),
        message: document === undefined ? 'the file is empty' : 'the file holds more than one document',
        expected: what,
        severity: 'error',
      });
    return undefined;
  }
  const value = shape.checkShape(schema, document, file, errors);
  return value === undefined ? undefined : { value, document };
}
