import { fromNumber } from '../../net/address.ts';
import type { Capability, Message, Notification, Update } from '../message.ts';
import { ByteReader, toHex, unlessTruncated } from './bytes.ts';
import { familyOf, readCapability } from './capability.ts';
import { carriesCommunication, HEADER_SIZE, MAXIMUM_SIZE } from './encode.ts';
import {
  type Finding,
  type ReadAttributes,
  readAttributes,
  readNlri,
  updateError,
  type WireSession,
} from './read-attributes.ts';

/** What one message on the wire says. An UPDATE may hold routes of two families, and so be two Updates. */
export type Decoded =
  | {
      readonly outcome: 'messages';
      readonly messages: readonly Message[];
      readonly findings: readonly Finding[];
    }
  /** The session must end with this notification. */
  | { readonly outcome: 'error'; readonly notification: Notification };

/** Reads one whole message, header included. Never throws, whatever the octets. */
export function decodeMessage(bytes: Uint8Array, session: WireSession): Decoded {
  const header = checkHeader(bytes);
  if (header !== undefined) return { outcome: 'error', notification: header };
  const length = (bytes[16] as number) * 256 + (bytes[17] as number);
  if (bytes.length !== length)
    return { outcome: 'error', notification: headerError(2, toHex(bytes.slice(16, 18))) };
  const body = new ByteReader(bytes, HEADER_SIZE);
  switch (bytes[18]) {
    case 1:
      return unlessTruncated(() => readOpen(body)) ?? openError(0);
    case 2:
      return readUpdate(body, session);
    case 3:
      return one(readNotification(body));
    case 4:
      return one({ type: 'keepalive' });
    default:
      return readRouteRefresh(body);
  }
}

/** RFC 4271 section 6.1: what is wrong with a header, undefined when nothing is. Needs the first 19 octets. */
export function checkHeader(bytes: Uint8Array): Notification | undefined {
  for (let i = 0; i < 16; i++) if (bytes[i] !== 255) return headerError(1);
  const length = (bytes[16] as number) * 256 + (bytes[17] as number);
  const type = bytes[18] as number;
  const least = LEAST[type];
  if (least === undefined) return headerError(3, toHex(Uint8Array.of(type)));
  if (length < least || length > MAXIMUM_SIZE || (type === 4 && length !== HEADER_SIZE)) {
    return headerError(2, toHex(bytes.slice(16, 18)));
  }
  return undefined;
}

/** Shortest OPEN, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE-REFRESH. */
const LEAST: Readonly<Record<number, number>> = { 1: 29, 2: 23, 3: 21, 4: 19, 5: 23 };

function readOpen(body: ByteReader): Decoded {
  const version = body.u8();
  if (version !== 4) return openError(1, '0x0004');
  const shortAs = body.u16();
  const holdTime = body.u16();
  const bgpIdentifier = fromNumber(body.u32());
  const parameters = body.part(body.u8());
  const capabilities: Capability[] = [];
  while (parameters.left > 0) {
    const type = parameters.u8();
    const value = parameters.part(parameters.u8());
    if (type !== 2) return openError(4);
    while (value.left > 0) {
      const capability = readCapability(value);
      if (capability !== undefined) capabilities.push(capability);
    }
  }
  const large = capabilities.find(capability => capability.type === 'four-octet-as');
  return one({
    type: 'open',
    version,
    myAutonomousSystem: large?.asn ?? shortAs,
    holdTime,
    bgpIdentifier,
    capabilities,
  });
}

function readNotification(body: ByteReader): Notification {
  const errorCode = body.u8();
  const errorSubcode = body.u8();
  if (body.left === 0) return { type: 'notification', errorCode, errorSubcode };
  if (carriesCommunication({ errorCode, errorSubcode })) {
    const text = body.raw(Math.min(body.u8(), body.left));
    return { type: 'notification', errorCode, errorSubcode, data: new TextDecoder().decode(text) };
  }
  return { type: 'notification', errorCode, errorSubcode, data: toHex(body.raw(body.left)) };
}

