import { type Ipv4Prefix, isAddressWithLength } from '../../../net/prefix.ts';
import { objectOf, type Said } from '../../real/said.ts';

/**
 * What SR Linux answers is RFC 7951 JSON: names carry their module where it changes ("srl_nokia-bgp:bgp"), identities
 * always ("srl_nokia-common:evpn"), 64-bit numbers are texts. Here the modules are taken off the members' names.
 */
export function plainJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [bareName(name), plainJson(member)]),
  );
}

/** "srl_nokia-common:evpn" → "evpn". */
export function bareName(name: string): string {
  return /^[a-z][\w-]*:([\w-]+)$/i.exec(name)?.[1] ?? name;
}

/** An identity or enumeration without its module. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' ? bareName(value) : undefined;
}

/** A number, also where it is written as text. */
export function countOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** "2026-06-12T16:29:35.500Z" as milliseconds since 1970. */
export function momentOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** An IPv4 prefix that is one. */
export function prefixOf(value: unknown): Ipv4Prefix | undefined {
  return typeof value === 'string' && isAddressWithLength(value) ? value : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
}

/**
 * Entries of the list that the last name means. A path with a `*` is answered from the root on, one without by what is at its end, and
 * the list itself may stand there bare: whatever part of the names leads to entries is followed.
 */
export function entriesAt(plain: unknown, names: readonly string[]): readonly Said[] {
  for (let from = 0; from < names.length; from++) {
    const found = below([plain], names.slice(from));
    if (found !== undefined) return found.map(objectOf);
  }
  return Array.isArray(plain) ? plain.map(objectOf) : [];
}

/** What is at the end of the names, wherever the answer begins. */
export function contentAt(plain: unknown, names: readonly string[]): Said {
  for (let from = 0; from < names.length; from++) {
    const found = below([plain], names.slice(from));
    if (found !== undefined) return objectOf(found[0]);
  }
  return objectOf(plain);
}

/** Everything that the names lead to, through lists; undefined when a name is nowhere. */
function below(values: readonly unknown[], names: readonly string[]): readonly unknown[] | undefined {
  let here = values;
  for (const name of names) {
    const next = here.flatMap(value => (Array.isArray(value) ? value : [value])).map(objectOf);
    const holders = next.filter(value => name in value);
    if (holders.length === 0) return undefined;
    here = holders.map(value => value[name]);
  }
  return here.flatMap(value => (Array.isArray(value) ? value : [value]));
}
