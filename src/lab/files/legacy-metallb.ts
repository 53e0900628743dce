import * as v from 'valibot';
import type { KubeObject } from '../../kube/objects.ts';
import type { FileError } from '../lab-error.ts';
import * as shape from './shapes.ts';
import { type Place, readYaml, type YamlDocument } from './yaml-text.ts';

const { record, optionalList, anything } = shape;

const asn = v.pipe(
  v.number(issue => `${issue.received} is no AS number\na number from 1 to 4294967295`),
  v.integer('this is no AS number\na number from 1 to 4294967295'),
);

const selector = record({
  'match-labels': v.optional(anything),
  'match-expressions': optionalList(
    record({ key: shape.labelText, operator: shape.labelText, values: optionalList(shape.labelText) }),
  ),
});

const legacyConfig = record({
  peers: optionalList(
    record({
      'peer-address': shape.ipv4,
      'peer-asn': asn,
      'my-asn': asn,
      'peer-port': v.optional(anything),
      'hold-time': v.optional(shape.labelText),
      'keepalive-time': v.optional(shape.labelText),
      'router-id': v.optional(shape.ipv4),
      'source-address': v.optional(shape.ipv4),
      'node-selectors': optionalList(selector),
      'ebgp-multihop': v.optional(anything),
      password: v.optional(anything),
      'bfd-profile': v.optional(shape.labelText),
    }),
  ),
  'address-pools': optionalList(
    record({
      name: shape.labelText,
      protocol: v.optional(shape.labelText),
      addresses: shape.listOf(shape.labelText),
      'auto-assign': v.optional(anything),
      'avoid-buggy-ips': v.optional(anything),
      'bgp-advertisements': v.optional(anything),
    }),
  ),
  'bgp-communities': v.optional(anything),
  'bfd-profiles': v.optional(anything),
});

/** MetalLB before 0.13 was configured by a ConfigMap named `config`: its text is checked too, and reported at the right line of the manifest. */
export function checkLegacyMetallb(
  object: KubeObject,
  document: YamlDocument,
  manifest: string,
  file: string,
  diagnostics: FileError[],
): void {
  if (
    object.kind !== 'ConfigMap' ||
    object.metadata.name !== 'config' ||
    object.metadata.namespace !== 'metallb-system'
  )
    return;
  const text = (object.data as Readonly<Record<string, string>> | undefined)?.config;
  if (text === undefined) return;
  const start = document.at(['data', 'config']);
  // A block scalar's text begins on the line below its sign, without its indentation.
  const indentation = /^ */.exec(manifest.split('\n')[start.line] ?? '')?.[0].length ?? 0;
  const place = (at: Place): Place => ({ line: start.line + at.line, column: indentation + at.column });
  const { documents, errors } = readYaml(text, file);
  for (const error of errors) diagnostics.push({ ...error, ...place(error) });
  const inner = documents[0];
  if (inner !== undefined)
    shape.checkShape(
      legacyConfig,
      { value: inner.value, at: (path, part) => place(inner.at(path, part)) },
      file,
      diagnostics,
    );
}
