import type { NameAddress } from './address-owner.ts';

/**
 * An announced route in words. EVPN keys as routers print them ("[5]:[1.1.1.1:4]:[0]:[32]:[10.254.254.240]") become
 * "10.254.254.240/32 of LEAF-DC-1 (EVPN type 5)"; IPv4 prefixes stay.
 */
export function routeText(route: string, name: NameAddress): string {
  const fields = /^\[(\d)\]:\[(.*)\]$/.exec(route);
  if (fields === null) return route;
  const [, type, rest = ''] = fields;
  const [distinguisher = '', , ...content] = rest.split(']:[');
  const owner = name(distinguisher.replace(/:\d+$/, ''));
  return `${contentText(type ?? '', content, name)} of ${owner} (EVPN type ${type})`;
}

function contentText(type: string, content: readonly string[], name: NameAddress): string {
  if (type === '5') return `${content[1]}/${content[0]}`;
  if (type === '2') return content.filter(field => field !== '').join(' ');
  return type === '3' ? `flooding list ${name(content.at(-1) ?? '')}` : content.join(' ');
}
