import { notificationText } from '../notification.ts';
import { capabilityFields } from './capability-fields.ts';
import { decodeMessage } from './decode.ts';
import { HEADER_SIZE } from './encode.ts';
import { FieldReader, type MessageField } from './field-reader.ts';
import { addressFamily, updateFields } from './update-fields.ts';

export type { MessageField } from './field-reader.ts';

/** A message as it stands on the wire, field by field in the RFCs' names. Never throws, whatever the octets. */
export function messageFields(
  octets: Uint8Array,
  session: { readonly fourOctetAs: boolean },
): MessageField[] {
  const input = new FieldReader(octets);
  input.octets('Marker', 16, marker => (marker.every(octet => octet === 255) ? 'all ones' : 'not all ones'));
  input.number('Length', 2);
  const type = input.number('Type', 1, value => `${value} ${TYPES[value] ?? 'unknown'}`);
  switch (type) {
    case 1:
      openFields(input);
      break;
    case 2:
      updateFields(input, session);
      break;
    case 3:
      notificationFields(input, octets);
      break;
    case 5:
      addressFamily(input, true);
  }
  if (input.left > 0) input.octets('Data', input.left);
  return input.fields;
}

const TYPES: Readonly<Record<number, string>> = {
  1: 'OPEN',
  2: 'UPDATE',
  3: 'NOTIFICATION',
  4: 'KEEPALIVE',
  5: 'ROUTE-REFRESH',
};

/** RFC 4271 section 4.2, RFC 5492. */
function openFields(input: FieldReader): void {
  input.number('Version', 1);
  input.number('My Autonomous System', 2, value => (value === 23456 ? '23456 (AS_TRANS)' : `${value}`));
  input.number('Hold Time', 2, value => `${value} s`);
  input.address('BGP Identifier');
  const length = input.number('Optional Parameters Length', 1);
  input.group('Optional Parameters', Math.min(length, input.left), parameters => {
    parameters.each(
      'Parameter',
      peek => 2 + peek(1),
      parameter => {
        const type = parameter.number('Parameter Type', 1, value =>
          value === 2 ? '2 Capability' : `${value}`,
        );
        parameter.number('Parameter Length', 1);
        if (type !== 2) {
          parameter.octets('Parameter Value', parameter.left);
          return `type ${type}`;
        }
        const names: string[] = [];
        parameter.each(
          'Capability',
          peek => 2 + peek(1),
          capability => {
            const name = capabilityFields(capability);
            names.push(name);
            return name;
          },
        );
        return names.join(', ');
      },
    );
    return `${parameters.fields.length}`;
  });
}

/** RFC 4271 section 4.5. */
function notificationFields(input: FieldReader, octets: Uint8Array): void {
  const decoded = decodeMessage(octets, { fourOctetAs: true, internal: false });
  const message = decoded.outcome === 'messages' ? decoded.messages[0] : undefined;
  const text = message?.type === 'notification' ? notificationText(message) : '';
  const [name = '', subname = ''] = text.split(' / ');
  input.number('Error Code', 1, value => `${value} ${name.split(':')[0]}`);
  input.number('Error Subcode', 1, value => `${value} ${subname.split(':')[0]}`.trim());
  if (octets.length <= HEADER_SIZE + 2) return;
  input.octets('Data', input.left, message?.type === 'notification' ? () => message.data ?? '' : undefined);
}
