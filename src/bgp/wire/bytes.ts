/** Big-endian output that grows. */
export class ByteWriter {
  private bytes = new Uint8Array(256);
  length = 0;

  u8(value: number): this {
    this.room(1);
    this.bytes[this.length++] = value;
    return this;
  }

  u16(value: number): this {
    return this.u8((value >>> 8) & 255).u8(value & 255);
  }

  u24(value: number): this {
    return this.u8((value >>> 16) & 255).u16(value & 0xffff);
  }

  u32(value: number): this {
    return this.u16((value >>> 16) & 0xffff).u16(value & 0xffff);
  }

  raw(bytes: Uint8Array): this {
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  done(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Thrown by a reader that is asked for more than there is; every decoder turns it into a value. */
export class Truncated extends Error {}

/** Big-endian input over one slice of a message. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private at: number;
  private readonly end: number;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.bytes[this.take(1)] as number;
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  u24(): number {
    return this.u16() * 256 + this.u8();
  }

  u32(): number {
    return this.u16() * 65536 + this.u16();
  }

  raw(length: number): Uint8Array {
    const from = this.take(length);
    return this.bytes.slice(from, from + length);
  }

  /** A reader of the next `length` bytes; this one goes on behind them. */
  part(length: number): ByteReader {
    const from = this.take(length);
    return new ByteReader(this.bytes, from, from + length);
  }

  private take(length: number): number {
    if (length > this.left) throw new Truncated(`${length} bytes wanted, ${this.left} left`);
    const from = this.at;
    this.at += length;
    return from;
  }
}

/** Runs a decoder; undefined when its input ended too early. */
export function unlessTruncated<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof Truncated) return undefined;
    throw error;
  }
}

/** "0x0a1b": bytes that have no better text. */
export function toHex(bytes: Uint8Array): string {
  let text = '0x';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The bytes of a "0x…" text; undefined when it is none. */
export function fromHex(text: string): Uint8Array | undefined {
  if (!/^0x([0-9a-f]{2})*$/.test(text)) return undefined;
  const bytes = new Uint8Array((text.length - 2) / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 + i * 2, 4 + i * 2), 16);
  return bytes;
}