function readRouteRefresh(body: ByteReader): Decoded {
  const afi = body.u16();
  body.u8();
  const family = familyOf(afi, body.u8());
  // RFC 2918 section 4: one for a family that was not negotiated is ignored.
  return {
    outcome: 'messages',
    messages: family === undefined ? [] : [{ type: 'route-refresh', family }],
    findings: [],
  };
}

function readUpdate(body: ByteReader, session: WireSession): Decoded {
  const fields = unlessTruncated(() => {
    const withdrawn = body.part(body.u16());
    const attributes = body.part(body.u16());
    return { withdrawn, attributes };
  });
  if (fields === undefined) return { outcome: 'error', notification: updateError(1) };
  const withdrawn = unlessTruncated(() => readNlri(fields.withdrawn, 'ipv4-unicast', 0));
  const announced = unlessTruncated(() => readNlri(body, 'ipv4-unicast', 0));
  if (withdrawn === undefined || announced === undefined)
    return { outcome: 'error', notification: updateError(10) };
  const read = readAttributes(fields.attributes, session);
  if ('error' in read) return { outcome: 'error', notification: read.error };
  return assemble(withdrawn, announced, read);
}

type Routes = Update['announced'];

/** Sorts routes into one Update a family; where attributes are unusable, announced routes count as withdrawn (RFC 7606). */
function assemble(withdrawn: Routes, announced: Routes, read: ReadAttributes): Decoded {
  const { reach, unreach, attributes } = read;
  const findings = [...read.findings];
  const classic = { family: 'ipv4-unicast', withdrawn, announced, nextHop: read.nextHop } as const;
  const updates: Update[] = [];
  const announces = announced.length > 0 || (reach !== undefined && reach.nlri.length > 0);
  if (announces && attributes === undefined && !findings.some(isWithdraw)) {
    findings.push({
      treatment: 'treat-as-withdraw',
      attribute: 0,
      because: 'a mandatory attribute is missing',
    });
  }
  if (announced.length > 0 && read.nextHop === undefined) {
    findings.push({
      treatment: 'treat-as-withdraw',
      attribute: 3,
      because: 'NEXT_HOP is missing or malformed',
    });
  }
  const usable = findings.some(isWithdraw) ? undefined : attributes;
  const add = (part: {
    family: Update['family'];
    withdrawn: Routes;
    announced: Routes;
    nextHop: string | undefined;
  }) => {
    const { family, nextHop } = part;
    if (usable === undefined || nextHop === undefined || part.announced.length === 0) {
      updates.push({
        type: 'update',
        family,
        withdrawn: [...part.withdrawn, ...part.announced],
        announced: [],
      });
    } else {
      updates.push({
        type: 'update',
        family,
        withdrawn: part.withdrawn,
        announced: part.announced,
        nextHop,
        attributes: usable,
      });
    }
  };
  if (withdrawn.length > 0 || announced.length > 0 || (reach === undefined && unreach === undefined))
    add(classic);
  if (reach !== undefined) {
    const gone = unreach?.family === reach.family ? unreach.nlri : [];
    add({ family: reach.family, withdrawn: gone, announced: reach.nlri, nextHop: reach.nextHop });
  }
  if (unreach !== undefined && unreach.family !== reach?.family) {
    add({ family: unreach.family, withdrawn: unreach.nlri, announced: [], nextHop: undefined });
  }
  return { outcome: 'messages', messages: updates, findings };
}

function isWithdraw(finding: Finding): boolean {
  return finding.treatment === 'treat-as-withdraw';
}

function one(message: Message): Decoded {
  return { outcome: 'messages', messages: [message], findings: [] };
}

function openError(errorSubcode: number, data?: string): Decoded {
  const notification: Notification = {
    type: 'notification',
    errorCode: 2,
    errorSubcode,
    ...(data !== undefined && { data }),
  };
  return { outcome: 'error', notification };
}

function headerError(errorSubcode: number, data?: string): Notification {
  return { type: 'notification', errorCode: 1, errorSubcode, ...(data !== undefined && { data }) };
}
