import { ByteReader } from './bytes.ts';
import { macText } from './evpn-nlri.ts';
import type { FieldReader } from './field-reader.ts';
import { readRouteDistinguisher } from './route-distinguisher.ts';

/** One EVPN route (RFC 7432 section 7, RFC 9136 section 3.1). Gives back what it says in short. */
export function evpnFields(input: FieldReader): string {
  const type = input.number('Route Type', 1, value => `${value} ${NAMES[value] ?? 'unknown'}`);
  input.number('Length', 1);
  if (NAMES[type] === undefined) {
    input.octets('Value', input.left);
    return `type ${type}`;
  }
  input.octets('Route Distinguisher', 8, octets => readRouteDistinguisher(new ByteReader(octets)));
  switch (type) {
    case 2:
      macIpFields(input);
      break;
    case 3:
      input.number('Ethernet Tag ID', 4);
      ipFields(input, "Originating Router's IP Address");
      break;
    case 5:
      input.octets('Ethernet Segment Identifier', 10);
      input.number('Ethernet Tag ID', 4);
      input.number('IP Prefix Length', 1);
      input.address('IP Prefix');
      input.address('GW IP Address');
      input.number('VNI', 3);
  }
  const said = (name: string) => input.fields.find(field => field.name === name)?.value;
  const what =
    type === 2
      ? [said('MAC Address'), said('IP Address')]
      : type === 3
        ? [said("Originating Router's IP Address")]
        : [`${said('IP Prefix')}/${said('IP Prefix Length')}`];
  return [`type ${type}`, ...what.filter(part => part !== undefined)].join(' ');
}

const NAMES: Readonly<Record<number, string>> = {
  2: 'MAC/IP Advertisement',
  3: 'Inclusive Multicast Ethernet Tag',
  5: 'IP Prefix',
};

function macIpFields(input: FieldReader): void {
  input.octets('Ethernet Segment Identifier', 10);
  input.number('Ethernet Tag ID', 4);
  input.number('MAC Address Length', 1);
  input.octets('MAC Address', 6, macText);
  ipFields(input, 'IP Address');
  // RFC 8365 section 5.1.3: VNIs stand in the label fields.
  input.number('VNI (MPLS Label1)', 3);
  if (input.left > 0) input.number('VNI (MPLS Label2)', 3);
}

function ipFields(input: FieldReader, name: string): void {
  const bits = input.number('IP Address Length', 1);
  if (bits === 32) input.address(name);
  else if (bits > 0) input.octets(name, Math.ceil(bits / 8));
}
