import { isIpv4 } from '../../../net/address.ts';
import { parseAsn } from '../../../net/asn.ts';
import { isMac } from '../../../net/mac.ts';
import { isAddressWithLength, isPrefix } from '../../../net/prefix.ts';

/** What a leaf may hold. */
export type ValueType = {
  /** What a person is told was expected: "enable or disable", "a number from 1 to 4094". */
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
  /** The value in RFC 7951 JSON. */
  readonly json: (text: string) => unknown;
  /** The words that can stand here, where they can be counted. */
  readonly words?: readonly string[];
};

/** One of these words. */
export function oneOf(...words: string[]): ValueType {
  return { expected: listOf(words), accepts: text => words.includes(text), json: asText, words };
}

/** An identity: a word that stands in JSON with the name of the module that defines it. */
export function identity(module: string, ...words: string[]): ValueType {
  return { ...oneOf(...words), json: text => `${module}:${text}` };
}

export function integer(from: number, to: number): ValueType {
  return {
    expected: `a number from ${from} to ${to}`,
    accepts: text => /^(0|[1-9]\d{0,11})$/.test(text) && Number(text) >= from && Number(text) <= to,
    json: Number,
  };
}

/** Either of two types; the first that accepts the text decides. */
export function either(first: ValueType, second: ValueType): ValueType {
  return {
    expected: `${first.expected}, or ${second.expected}`,
    accepts: text => first.accepts(text) || second.accepts(text),
    json: text => (first.accepts(text) ? first.json(text) : second.json(text)),
    words: [...(first.words ?? []), ...(second.words ?? [])],
  };
}

export const adminState = oneOf('enable', 'disable');

export const boolean: ValueType = { ...oneOf('true', 'false'), json: text => text === 'true' };

/** A name without blanks: blanks would need quotes everywhere it is used. */
export const name = text('a name without blanks', /^[A-Za-z0-9!@#$%^&()|+=`~.,_:;?/-]{1,247}$/);

export const description = text('a text of at most 255 characters', /^[^\x00-\x1f]{1,255}$/);

export const interfaceName = text(
  'an interface name, like ethernet-1/1, irb0, lo1 or system0',
  /^(ethernet-[1-9]\d?\/[1-9]\d{0,2}(\/[1-9]\d?)?|irb\d{1,3}|lo\d{1,3}|system0|mgmt0|lag\d{1,3})$/,
);

export const subinterfaceName = text(
  'a subinterface name, like ethernet-1/1.0, irb0.0 or lo1.0',
  /^(ethernet-[1-9]\d?\/[1-9]\d{0,2}(\/[1-9]\d?)?|irb\d{1,3}|lo\d{1,3}|system0|mgmt0|lag\d{1,3})\.\d{1,4}$/,
);

export const vxlanName = text('a tunnel interface name, like vxlan1', /^vxlan\d{1,3}$/);

export const vxlanSubinterfaceName = text(
  'a VXLAN interface name, like vxlan1.4',
  /^vxlan\d{1,3}\.\d{1,10}$/,
);

export const ipv4: ValueType = { expected: 'an IPv4 address', accepts: isIpv4, json: asText };

/** An address with its prefix length, host bits kept. */
export const ipv4WithLength: ValueType = {
  expected: 'an IPv4 address with prefix length, like 10.1.1.1/31',
  accepts: isAddressWithLength,
  json: asText,
};

export const ipv4Prefix: ValueType = {
  expected: 'an IPv4 prefix with host bits zero, like 192.168.101.0/24',
  accepts: isPrefix,
  json: asText,
};

export const mac: ValueType = {
  expected: 'a MAC address, like 00:00:5e:00:01:01',
  accepts: value => isMac(value.toLowerCase()),
  json: asText,
};

export const asNumber: ValueType = {
  expected: 'an AS number from 1 to 4294967295',
  accepts: value => parseAsn(value) !== undefined,
  json: Number,
};

/** "65201" or "65201..65210". */
export const asRange: ValueType = {
  expected: 'an AS number or a range of them, like 65201..65210',
  accepts: value => {
    const [from, to, ...more] = value.split('..').map(parseAsn);
    return (
      from !== undefined &&
      more.length === 0 &&
      (value.includes('..') ? to !== undefined && from <= to : true)
    );
  },
  json: asText,
};

/** "exact" or "28..32". */
export const maskLengthRange: ValueType = {
  expected: 'a range of prefix lengths, like 28..32, or exact',
  accepts: value => {
    if (value === 'exact') return true;
    const range = /^(\d{1,2})\.\.(\d{1,2})$/.exec(value);
    return range !== null && Number(range[1]) <= Number(range[2]) && Number(range[2]) <= 32;
  },
  json: asText,
};

export const routeTarget = text('a route target, like target:65123:4', /^target:\d{1,10}:\d{1,10}$/);

export const routeDistinguisher = text(
  'a route distinguisher, like 1.1.1.1:4 or 65001:4',
  /^(\d{1,10}|\d{1,3}(\.\d{1,3}){3}):\d{1,10}$/,
);

function text(expected: string, pattern: RegExp): ValueType {
  return { expected, accepts: value => pattern.test(value), json: asText };
}

function asText(value: string): string {
  return value;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
