import { fromNumber } from '../../net/address.ts';
import { toHex } from './bytes.ts';

/** A field of a message with the RFC's name: octets `from` up to, not including, `to`. */
export type MessageField = {
  readonly name: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
  readonly fields?: readonly MessageField[];
};

/**
 * Reads a message's octets from left to right and writes down each field it takes. Where octets are missing the field
 * says so and the reader is at its end: describing never fails.
 */
export class FieldReader {
  readonly fields: MessageField[] = [];
  private readonly bytes: Uint8Array;
  private at: number;
  private readonly end: number;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = from;
    this.end = Math.min(end, bytes.length);
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Takes an unsigned number of up to four octets; `say` gives its text. */
  number(name: string, size: number, say: (value: number) => string = String): number {
    if (!this.has(name, size)) return 0;
    const from = this.at;
    let value = 0;
    for (; this.at < from + size; this.at++) value = value * 256 + (this.bytes[this.at] ?? 0);
    this.fields.push({ name, value: say(value), from, to: this.at });
    return value;
  }

  address(name: string): void {
    this.number(name, 4, fromNumber);
  }

  /** Takes octets that `say` turns into text; hexadecimal without it. */
  octets(name: string, size: number, say: (octets: Uint8Array) => string = toHex): void {
    if (!this.has(name, size)) return;
    const from = this.at;
    this.at += size;
    this.fields.push({ name, value: say(this.bytes.slice(from, this.at)), from, to: this.at });
  }

  /** Takes octets that hold fields of their own; `value` stands beside the name, made after they were read. */
  group(name: string, size: number, read: (inside: FieldReader) => string): void {
    if (!this.has(name, size)) return;
    const inside = new FieldReader(this.bytes, this.at, this.at + size);
    const value = read(inside);
    const { at: from } = this;
    this.at += size;
    this.fields.push({ name, value, from, to: this.at, fields: inside.fields });
  }

  /** Groups until nothing is left, each as long as `sizeOf` says from where it stands. */
  each(name: string, sizeOf: (peek: Peek) => number, read: (inside: FieldReader) => string): void {
    while (this.left > 0) {
      const size = sizeOf(offset => this.bytes[this.at + offset] ?? 0);
      this.group(name, Math.max(1, size), read);
    }
  }

  private has(name: string, size: number): boolean {
    if (size <= this.left) return true;
    const value = `cut short: ${size} octets wanted, ${this.left} left`;
    if (this.left > 0) this.fields.push({ name, value, from: this.at, to: this.end });
    this.at = this.end;
    return false;
  }
}

/** The octet so many places ahead, 0 behind the end. */
export type Peek = (offset: number) => number;
