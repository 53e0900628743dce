import type { FieldReader } from './field-reader.ts';
import { addressFamily } from './update-fields.ts';

/** One capability (RFC 5492 section 4). Gives back its name. */
export function capabilityFields(input: FieldReader): string {
  const code = input.number('Capability Code', 1, value => `${value} ${NAMES[value] ?? 'unknown'}`);
  input.number('Capability Length', 1);
  const name = NAMES[code] ?? `code ${code}`;
  if (code === 1 && input.left === 4) return `${name}: ${addressFamily(input, true)}`;
  if (code === 65 && input.left === 4) return `${name}: ${input.number('AS Number', 4)}`;
  if (input.left > 0) input.octets('Capability Value', input.left);
  return name;
}

/** IANA Capability Codes. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'Multiprotocol Extensions',
  2: 'Route Refresh',
  5: 'Extended Next Hop Encoding',
  6: 'Extended Message',
  64: 'Graceful Restart',
  65: 'Four-octet AS',
  69: 'ADD-PATH',
  70: 'Enhanced Route Refresh',
  71: 'Long-Lived Graceful Restart',
  73: 'FQDN',
};
