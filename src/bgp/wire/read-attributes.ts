import { fromNumber, type Ipv4 } from '../../net/address.ts';
import type { Asn } from '../../net/asn.ts';
import type { ExtendedCommunity } from '../extended-community.ts';
import type { Notification } from '../message.ts';
import type { Family, Nlri, Origin, PathAttributes, UnrecognizedAttribute } from '../route.ts';
import * as code from './attribute-codes.ts';
import { ByteReader, toHex, unlessTruncated } from './bytes.ts';
import { familyOf } from './capability.ts';
import { readEvpnRoute } from './evpn-nlri.ts';
import { readExtendedCommunity } from './extended-community.ts';
import { readPrefix } from './prefix-nlri.ts';

/** What was wrong with an attribute, and how it is treated without ending the session (RFC 7606 section 2). */
export type Finding = {
  readonly treatment: 'treat-as-withdraw' | 'attribute-discard';
  readonly attribute: number;
  readonly because: string;
};

/** What the session tells about reading attributes. */
export type WireSession = { readonly fourOctetAs: boolean; readonly internal: boolean };

export type ReadAttributes = {
  /** Undefined when there are none, or a mandatory one is missing. */
  readonly attributes?: PathAttributes;
  readonly nextHop?: Ipv4;
  readonly reach?: { readonly family: Family; readonly nextHop: Ipv4; readonly nlri: readonly Nlri[] };
  readonly unreach?: { readonly family: Family; readonly nlri: readonly Nlri[] };
  readonly findings: readonly Finding[];
};

type Raw = { readonly flags: number; readonly bytes: Uint8Array };

/** Reads the path attribute field of an UPDATE; a Notification where RFC 7606 leaves no choice but to end the session. */
export function readAttributes(
  field: ByteReader,
  session: WireSession,
): ReadAttributes | { readonly error: Notification } {
  const findings: Finding[] = [];
  const raw = collect(field, findings);
  if ('error' in raw) return raw;
  return new Interpreter(raw.attributes, session, findings).read();
}

/** RFC 7606 section 3 (b), (g): the first of each; a second MP attribute ends the session. */
function collect(
  field: ByteReader,
  findings: Finding[],
): { readonly attributes: Map<number, Raw> } | { readonly error: Notification } {
  const attributes = new Map<number, Raw>();
  while (field.left > 0) {
    const next = unlessTruncated(() => {
      const flags = field.u8();
      const type = field.u8();
      const length = (flags & code.EXTENDED_LENGTH) !== 0 ? field.u16() : field.u8();
      return { type, flags, bytes: field.raw(length) };
    });
    if (next === undefined) {
      // RFC 7606 section 4: what follows cannot be read, the NLRI can.
      findings.push({
        treatment: 'treat-as-withdraw',
        attribute: 0,
        because: 'attribute runs past the end of its field',
      });
      break;
    }
    if (attributes.has(next.type)) {
      if (next.type === code.MP_REACH_NLRI || next.type === code.MP_UNREACH_NLRI) {
        return { error: updateError(1, toHex(Uint8Array.of(next.type))) };
      }
      findings.push(discard(next.type, 'appears twice'));
    } else attributes.set(next.type, next);
  }
  return { attributes };
}

class Interpreter {
  private readonly raw: Map<number, Raw>;
  private readonly session: WireSession;
  private readonly findings: Finding[];

  constructor(raw: Map<number, Raw>, session: WireSession, findings: Finding[]) {
    this.raw = raw;
    this.session = session;
    this.findings = findings;
  }

