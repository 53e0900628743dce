import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipPrefixRoute } from '../evpn.ts';
import type { Message } from '../message.ts';
import { originAttributes } from '../route.ts';
import { encodeMessage } from './encode.ts';
import { type MessageField, messageFields } from './message-fields.ts';

const session = { fourOctetAs: true, internal: false };

describe('a message field by field', () => {
  it('names the fields of an UPDATE as RFC 4271 does, with the octets where they stand', () => {
    const lines = described({
      type: 'update',
      family: 'ipv4-unicast',
      withdrawn: ['10.9.0.0/16'],
      announced: [],
    });
    expect(lines).toEqual([
      '0-16 Marker: all ones',
      '16-18 Length: 26',
      '18-19 Type: 2 UPDATE',
      '19-21 Withdrawn Routes Length: 3',
      '21-24 Withdrawn Routes: 10.9.0.0/16',
      '  21-24 Prefix: 10.9.0.0/16',
      '    21-22 Length: 16',
      '    22-24 Prefix: 10.9.0.0',
      '24-26 Total Path Attribute Length: 0',
    ]);
  });

  it('tells an EVPN route of type 5 with its VNI and route distinguisher', () => {
    const route = ipPrefixRoute({
      routeDistinguisher: '1.1.1.1:4',
      ethernetTag: 0,
      prefix: '10.254.254.240/32',
      gateway: '0.0.0.0',
      vni: 4,
    });
    const lines = described({
      type: 'update',
      family: 'evpn',
      withdrawn: [],
      announced: [route],
      nextHop: '1.1.1.1',
      attributes: originAttributes,
    });
    expect(lines).toContain('      37-45 Route Distinguisher: 1.1.1.1:4');
    expect(lines).toContain('      60-64 IP Prefix: 10.254.254.240');
    expect(lines).toContain('      68-71 VNI: 4');
  });

  it('says of a NOTIFICATION what its codes mean and what it says to people', () => {
    const lines = described({
      type: 'notification',
      errorCode: 6,
      errorSubcode: 2,
      data: 'maintenance',
    });
    expect(lines.slice(3)).toEqual([
      '19-20 Error Code: 6 Cease',
      '20-21 Error Subcode: 2 Administrative Shutdown',
      '21-33 Data: maintenance',
    ]);
  });

  it('covers every octet once, whatever the octets', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3, 4, 5, 77),
        fc.uint8Array({ minLength: 0, maxLength: 120 }),
        (type, body) => {
          const octets = Uint8Array.of(
            ...new Array<number>(16).fill(255),
            0,
            19 + body.length,
            type,
            ...body,
          );
          const fields = messageFields(octets, session);
          expect(covered(fields)).toEqual([0, octets.length]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function described(message: Message): string[] {
  const [octets] = encodeMessage(message, session);
  return lines(messageFields(octets ?? new Uint8Array(0), session), '');
}

function lines(fields: readonly MessageField[], indent: string): string[] {
  return fields.flatMap(({ name, value, from, to, fields: inside = [] }) => [
    `${indent}${from}-${to} ${name}: ${value}`,
    ...lines(inside, `${indent}  `),
  ]);
}

/** First and last octet of fields that stand side by side without gaps; the fields inside too. */
function covered(fields: readonly MessageField[]): [number, number] {
  let at = fields[0]?.from ?? 0;
  const first = at;
  for (const field of fields) {
    expect(field.from, field.name).toBe(at);
    at = field.to;
    if (field.fields !== undefined && field.fields.length > 0)
      expect(covered(field.fields), field.name).toEqual([field.from, field.to]);
  }
  return [first, at];
}
