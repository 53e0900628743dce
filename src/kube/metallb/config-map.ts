import { isIpv4 } from '../../net/address.ts';
import type { LabelSelector } from '../objects.ts';
import { parseAddresses } from './address-range.ts';
import {
  type AdvertisementConfig,
  bfdParameters,
  type MetallbConfig,
  type PeerConfig,
  type PoolConfig,
  timersOf,
} from './config.ts';

/**
 * The configuration of MetalLB up to 0.12: one YAML document in the ConfigMap `config`, here already parsed.
 * Its pools carried their advertisements; a pool without any was announced as it is.
 */
export function configFromConfigMap(document: unknown): MetallbConfig | { readonly problem: string } {
  const root = record(document);
  const profiles = new Map(list(root['bfd-profiles']).map(profile => [text(profile['name']), profile]));
  const communities = record(root['bgp-communities']);
  const peers: PeerConfig[] = [];
  for (const [index, peer] of list(root['peers']).entries()) {
    const myAsn = number(peer['my-asn']);
    const peerAsn = number(peer['peer-asn']);
    const address = text(peer['peer-address']);
    if (myAsn === undefined) return { problem: `parsing peer #${index + 1}: missing local ASN` };
    if (peerAsn === undefined) return { problem: `parsing peer #${index + 1}: missing peer ASN` };
    if (!isIpv4(address)) return { problem: `parsing peer #${index + 1}: invalid peer IP "${address}"` };
    const profile = peer['bfd-profile'] === undefined ? undefined : text(peer['bfd-profile']);
    peers.push({
      name: `peer${index}`,
      myAsn,
      peerAsn,
      dynamicAsn: undefined,
      address,
      port: number(peer['peer-port']) ?? 179,
      sourceAddress: optionalText(peer['source-address']),
      ...timersOf(text(peer['hold-time'] ?? '90s'), optionalText(peer['keepalive-time'])),
      connectTime: undefined,
      routerId: optionalText(peer['router-id']),
      nodeSelectors: list(peer['node-selectors']).map(selector),
      ebgpMultiHop: peer['ebgp-multihop'] === true,
      bfd: profile === undefined ? undefined : bfdOf(profile, profiles.get(profile)),
      hasPassword: peer['password'] !== undefined,
    });
  }
  const pools: PoolConfig[] = [];
  const advertisements: AdvertisementConfig[] = [];
  for (const pool of list(root['address-pools'])) {
    const name = text(pool['name']);
    const ranges = parseAddresses(texts(pool['addresses']));
    if ('problem' in ranges) return { problem: `parsing address pool "${name}": ${ranges.problem}` };
    pools.push({
      name,
      labels: {},
      ranges: ranges.ranges,
      autoAssign: pool['auto-assign'] !== false,
      avoidBuggyIps: pool['avoid-buggy-ips'] === true,
      allocation: undefined,
    });
    if (pool['protocol'] === 'layer2') continue;
    const written = list(pool['bgp-advertisements']);
    for (const [index, each] of (written.length === 0 ? [{}] : written).entries()) {
      advertisements.push({
        name: `${name}-${index}`,
        aggregationLength: number(each['aggregation-length']) ?? 32,
        localPref: number(each['localpref']),
        communities: texts(each['communities']).map(word => optionalText(communities[word]) ?? word),
        pools: [name],
        poolSelectors: [],
        nodeSelectors: [],
        peers: [],
        serviceSelectors: [],
      });
    }
  }
  return { peers, pools: pools.sort((a, b) => (a.name < b.name ? -1 : 1)), advertisements };
}

type Fields = Readonly<Record<string, unknown>>;

function bfdOf(profile: string, fields: Fields | undefined) {
  return bfdParameters(profile, {
    ...optional('receiveInterval', number(fields?.['receive-interval'])),
    ...optional('transmitInterval', number(fields?.['transmit-interval'])),
    ...optional('detectMultiplier', number(fields?.['detect-multiplier'])),
  });
}

function optional<K extends string>(name: K, value: number | undefined): { readonly [P in K]?: number } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: number };
}

function selector(fields: Fields): LabelSelector {
  const labels = Object.entries(record(fields['match-labels'])).map(([key, value]) => [key, text(value)]);
  return {
    matchLabels: Object.fromEntries(labels),
    matchExpressions: list(fields['match-expressions']).map(expression => ({
      key: text(expression['key']),
      operator: text(expression['operator']) as 'In',
      values: texts(expression['values']),
    })),
  };
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function number(value: unknown): number | undefined {
  const parsed = Number(value);
  return value === undefined || value === null || Number.isNaN(parsed) ? undefined : parsed;
}
