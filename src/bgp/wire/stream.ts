import type { Notification } from '../message.ts';
import { checkHeader, type Decoded, decodeMessage } from './decode.ts';
import { HEADER_SIZE } from './encode.ts';
import type { WireSession } from './read-attributes.ts';

/** Cuts a TCP byte stream into messages (RFC 4271 section 4.1), however the octets arrive. */
export class MessageStream {
  private held: Uint8Array = new Uint8Array(0);
  private broken: Notification | undefined;

  /**
   * Takes the next octets and gives back every message that is now whole. After a header error nothing more is
   * read: where the next message begins is unknown.
   */
  push(chunk: Uint8Array, session: () => WireSession): Decoded[] {
    if (this.broken !== undefined) return [];
    const bytes = joined(this.held, chunk);
    const all: Decoded[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER_SIZE) {
      const header = bytes.subarray(at, at + HEADER_SIZE);
      this.broken = checkHeader(header);
      if (this.broken !== undefined) {
        all.push({ outcome: 'error', notification: this.broken });
        return all;
      }
      const length = (header[16] as number) * 256 + (header[17] as number);
      if (bytes.length - at < length) break;
      all.push(decodeMessage(bytes.subarray(at, at + length), session()));
      at += length;
    }
    this.held = bytes.slice(at);
    return all;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
