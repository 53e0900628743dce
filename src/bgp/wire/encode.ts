import { toNumber } from '../../net/address.ts';
import type { EvpnNlri } from '../evpn.ts';
import type { Message, Notification, Open, Update } from '../message.ts';
import type { Nlri } from '../route.ts';
import { MP_REACH_NLRI, MP_UNREACH_NLRI, NEXT_HOP, PMSI_TUNNEL } from './attribute-codes.ts';
import { ByteWriter, fromHex } from './bytes.ts';
import { capabilityBytes, writeFamily } from './capability.ts';
import { writeEvpnRoute } from './evpn-nlri.ts';
import { prefixSize, writePrefix } from './prefix-nlri.ts';
import type { WireSession } from './read-attributes.ts';
import { AS_TRANS, writeAttribute, writeAttributes } from './write-attributes.ts';

export const HEADER_SIZE = 19;
/** RFC 4271 section 4.1; extended messages (RFC 8654) are not spoken. */
export const MAXIMUM_SIZE = 4096;

const EMPTY = new Uint8Array(0);

const TYPES = { open: 1, update: 2, notification: 3, keepalive: 4, 'route-refresh': 5 } as const;

/** Ingress replication (RFC 6514 section 5), the tunnel type of a VXLAN bridge domain (RFC 8365 section 9). */
const INGRESS_REPLICATION = 6;

/**
 * A message as octets; more than one where an Update holds more than fits. Throws RangeError when the attributes
 * alone do not fit.
 */
export function encodeMessage(message: Message, session: WireSession): Uint8Array[] {
  switch (message.type) {
    case 'open':
      return [framed(TYPES.open, openBytes(message))];
    case 'update':
      return updateBodies(message, session).map(body => framed(TYPES.update, body));
    case 'notification':
      return [framed(TYPES.notification, notificationBytes(message))];
    case 'keepalive':
      return [framed(TYPES.keepalive, EMPTY)];
    case 'route-refresh': {
      const out = new ByteWriter();
      writeFamily(out, message.family);
      const [afiHigh = 0, afiLow = 0, safi = 0] = out.done();
      return [framed(TYPES['route-refresh'], Uint8Array.of(afiHigh, afiLow, 0, safi))];
    }
  }
}

function framed(type: number, body: Uint8Array): Uint8Array {
  const length = HEADER_SIZE + body.length;
  if (length > MAXIMUM_SIZE)
    throw new RangeError(`a BGP message of ${length} octets; ${MAXIMUM_SIZE} is the most`);
  return new ByteWriter().raw(new Uint8Array(16).fill(255)).u16(length).u8(type).raw(body).done();
}

function openBytes(open: Open): Uint8Array {
  const asn = open.myAutonomousSystem;
  const out = new ByteWriter().u8(open.version).u16(asn > 0xffff ? AS_TRANS : asn);
  out.u16(open.holdTime).u32(toNumber(open.bgpIdentifier));
  const parameters = new ByteWriter();
  for (const capability of open.capabilities) {
    const bytes = capabilityBytes(capability);
    parameters.u8(2).u8(bytes.length).raw(bytes);
  }
  return out.u8(parameters.length).raw(parameters.done()).done();
}

function notificationBytes(notification: Notification): Uint8Array {
  const out = new ByteWriter().u8(notification.errorCode).u8(notification.errorSubcode);
  if (notification.data === undefined) return out.done();
  const text = new TextEncoder().encode(notification.data);
  if (carriesCommunication(notification)) {
    // RFC 9003 section 2: length and UTF-8, at most 255 octets, never half a character.
    let end = Math.min(255, text.length);
    while (end < text.length && ((text[end] as number) & 0xc0) === 0x80) end--;
    return out.u8(end).raw(text.slice(0, end)).done();
  }
  return out.raw(fromHex(notification.data) ?? text.slice(0, 1024)).done();
}

/** Cease with Administrative Shutdown or Reset (RFC 9003). */
export function carriesCommunication(of: {
  readonly errorCode: number;
  readonly errorSubcode: number;
}): boolean {
  return of.errorCode === 6 && (of.errorSubcode === 2 || of.errorSubcode === 4);
}

function updateBodies(update: Update, session: WireSession): Uint8Array[] {
  const bodies = update.family === 'evpn' ? evpnBodies(update, session) : ipv4Bodies(update, session);
  if (bodies.length > 0) return bodies;
  // End-of-RIB (RFC 4724 section 2).
  return [update.family === 'evpn' ? body(attributesOf(out => writeUnreach(out, []))) : body(EMPTY)];
}