  read(): ReadAttributes | { readonly error: Notification } {
    const unrecognized: UnrecognizedAttribute[] = [];
    for (const [type, { flags, bytes }] of this.raw) {
      const expected = code.flagsOf(type);
      if (expected === undefined) {
        if ((flags & code.OPTIONAL) === 0)
          return {
            error: updateError(2, toHex(Uint8Array.of(flags, type, bytes.length, ...bytes.slice(0, 32)))),
          };
        if ((flags & code.TRANSITIVE) !== 0) unrecognized.push({ code: type, bytes: toHex(bytes) });
      } else if ((flags & 0xc0) !== expected) {
        if (type === code.MP_REACH_NLRI || type === code.MP_UNREACH_NLRI)
          return { error: updateError(4, toHex(Uint8Array.of(type))) };
        this.withdraw(type, 'flags are not those of its type');
      }
    }
    const reach = this.reach();
    if (reach !== undefined && 'error' in reach) return reach;
    const unreach = this.unreach();
    if (unreach !== undefined && 'error' in unreach) return unreach;
    const attributes = this.attributes(unrecognized);
    const nextHop = this.address(code.NEXT_HOP);
    return {
      findings: this.findings,
      ...(attributes && { attributes }),
      ...(nextHop !== undefined && { nextHop }),
      ...(reach && { reach }),
      ...(unreach && { unreach }),
    };
  }

  private attributes(unrecognized: UnrecognizedAttribute[]): PathAttributes | undefined {
    const origin = this.origin();
    const asPath = this.asPath();
    const med = this.number(code.MULTI_EXIT_DISC);
    const localPref = this.onlyInternal(code.LOCAL_PREF) ? this.number(code.LOCAL_PREF) : undefined;
    const originatorId = this.onlyInternal(code.ORIGINATOR_ID) ? this.address(code.ORIGINATOR_ID) : undefined;
    const clusterList = this.onlyInternal(code.CLUSTER_LIST)
      ? this.list(code.CLUSTER_LIST, 4, fromNumber)
      : [];
    const communities = this.list(
      code.COMMUNITIES,
      4,
      value => `${Math.floor(value / 65536)}:${value % 65536}`,
    );
    const extendedCommunities = this.extendedCommunities();
    if (origin === undefined || asPath === undefined) return undefined;
    return {
      origin,
      asPath,
      communities,
      extendedCommunities,
      clusterList,
      ...(med !== undefined && { med }),
      ...(localPref !== undefined && { localPref }),
      ...(originatorId !== undefined && { originatorId }),
      ...(unrecognized.length > 0 && { unrecognized }),
    };
  }

  private origin(): Origin | undefined {
    const bytes = this.raw.get(code.ORIGIN)?.bytes;
    if (bytes === undefined) return undefined;
    const origin =
      bytes.length === 1 ? (['igp', 'egp', 'incomplete'] as const)[bytes[0] as number] : undefined;
    if (origin === undefined) this.withdraw(code.ORIGIN, 'is neither IGP, EGP nor INCOMPLETE');
    return origin;
  }

  private asPath(): Asn[] | undefined {
    const path = this.segments(code.AS_PATH, this.session.fourOctetAs);
    if (path === undefined || this.session.fourOctetAs || !this.raw.has(code.AS4_PATH)) return path;
    // RFC 6793 section 4.2.3: the old part of the path in front, the true numbers behind.
    const as4 = this.segments(code.AS4_PATH, true);
    if (as4 === undefined || as4.length > path.length) return path;
    return [...path.slice(0, path.length - as4.length), ...as4];
  }

  private segments(type: number, fourOctetAs: boolean): Asn[] | undefined {
    const bytes = this.raw.get(type)?.bytes;
    if (bytes === undefined) return undefined;
    const input = new ByteReader(bytes);
    const path: Asn[] = [];
    while (input.left > 0) {
      const ok = unlessTruncated(() => {
        const kind = input.u8();
        const count = input.u8();
        for (let i = 0; i < count; i++) path.push(fourOctetAs ? input.u32() : input.u16());
        return kind === 2 && count > 0;
      });
      if (ok !== true) {
        if (type === code.AS4_PATH) this.findings.push(discard(type, 'is malformed'));
        else this.withdraw(type, 'is malformed, or holds an AS_SET (RFC 9774)');
        return undefined;
      }
    }
    return path;
  }

  private extendedCommunities(): ExtendedCommunity[] {
    const bytes = this.raw.get(code.EXTENDED_COMMUNITIES)?.bytes;
    if (bytes === undefined) return [];
    if (bytes.length % 8 !== 0 || bytes.length === 0) {
      this.withdraw(code.EXTENDED_COMMUNITIES, 'is no whole number of communities');
      return [];
    }
    const input = new ByteReader(bytes);
    const all: ExtendedCommunity[] = [];
    while (input.left > 0) all.push(readExtendedCommunity(input));
    return all;
  }

