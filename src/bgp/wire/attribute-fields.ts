import { fromNumber } from '../../net/address.ts';
import { extendedCommunityText } from '../extended-community.ts';
import * as code from './attribute-codes.ts';
import { ByteReader } from './bytes.ts';
import { readExtendedCommunity } from './extended-community.ts';
import type { FieldReader } from './field-reader.ts';

/** The value of an attribute that is no MP one. Gives back what it says in short. */
export function attributeValueFields(
  input: FieldReader,
  type: number,
  session: { readonly fourOctetAs: boolean },
): string {
  switch (type) {
    case code.ORIGIN:
      input.number('ORIGIN', 1, value => `${value} ${['IGP', 'EGP', 'INCOMPLETE'][value] ?? ''}`.trim());
      break;
    case code.AS_PATH:
      return pathFields(input, session.fourOctetAs ? 4 : 2);
    case code.AS4_PATH:
      return pathFields(input, 4);
    case code.NEXT_HOP:
    case code.ORIGINATOR_ID:
      input.address(type === code.NEXT_HOP ? 'NEXT_HOP' : 'ORIGINATOR_ID');
      break;
    case code.MULTI_EXIT_DISC:
    case code.LOCAL_PREF:
      input.number(type === code.LOCAL_PREF ? 'LOCAL_PREF' : 'MULTI_EXIT_DISC', 4);
      break;
    case code.COMMUNITIES:
      while (input.left > 0)
        input.number('Community', 4, value => `${Math.floor(value / 65536)}:${value % 65536}`);
      break;
    case code.CLUSTER_LIST:
      while (input.left > 0) input.number('Cluster', 4, fromNumber);
      break;
    case code.EXTENDED_COMMUNITIES:
      while (input.left > 0)
        input.octets('Extended Community', 8, octets =>
          extendedCommunityText(readExtendedCommunity(new ByteReader(octets))),
        );
      break;
    case code.PMSI_TUNNEL:
      // RFC 6514 section 5; the label field holds the VNI (RFC 8365 section 5.1.3).
      input.number('Flags', 1);
      input.number('Tunnel Type', 1, value => (value === 6 ? '6 Ingress Replication' : `${value}`));
      input.number('VNI', 3);
      if (input.left === 4) input.address('Tunnel Identifier');
      break;
  }
  if (input.left > 0) input.octets('Attribute Value', input.left);
  return input.fields
    .slice(3)
    .map(({ value }) => value)
    .join(', ');
}

/** RFC 4271 section 4.3 (b), RFC 6793. */
function pathFields(input: FieldReader, size: number): string {
  if (input.left === 0) return 'empty';
  input.each(
    'Path Segment',
    peek => 2 + peek(1) * size,
    segment => {
      segment.number('Path Segment Type', 1, value => `${value} ${SEGMENTS[value] ?? ''}`.trim());
      const count = segment.number('Path Segment Length', 1);
      const path: number[] = [];
      for (let at = 0; at < count && segment.left > 0; at++) path.push(segment.number('AS', size));
      return path.join(' ');
    },
  );
  return input.fields
    .slice(3)
    .map(({ value }) => value)
    .join(' ');
}

const SEGMENTS: Readonly<Record<number, string>> = { 1: 'AS_SET', 2: 'AS_SEQUENCE' };
