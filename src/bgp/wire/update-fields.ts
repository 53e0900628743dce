import { fromNumber } from '../../net/address.ts';
import * as code from './attribute-codes.ts';
import { attributeValueFields } from './attribute-fields.ts';
import { evpnFields } from './evpn-fields.ts';
import type { FieldReader } from './field-reader.ts';

/** The body of an UPDATE (RFC 4271 section 4.3). */
export function updateFields(input: FieldReader, session: { readonly fourOctetAs: boolean }): void {
  const withdrawn = input.number('Withdrawn Routes Length', 2);
  if (withdrawn > 0) input.group('Withdrawn Routes', withdrawn, prefixFields);
  const attributes = input.number('Total Path Attribute Length', 2);
  if (attributes > 0) {
    input.group('Path Attributes', attributes, field => {
      field.each('Path Attribute', sizeOfAttribute, attribute => attributeFields(attribute, session));
      return `${field.fields.length}`;
    });
  }
  if (input.left > 0) input.group('Network Layer Reachability Information', input.left, prefixFields);
}

function sizeOfAttribute(peek: (offset: number) => number): number {
  return (peek(0) & code.EXTENDED_LENGTH) === 0 ? 3 + peek(2) : 4 + peek(2) * 256 + peek(3);
}

function attributeFields(input: FieldReader, session: { readonly fourOctetAs: boolean }): string {
  const flags = input.number('Attribute Flags', 1, flagsText);
  const type = input.number('Attribute Type Code', 1, value => `${value} ${attributeName(value)}`);
  input.number('Attribute Length', (flags & code.EXTENDED_LENGTH) === 0 ? 1 : 2);
  const text =
    type === code.MP_REACH_NLRI
      ? reachFields(input)
      : type === code.MP_UNREACH_NLRI
        ? unreachFields(input)
        : attributeValueFields(input, type, session);
  return `${attributeName(type)}${text === '' ? '' : `: ${text}`}`;
}

function flagsText(flags: number): string {
  const words = [
    (flags & code.OPTIONAL) === 0 ? 'well-known' : 'optional',
    (flags & code.TRANSITIVE) === 0 ? 'non-transitive' : 'transitive',
    ...((flags & code.PARTIAL) === 0 ? [] : ['partial']),
    ...((flags & code.EXTENDED_LENGTH) === 0 ? [] : ['extended length']),
  ];
  return `0x${flags.toString(16).padStart(2, '0')} ${words.join(', ')}`;
}

/** RFC 4760 section 3. */
function reachFields(input: FieldReader): string {
  const family = addressFamily(input);
  const length = input.number('Length of Next Hop Network Address', 1);
  if (length === 4) input.address('Network Address of Next Hop');
  else input.octets('Network Address of Next Hop', length);
  input.number('Reserved', 1);
  return routes(input, family);
}

/** RFC 4760 section 4. */
function unreachFields(input: FieldReader): string {
  const family = addressFamily(input);
  return input.left === 0 ? `End-of-RIB of ${family}` : routes(input, family);
}

function routes(input: FieldReader, family: string): string {
  const before = input.fields.length;
  if (family === 'L2VPN EVPN') {
    input.each(
      'EVPN NLRI',
      peek => 2 + peek(1),
      route => evpnFields(route),
    );
  } else if (family === 'IPv4 unicast') prefixFields(input);
  else if (input.left > 0) input.octets('NLRI', input.left);
  const said = input.fields.slice(before).map(({ value }) => value);
  return said.join(', ');
}

/** AFI and SAFI; a reserved octet between them in an OPEN and a ROUTE-REFRESH (RFC 4760 section 8, RFC 2918). */
export function addressFamily(input: FieldReader, reserved = false): string {
  const afi = input.number('Address Family Identifier', 2, value => `${value} ${AFIS[value] ?? ''}`.trim());
  if (reserved) input.number('Reserved', 1);
  const safi = input.number('Subsequent Address Family Identifier', 1, value =>
    `${value} ${SAFIS[value] ?? ''}`.trim(),
  );
  return `${AFIS[afi] ?? `AFI ${afi}`} ${SAFIS[safi] ?? `SAFI ${safi}`}`;
}

const AFIS: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6', 25: 'L2VPN' };
const SAFIS: Readonly<Record<number, string>> = { 1: 'unicast', 2: 'multicast', 70: 'EVPN', 128: 'VPN' };

/** Length and prefix, one route after the other. Gives back all of them. */
function prefixFields(input: FieldReader): string {
  const all: string[] = [];
  input.each(
    'Prefix',
    peek => 1 + Math.ceil(peek(0) / 8),
    route => {
      const length = route.number('Length', 1);
      route.octets('Prefix', route.left, octets => {
        const [a = 0, b = 0, c = 0, d = 0] = octets;
        return fromNumber(((a * 256 + b) * 256 + c) * 256 + d);
      });
      const address = length === 0 ? '0.0.0.0' : (route.fields[1]?.value ?? '?');
      all.push(`${address}/${length}`);
      return `${address}/${length}`;
    },
  );
  return all.join(', ');
}

function attributeName(type: number): string {
  return ATTRIBUTES[type] ?? `attribute ${type}`;
}

/** IANA BGP Path Attributes. */
const ATTRIBUTES: Readonly<Record<number, string>> = {
  [code.ORIGIN]: 'ORIGIN',
  [code.AS_PATH]: 'AS_PATH',
  [code.NEXT_HOP]: 'NEXT_HOP',
  [code.MULTI_EXIT_DISC]: 'MULTI_EXIT_DISC',
  [code.LOCAL_PREF]: 'LOCAL_PREF',
  [code.ATOMIC_AGGREGATE]: 'ATOMIC_AGGREGATE',
  [code.AGGREGATOR]: 'AGGREGATOR',
  [code.COMMUNITIES]: 'COMMUNITIES',
  [code.ORIGINATOR_ID]: 'ORIGINATOR_ID',
  [code.CLUSTER_LIST]: 'CLUSTER_LIST',
  [code.MP_REACH_NLRI]: 'MP_REACH_NLRI',
  [code.MP_UNREACH_NLRI]: 'MP_UNREACH_NLRI',
  [code.EXTENDED_COMMUNITIES]: 'EXTENDED COMMUNITIES',
  [code.AS4_PATH]: 'AS4_PATH',
  [code.AS4_AGGREGATOR]: 'AS4_AGGREGATOR',
  [code.PMSI_TUNNEL]: 'PMSI_TUNNEL',
};
