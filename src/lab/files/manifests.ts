import { apiVersionOf, kindNamed, kinds } from '../../kube/kinds.ts';
import type { KubeObject, ObjectMeta } from '../../kube/objects.ts';
import type { FileError } from '../lab-error.ts';
import { checkLegacyMetallb } from './legacy-metallb.ts';
import { metadata, rbacMetadata, shapesByKind } from './manifest-shapes.ts';
import { metallbRelease } from './metallb-release.ts';
import { checkShape, shown } from './shapes.ts';
import { expectedOneOf } from './suggestion.ts';
import { readYaml, type YamlDocument } from './yaml-text.ts';

export type ManifestReading = {
  /** In file order. Objects with errors are left out. */
  readonly objects: readonly KubeObject[];
  /** Errors and warnings. */
  readonly diagnostics: readonly FileError[];
};

/** Reads a multi-document YAML (or JSON) manifest. An empty file gives no objects and a warning. */
export function readManifests(text: string, file: string): ManifestReading {
  const { documents, errors } = readYaml(text, file);
  const diagnostics = [...errors];
  const objects: KubeObject[] = [];
  const seen = new Set<string>();
  for (const document of documents.flatMap(itemsOf)) {
    if (document.value === null || document.value === undefined) continue;
    const object = readObject(document, text, file, diagnostics);
    if (object === undefined) continue;
    const id = `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (seen.has(id))
      diagnostics.push({
        code: 'duplicate-object',
        file,
        ...document.at(['metadata', 'name']),
        message: `${object.kind} ${object.metadata.name} stands in this file already: the last one wins`,
        severity: 'warning',
      });
    seen.add(id);
    objects.push(object);
  }
  if (objects.length === 0 && diagnostics.length === 0)
    diagnostics.push({
      code: 'empty-file',
      file,
      line: 1,
      column: 1,
      message: 'the manifest holds no object',
      expected: 'apiVersion, kind, metadata',
      severity: 'warning',
    });
  return { objects, diagnostics: diagnostics.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** The objects behind a manifest's address where the lab knows them (MetalLB's release manifests); undefined for any other address. */
export function knownRemoteManifest(address: string): readonly KubeObject[] | undefined {
  return metallbRelease(address);
}

/** A `kind: List` is its items. */
function itemsOf(document: YamlDocument): YamlDocument[] {
  const value = document.value;
  if (!isMap(value) || value.kind !== 'List' || !Array.isArray(value.items)) return [document];
  return value.items.map((item, index) => ({
    value: item,
    at: (path, part) => document.at(['items', index, ...path], part),
  }));
}

function readObject(
  document: YamlDocument,
  text: string,
  file: string,
  diagnostics: FileError[],
): KubeObject | undefined {
  const add = (code: string, path: readonly string[], message: string, expected: string): undefined => {
    diagnostics.push({ code, file, ...document.at(path), message, expected, severity: 'error' });
    return undefined;
  };
  const value = document.value;
  if (!isMap(value))
    return add('bad-value', [], 'this is no Kubernetes object', 'apiVersion, kind, metadata');
  if (typeof value.kind !== 'string') return add('missing-key', [], 'the key "kind" is missing', 'kind: …');
  if (typeof value.apiVersion !== 'string')
    return add('missing-key', [], 'the key "apiVersion" is missing', 'apiVersion: …');
  const known = kindNamed(value.kind);
  if (known === undefined)
    return add(
      'unknown-kind',
      ['kind'],
      `the lab does not know the kind "${shown(value.kind)}"`,
      expectedOneOf(
        value.kind,
        kinds.map(kind => kind.kind),
      ),
    );
  const versions = known.versions.map(version =>
    known.group === '' ? version : `${known.group}/${version}`,
  );
  if (!versions.includes(value.apiVersion))
    return add(
      'unknown-version',
      ['apiVersion'],
      `${value.kind} is not in "${shown(value.apiVersion)}"`,
      versions.length > 0 ? versions.join(' or ') : apiVersionOf(known),
    );
  if (value.metadata === undefined)
    return add('missing-key', [], 'the key "metadata" is missing', 'metadata: {name: …}');
  const before = diagnostics.length;
  const meta = checkShape(
    known.group === 'rbac.authorization.k8s.io' ? rbacMetadata : metadata,
    below(document, 'metadata', value.metadata),
    file,
    diagnostics,
  );
  const shape = shapesByKind.get(value.kind);
  if (shape !== undefined) checkShape(shape, document, file, diagnostics);
  if (meta === undefined || diagnostics.length > before) return undefined;
  const object: KubeObject = {
    ...value,
    apiVersion: value.apiVersion,
    kind: value.kind,
    metadata: cleaned(meta),
  };
  checkSelector(object, document, file, diagnostics);
  checkLegacyMetallb(object, document, text, file, diagnostics);
  checkAnnotations(object, document, file, diagnostics);
  return diagnostics.slice(before).some(error => error.severity === 'error') ? undefined : object;
}

function below(document: YamlDocument, key: string, value: unknown): YamlDocument {
  return { value, at: (path, part) => document.at([key, ...path], part) };
}

/** `null` where YAML left a key empty means that it is not there. */
function cleaned(meta: object): ObjectMeta {
  return Object.fromEntries(Object.entries(meta).filter(([, value]) => value !== null)) as ObjectMeta;
}

/** A workload whose selector does not select its own pods is refused by the API server. */
function checkSelector(
  object: KubeObject,
  document: YamlDocument,
  file: string,
  diagnostics: FileError[],
): void {
  if (!['Deployment', 'DaemonSet', 'ReplicaSet'].includes(object.kind)) return;
  const spec = object.spec as {
    selector: { matchLabels?: Record<string, string> | null };
    template: { metadata?: { labels?: Record<string, string> | null } };
  };
  const labels = spec.template.metadata?.labels ?? {};
  for (const [key, value] of Object.entries(spec.selector.matchLabels ?? {})) {
    if (labels[key] !== value)
      diagnostics.push({
        code: 'selector-mismatch',
        file,
        ...document.at(['spec', 'selector', 'matchLabels', key]),
        message: `the selector wants ${key}=${shown(value)}, which the pod template does not have`,
        expected: `template.metadata.labels: {${key}: ${shown(value)}}`,
        severity: 'error',
      });
  }
}

/** The original's trap: a field of the specification written as an annotation, where nothing reads it. */
function checkAnnotations(
  object: KubeObject,
  document: YamlDocument,
  file: string,
  diagnostics: FileError[],
): void {
  if (object.kind !== 'Service' || object.metadata.annotations?.externalTrafficPolicy === undefined) return;
  diagnostics.push({
    code: 'no-effect',
    file,
    ...document.at(['metadata', 'annotations', 'externalTrafficPolicy'], 'key'),
    message: 'externalTrafficPolicy is no annotation: nothing reads it here, and the policy stays Cluster',
    expected: 'spec: {externalTrafficPolicy: Local}',
    severity: 'warning',
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
