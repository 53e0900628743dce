import * as v from 'valibot';
import { isIpv4 } from '../../net/address.ts';
import { isAddressWithLength, isPrefix, networkOf } from '../../net/prefix.ts';
import type { FileError } from '../lab-error.ts';
import { expectedOneOf } from './suggestion.ts';
import type { PathPart, YamlDocument } from './yaml-text.ts';

/** A message for a person: what is wrong, and what was expected. Kept in one string, since that is what valibot carries. */
function says(message: string, expected: string): string {
  return `${message}\n${expected}`;
}

/** A map with these keys and no others. */
export function record<const Entries extends v.ObjectEntries>(entries: Entries) {
  const known = Object.keys(entries);
  return v.strictObject(entries, issue => {
    const key = String(issue.path?.at(-1)?.key ?? '');
    if (issue.expected === 'never') return says(`unknown key "${key}"`, expectedOneOf(key, known));
    if (issue.received === 'undefined' && issue.expected !== 'Object')
      return says(`the key "${key}" is missing`, `${key}: …`);
    return says('this should be a map of keys and values', `keys: ${known.join(', ')}`);
  });
}

export function listOf<const Item extends v.GenericSchema>(item: Item) {
  return v.array(item, says('this should be a list', '- …'));
}

/** A list that may be missing or empty (`null`): both give an empty one. */
export function optionalList<const Item extends v.GenericSchema>(item: Item) {
  return v.nullish(listOf(item), () => []);
}

/** A text that fits the pattern. */
function text(pattern: RegExp, message: (value: string) => string, expected: string) {
  return v.pipe(
    v.string(issue => says(`${issue.received} is no text`, expected)),
    v.check(
      value => pattern.test(value),
      issue => says(message(String(issue.input)), expected),
    ),
  );
}

/** Names that end up in command lines: nothing that a shell would read. */
export const name = text(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
  value => `"${shown(value)}" is no name`,
  'letters, digits and . _ -, beginning with a letter or digit',
);

export const labelText = v.string(issue => says(`${issue.received} is no text`, 'a text'));

/** A path of a file. */
export const path = text(
  /^(?!-)[A-Za-z0-9._/@+-]{1,255}$/,
  value => `"${shown(value)}" is no path`,
  'letters, digits and . _ - + @ /, not beginning with - (no blanks, nothing that a shell would read)',
);

/** A path, or the address of a manifest. */
export const pathOrAddress = text(
  /^(https:\/\/[A-Za-z0-9.-]+\/[A-Za-z0-9._/@+~-]{1,400}|(?!-)[A-Za-z0-9._/@+-]{1,255})$/,
  value => `"${shown(value)}" is neither a path nor an https address`,
  'a path like ./app/hello.yaml, or https://…/manifest.yaml',
);

export const image = text(
  /^[A-Za-z0-9][A-Za-z0-9._-]*(:\d{1,5})?(\/[A-Za-z0-9._-]+)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
  value => `"${shown(value)}" is no image name`,
  'like ghcr.io/nokia/srlinux:25.3.3',
);

/** "node:interface". */
export const endpoint = text(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,100}:[A-Za-z0-9][A-Za-z0-9_./-]{0,30}$/,
  value => `"${shown(value)}" is no endpoint`,
  '"node:interface"',
);

export const ipv4 = v.pipe(
  v.string(issue => says(`${issue.received} is no IPv4 address`, 'like 172.18.100.121')),
  v.check(isIpv4, issue => says(`"${shown(issue.input)}" is no IPv4 address`, 'like 172.18.100.121')),
);

export const addressWithLength = v.pipe(
  v.string(issue => says(`${issue.received} is no address with prefix length`, 'like 192.168.101.101/24')),
  v.check(isAddressWithLength, issue =>
    says(`"${shown(issue.input)}" is no address with prefix length`, 'like 192.168.101.101/24'),
  ),
);

export const prefix = v.pipe(
  v.string(issue => says(`${issue.received} is no IPv4 prefix`, 'like 172.18.0.0/16')),
  v.check(isPrefix, issue =>
    says(
      `"${shown(issue.input)}" is no IPv4 prefix`,
      isAddressWithLength(issue.input) ? `${networkOf(issue.input)} (host bits zero)` : 'like 172.18.0.0/16',
    ),
  ),
);

/** A prefix that may have host bits set, as Docker and containerlab take it; given back without them. */
export const loosePrefix = v.pipe(
  v.string(issue => says(`${issue.received} is no IPv4 prefix`, 'like 172.18.0.0/16')),
  v.check(isAddressWithLength, issue =>
    says(`"${shown(issue.input)}" is no IPv4 prefix`, 'like 172.18.0.0/16'),
  ),
  v.transform(networkOf),
);

/** A VLAN, as number or as text. */
export const vlan = v.pipe(
  v.union([v.string(), v.number()], issue => says(`${issue.received} is no VLAN`, 'a number from 1 to 4094')),
  v.check(
    value => /^\d{1,4}$/.test(String(value)) && Number(value) >= 1 && Number(value) <= 4094,
    issue => says(`VLAN ${shown(String(issue.input))} is out of range`, 'a number from 1 to 4094'),
  ),
  v.transform(Number),
);

export const anything = v.unknown();

/** Checks a document against a shape. Undefined with errors when it does not fit. */
export function checkShape<const Schema extends v.GenericSchema>(
  schema: Schema,
  document: YamlDocument,
  file: string,
  errors: FileError[],
): v.InferOutput<Schema> | undefined {
  const result = v.safeParse(schema, document.value);
  if (result.success) return result.output;
  for (const issue of result.issues) errors.push(fileError(issue, document, file));
  return undefined;
}

function fileError(issue: v.BaseIssue<unknown>, document: YamlDocument, file: string): FileError {
  const keys = (issue.path ?? []).map(item => item.key as PathPart);
  const [message = '', expected] = issue.message.split('\n');
  const unknown = message.startsWith('unknown key');
  const missing = message.endsWith('is missing');
  const place = document.at(missing ? keys.slice(0, -1) : keys, unknown ? 'key' : 'value');
  return {
    code: unknown ? 'unknown-key' : missing ? 'missing-key' : 'bad-value',
    file,
    ...place,
    message,
    ...(expected === undefined ? {} : { expected }),
    severity: 'error',
  };
}

/** Short enough for a message, without control characters. */
export function shown(value: string): string {
  const clean = value.replace(/[\x00-\x1f\x7f]/g, '·');
  return clean.length > 60 ? `${clean.slice(0, 57)}…` : clean;
}