function ipv4Bodies(update: Update, session: WireSession): Uint8Array[] {
  const withdrawn = update.withdrawn.filter(isPrefixNlri);
  const announced = update.announced.filter(isPrefixNlri);
  const bodies = chunks(withdrawn, prefixSize, room(0)).map(part => body(EMPTY, prefixes(part)));
  if (announced.length === 0) return bodies;
  const { attributes, nextHop } = announcement(update);
  const field = attributesOf(out => {
    writeAttributes(out, attributes, session.fourOctetAs);
    writeAttribute(out, NEXT_HOP, new ByteWriter().u32(toNumber(nextHop)).done());
  });
  for (const part of chunks(announced, prefixSize, room(field.length))) {
    bodies.push(body(field, EMPTY, prefixes(part)));
  }
  return bodies;
}

function evpnBodies(update: Update, session: WireSession): Uint8Array[] {
  const withdrawn = update.withdrawn.filter(isEvpnNlri);
  const announced = update.announced.filter(isEvpnNlri);
  const bodies = chunks(withdrawn, evpnSize, room(16)).map(part =>
    body(attributesOf(out => writeUnreach(out, part))),
  );
  if (announced.length === 0) return bodies;
  const { attributes, nextHop } = announcement(update);
  const common = attributesOf(out => writeAttributes(out, attributes, session.fourOctetAs));
  for (const group of byMulticastVni(announced)) {
    const first = group[0];
    const tunnel = attributesOf(out => {
      if (first?.routeType === 3) writeAttribute(out, PMSI_TUNNEL, ingressReplication(first.vni, nextHop));
    });
    for (const part of chunks(group, evpnSize, room(common.length + tunnel.length + 32))) {
      // RFC 7606 section 5.1: MP_REACH_NLRI comes first.
      bodies.push(body(attributesOf(out => writeReach(out, nextHop, part).raw(common).raw(tunnel))));
    }
  }
  return bodies;
}

/** Routes of one kind and VNI together: type 3 routes of one message share one PMSI tunnel attribute. */
function byMulticastVni(routes: readonly EvpnNlri[]): EvpnNlri[][] {
  const groups = new Map<number, EvpnNlri[]>();
  for (const route of routes) {
    const key = route.routeType === 3 ? route.vni : -1;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [route]);
    else group.push(route);
  }
  return [...groups.values()];
}

function ingressReplication(vni: number, endpoint: string): Uint8Array {
  return new ByteWriter().u8(0).u8(INGRESS_REPLICATION).u24(vni).u32(toNumber(endpoint)).done();
}

function writeReach(out: ByteWriter, nextHop: string, routes: readonly EvpnNlri[]): ByteWriter {
  const value = new ByteWriter();
  writeFamily(value, 'evpn');
  value.u8(4).u32(toNumber(nextHop)).u8(0);
  for (const route of routes) writeEvpnRoute(value, route);
  writeAttribute(out, MP_REACH_NLRI, value.done());
  return out;
}

function writeUnreach(out: ByteWriter, routes: readonly EvpnNlri[]): void {
  const value = new ByteWriter();
  writeFamily(value, 'evpn');
  for (const route of routes) writeEvpnRoute(value, route);
  writeAttribute(out, MP_UNREACH_NLRI, value.done());
}

function body(attributes: Uint8Array, withdrawn: Uint8Array = EMPTY, nlri: Uint8Array = EMPTY): Uint8Array {
  const out = new ByteWriter().u16(withdrawn.length).raw(withdrawn);
  return out.u16(attributes.length).raw(attributes).raw(nlri).done();
}

function attributesOf(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  write(out);
  return out.done();
}

function announcement(update: Update): Required<Pick<Update, 'attributes' | 'nextHop'>> {
  const { attributes, nextHop } = update;
  if (attributes === undefined || nextHop === undefined) {
    throw new Error('an update that announces routes needs attributes and a next hop');
  }
  return { attributes, nextHop };
}

/** Octets left for routes beside the header, the two length fields and what else is said. */
function room(taken: number): number {
  return MAXIMUM_SIZE - HEADER_SIZE - 4 - taken;
}

function chunks<T extends Nlri>(all: readonly T[], size: (item: T) => number, limit: number): T[][] {
  const parts: T[][] = [];
  let left = 0;
  for (const item of all) {
    const needed = size(item);
    const part = parts.at(-1);
    if (part !== undefined && needed <= left) part.push(item);
    else {
      parts.push([item]);
      left = limit;
    }
    left -= needed;
  }
  return parts;
}

function prefixes(all: readonly string[]): Uint8Array {
  const out = new ByteWriter();
  for (const prefix of all) writePrefix(out, prefix);
  return out.done();
}

/** The largest of each type (with an address and a second label). */
function evpnSize(route: EvpnNlri): number {
  return 2 + { 2: 40, 3: 17, 5: 34 }[route.routeType];
}

function isPrefixNlri(nlri: Nlri): nlri is string {
  return typeof nlri === 'string';
}

function isEvpnNlri(nlri: Nlri): nlri is EvpnNlri {
  return typeof nlri !== 'string';
}
