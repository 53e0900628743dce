import { isIpv4 } from '../../net/address.ts';
import { readGoDuration } from '../go-duration.ts';
import type { BgpPeer, IpAddressPool, KubeObject } from '../objects.ts';
import type { ObjectStore } from '../store.ts';
import { parseAddresses } from './address-range.ts';

/** What MetalLB's webhook has against a BGPPeer; undefined when nothing. */
export function peerProblem(object: KubeObject): string | undefined {
  const spec = (object.spec ?? {}) as Partial<BgpPeer['spec']>;
  if (!isAsn(spec.myASN)) return 'missing local ASN';
  if (spec.peerASN === undefined && spec.dynamicASN === undefined) return 'missing peer ASN and dynamicASN';
  if (spec.peerASN !== undefined && spec.dynamicASN !== undefined)
    return 'both peer ASN and dynamicASN specified';
  if (spec.peerASN !== undefined && !isAsn(spec.peerASN)) return `invalid peer ASN ${spec.peerASN}`;
  if (spec.peerAddress === undefined && spec.interface === undefined)
    return 'peer has no Address or Interface specified';
  if (spec.peerAddress !== undefined && spec.interface !== undefined)
    return 'peer has both Address and Interface specified';
  if (spec.peerAddress !== undefined && !isIpv4(spec.peerAddress))
    return `invalid BGPPeer address "${spec.peerAddress}"`;
  if (spec.routerID !== undefined && !isIpv4(spec.routerID)) return `invalid router ID "${spec.routerID}"`;
  if (spec.sourceAddress !== undefined && !isIpv4(spec.sourceAddress))
    return `invalid source IP "${spec.sourceAddress}"`;
  if (spec.ebgpMultiHop === true && spec.peerASN === spec.myASN)
    return 'invalid ebgp-multihop parameter set for an ibgp peer';
  return timerProblem(spec);
}

/** What it has against an IPAddressPool: addresses that do not parse or overlap with another pool's. */
export function addressesOk(object: KubeObject, store: ObjectStore): string | undefined {
  const spec = (object.spec ?? {}) as Partial<IpAddressPool['spec']>;
  const own = parseAddresses(spec.addresses ?? []);
  if ('problem' in own) return `parsing address pool ${object.metadata.name}: ${own.problem}`;
  for (const other of store.list('IPAddressPool', object.metadata.namespace)) {
    if (other.metadata.name === object.metadata.name) continue;
    const theirs = parseAddresses(other.spec.addresses);
    if ('problem' in theirs) continue;
    for (const range of own.ranges) {
      const overlap = theirs.ranges.find(each => each.from <= range.to && range.from <= each.to);
      if (overlap !== undefined)
        return `CIDR "${range.text}" in pool "${object.metadata.name}" overlaps with already defined CIDR "${overlap.text}"`;
    }
  }
  return undefined;
}

function timerProblem(spec: Partial<BgpPeer['spec']>): string | undefined {
  const read = (text: string | undefined) => (text === undefined ? undefined : readGoDuration(text));
  const hold = read(spec.holdTime);
  const keepalive = read(spec.keepaliveTime);
  if (typeof hold === 'string') return hold;
  if (typeof keepalive === 'string') return keepalive;
  if (hold !== undefined && hold !== 0 && hold < 3_000)
    return `invalid BGPPeer timers: invalid hold time "${spec.holdTime}": must be 0 or >=3s`;
  if (hold !== undefined && keepalive !== undefined && keepalive > hold)
    return `invalid BGPPeer timers: invalid keepaliveTime "${spec.keepaliveTime}", must be lower than holdTime "${spec.holdTime}"`;
  return undefined;
}

function isAsn(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 4_294_967_295;
}