  private reach(): ReadAttributes['reach'] | { readonly error: Notification } {
    const bytes = this.raw.get(code.MP_REACH_NLRI)?.bytes;
    if (bytes === undefined) return undefined;
    const read = unlessTruncated(() => {
      const input = new ByteReader(bytes);
      const family = familyOf(input.u16(), input.u8());
      const nextHop = input.raw(input.u8());
      input.u8();
      if (family === undefined || nextHop.length === 16 || nextHop.length === 32) return 'unknown';
      if (nextHop.length !== 4) return undefined;
      const nlri = readNlri(input, family, this.multicastVni());
      return nlri && { family, nextHop: fromNumber(new ByteReader(nextHop).u32()), nlri };
    });
    if (read === undefined) return { error: updateError(9, toHex(bytes.slice(0, 64))) };
    return read === 'unknown' ? undefined : read;
  }

  private unreach(): ReadAttributes['unreach'] | { readonly error: Notification } {
    const bytes = this.raw.get(code.MP_UNREACH_NLRI)?.bytes;
    if (bytes === undefined) return undefined;
    const read = unlessTruncated(() => {
      const input = new ByteReader(bytes);
      const family = familyOf(input.u16(), input.u8());
      if (family === undefined) return 'unknown';
      const nlri = readNlri(input, family, 0);
      return nlri && { family, nlri };
    });
    if (read === undefined) return { error: updateError(9, toHex(bytes.slice(0, 64))) };
    return read === 'unknown' ? undefined : read;
  }

  /** The label of the PMSI tunnel attribute (RFC 6514 section 5), a VNI here; 0 without one. */
  private multicastVni(): number {
    const bytes = this.raw.get(code.PMSI_TUNNEL)?.bytes;
    if (bytes === undefined) return 0;
    if (bytes.length < 5) {
      this.findings.push(discard(code.PMSI_TUNNEL, 'is too short'));
      return 0;
    }
    return new ByteReader(bytes, 2).u24();
  }

  /** RFC 7606 sections 7.5, 7.9, 7.10: from an external peer these are discarded. */
  private onlyInternal(type: number): boolean {
    if (this.session.internal || !this.raw.has(type)) return this.session.internal;
    this.findings.push(discard(type, 'came from an external peer'));
    return false;
  }

  private number(type: number): number | undefined {
    const bytes = this.raw.get(type)?.bytes;
    if (bytes === undefined) return undefined;
    if (bytes.length !== 4) {
      this.withdraw(type, 'is not four octets long');
      return undefined;
    }
    return new ByteReader(bytes).u32();
  }

  private address(type: number): Ipv4 | undefined {
    const value = this.number(type);
    return value === undefined ? undefined : fromNumber(value);
  }

  private list<T>(type: number, size: number, from: (value: number) => T): T[] {
    const bytes = this.raw.get(type)?.bytes;
    if (bytes === undefined) return [];
    if (bytes.length % size !== 0 || bytes.length === 0) {
      this.withdraw(type, `is no whole number of ${size}-octet values`);
      return [];
    }
    const input = new ByteReader(bytes);
    const all: T[] = [];
    while (input.left > 0) all.push(from(input.u32()));
    return all;
  }

  private withdraw(attribute: number, because: string): void {
    this.findings.push({ treatment: 'treat-as-withdraw', attribute, because });
  }
}

/** All routes of a field; undefined when one cannot be read. */
export function readNlri(input: ByteReader, family: Family, multicastVni: number): Nlri[] | undefined {
  const all: Nlri[] = [];
  while (input.left > 0) {
    const nlri = family === 'evpn' ? readEvpnRoute(input, multicastVni) : readPrefix(input);
    if (nlri === undefined) return undefined;
    if (nlri !== 'ignored') all.push(nlri);
  }
  return all;
}

/** UPDATE Message Error (RFC 4271 section 6.3). */
export function updateError(errorSubcode: number, data?: string): Notification {
  return { type: 'notification', errorCode: 3, errorSubcode, ...(data !== undefined && { data }) };
}

function discard(attribute: number, because: string): Finding {
  return { treatment: 'attribute-discard', attribute, because };
}
