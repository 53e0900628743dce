import { fromNumber, toNumber } from '../../net/address.ts';
import { addressOf, lengthOf, maskOf } from '../../net/prefix.ts';
import { type EvpnNlri, inclusiveMulticastRoute, ipPrefixRoute, macIpRoute } from '../evpn.ts';
import { type ByteReader, ByteWriter } from './bytes.ts';
import { readRouteDistinguisher, writeRouteDistinguisher } from './route-distinguisher.ts';

/** Ethernet segment identifier 0: a single-homed site. Multihoming (ESI) is not modelled. */
const NO_SEGMENT = new Uint8Array(10);

/** RFC 7432 section 7: route type, length, value. VNIs stand in the label fields (RFC 8365 section 5.1.3). */
export function writeEvpnRoute(out: ByteWriter, route: EvpnNlri): void {
  const value = evpnValue(route);
  out.u8(route.routeType).u8(value.length).raw(value);
}

/**
 * One route; 'ignored' for types and address families this speaker does not know (RFC 7606 section 5.4),
 * undefined when the value does not have the form of its type. `vniOfMulticast` is the label of the PMSI tunnel
 * attribute, which a type 3 route does not carry itself.
 */
export function readEvpnRoute(input: ByteReader, vniOfMulticast: number): EvpnNlri | 'ignored' | undefined {
  const type = input.u8();
  const value = input.part(input.u8());
  if (type === 2) return readMacIp(value);
  if (type === 3) return readInclusiveMulticast(value, vniOfMulticast);
  if (type === 5) return readIpPrefix(value);
  return 'ignored';
}

function evpnValue(route: EvpnNlri): Uint8Array {
  const out = new ByteWriter();
  writeRouteDistinguisher(out, route.routeDistinguisher);
  switch (route.routeType) {
    case 2:
      out.raw(NO_SEGMENT).u32(route.ethernetTag).u8(48).raw(macBytes(route.mac));
      if (route.ip === undefined) out.u8(0);
      else out.u8(32).u32(toNumber(route.ip));
      out.u24(route.vni);
      if (route.vni2 !== undefined) out.u24(route.vni2);
      break;
    case 3:
      out.u32(route.ethernetTag).u8(32).u32(toNumber(route.originatingRouter));
      break;
    case 5:
      out.raw(NO_SEGMENT).u32(route.ethernetTag).u8(lengthOf(route.prefix));
      out
        .u32(toNumber(addressOf(route.prefix)))
        .u32(toNumber(route.gateway))
        .u24(route.vni);
  }
  return out.done();
}

function readMacIp(value: ByteReader): EvpnNlri | 'ignored' | undefined {
  const routeDistinguisher = readRouteDistinguisher(value);
  value.raw(NO_SEGMENT.length);
  const ethernetTag = value.u32();
  if (value.u8() !== 48) return undefined;
  const mac = macText(value.raw(6));
  const addressBits = value.u8();
  if (addressBits === 128) return 'ignored';
  if (addressBits !== 0 && addressBits !== 32) return undefined;
  const ip = addressBits === 32 ? fromNumber(value.u32()) : undefined;
  const vni = value.u24();
  const vni2 = value.left === 3 ? value.u24() : undefined;
  if (value.left !== 0) return undefined;
  return macIpRoute({
    routeDistinguisher,
    ethernetTag,
    mac,
    vni,
    ...(ip !== undefined && { ip }),
    ...(vni2 !== undefined && { vni2 }),
  });
}

function readInclusiveMulticast(value: ByteReader, vni: number): EvpnNlri | 'ignored' | undefined {
  const routeDistinguisher = readRouteDistinguisher(value);
  const ethernetTag = value.u32();
  const addressBits = value.u8();
  if (addressBits === 128) return 'ignored';
  if (addressBits !== 32 || value.left !== 4) return undefined;
  const originatingRouter = fromNumber(value.u32());
  return inclusiveMulticastRoute({ routeDistinguisher, ethernetTag, originatingRouter, vni });
}

function readIpPrefix(value: ByteReader): EvpnNlri | 'ignored' | undefined {
  // RFC 9136 section 3.1: the length of the value tells IPv4 (34) from IPv6 (58).
  if (value.left === 58) return 'ignored';
  if (value.left !== 34) return undefined;
  const routeDistinguisher = readRouteDistinguisher(value);
  value.raw(NO_SEGMENT.length);
  const ethernetTag = value.u32();
  const length = value.u8();
  if (length > 32) return undefined;
  const address = fromNumber((value.u32() & maskOf(length)) >>> 0);
  const gateway = fromNumber(value.u32());
  return ipPrefixRoute({
    routeDistinguisher,
    ethernetTag,
    prefix: `${address}/${length}`,
    gateway,
    vni: value.u24(),
  });
}

export function macBytes(mac: string): Uint8Array {
  return Uint8Array.from(mac.split(':'), octet => Number.parseInt(octet, 16));
}

export function macText(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(':');
}
