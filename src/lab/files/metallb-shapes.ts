import * as v from 'valibot';
import { isIpv4, toNumber } from '../../net/address.ts';
import { isAddressWithLength } from '../../net/prefix.ts';
import { asn, closed, ipv4, listOf, number, port, selector, text, truth } from './object-fields.ts';
import { shown } from './shapes.ts';

/* MetalLB's kinds are closed: an unknown field is refused, as the API server refuses it. */

const duration = v.pipe(
  text,
  v.check(
    value => /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value),
    issue => `"${shown(issue.input)}" is no duration\nlike 9s or 1m30s`,
  ),
);

const poolRange = v.pipe(
  text,
  v.check(
    isPoolRange,
    issue =>
      `"${shown(issue.input)}" is neither a prefix nor a range\nlike 10.254.254.240/28 or 10.0.0.1-10.0.0.9`,
  ),
);

function isPoolRange(value: string): boolean {
  if (isAddressWithLength(value)) return true;
  const [from = '', to = '', ...more] = value.split('-').map(end => end.trim());
  return more.length === 0 && isIpv4(from) && isIpv4(to) && toNumber(from) <= toNumber(to);
}

export const bgpPeer = closed({
  myASN: asn,
  peerASN: v.optional(asn),
  dynamicASN: v.optional(
    v.picklist(['internal', 'external'], 'this is no kind of peer\ninternal or external'),
  ),
  localASN: v.optional(asn),
  peerAddress: v.optional(ipv4),
  interface: v.optional(text),
  sourceAddress: v.optional(ipv4),
  peerPort: v.optional(port),
  holdTime: v.optional(duration),
  keepaliveTime: v.optional(duration),
  connectTime: v.optional(duration),
  routerID: v.optional(ipv4),
  nodeSelectors: v.nullish(listOf(selector)),
  password: v.optional(text),
  passwordSecret: v.optional(v.unknown()),
  bfdProfile: v.optional(text),
  enableGracefulRestart: v.optional(truth),
  ebgpMultiHop: v.optional(truth),
  vrf: v.optional(text),
  disableMP: v.optional(truth),
  dualStackAddressFamily: v.optional(truth),
});

export const addressPool = closed({
  addresses: v.pipe(listOf(poolRange), v.minLength(1, 'a pool needs addresses\n- 10.254.254.240/28')),
  autoAssign: v.optional(truth),
  avoidBuggyIPs: v.optional(truth),
  serviceAllocation: v.optional(
    closed({
      priority: v.optional(number(0, 2_147_483_647)),
      namespaces: v.nullish(listOf(text)),
      namespaceSelectors: v.nullish(listOf(selector)),
      serviceSelectors: v.nullish(listOf(selector)),
    }),
  ),
});

export const bgpAdvertisement = closed({
  aggregationLength: v.optional(number(1, 32)),
  aggregationLengthV6: v.optional(number(1, 128)),
  localPref: v.optional(number(0, 4_294_967_295)),
  communities: v.nullish(listOf(text)),
  ipAddressPools: v.nullish(listOf(text)),
  ipAddressPoolSelectors: v.nullish(listOf(selector)),
  nodeSelectors: v.nullish(listOf(selector)),
  peers: v.nullish(listOf(text)),
  serviceSelectors: v.nullish(listOf(selector)),
});

export const bfdProfile = closed({
  receiveInterval: v.optional(number(10, 60_000)),
  transmitInterval: v.optional(number(10, 60_000)),
  detectMultiplier: v.optional(number(2, 255)),
  echoInterval: v.optional(number(10, 60_000)),
  echoMode: v.optional(truth),
  passiveMode: v.optional(truth),
  minimumTtl: v.optional(number(1, 254)),
});
