import { describe, expect, it } from 'vitest';
import { type FiveTuple, TCP } from './flow.ts';
import { checksum, ipPacket, pcapFile, type TcpSegment } from './pcap.ts';

const flow: FiveTuple = {
  sourceAddress: '10.0.0.1',
  destinationAddress: '10.0.0.2',
  protocol: TCP,
  sourcePort: 40_000,
  destinationPort: 179,
};
const syn: TcpSegment = {
  at: 1_767_225_600_000.25,
  flow,
  ttl: 1,
  flags: { syn: true },
  sequence: 0,
  acknowledgment: 0,
  payload: new Uint8Array(0),
};
const odd: TcpSegment = {
  ...syn,
  flags: { psh: true, ack: true },
  sequence: 0xffff_fffe,
  acknowledgment: 2 ** 32 + 5,
  payload: Uint8Array.of(1, 2, 3),
};

describe('the checksum', () => {
  it('is that of the example in RFC 1071 section 3', () => {
    expect(checksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7), 0)).toBe(~0xddf2 & 0xffff);
  });
});

describe('a segment as an IPv4 packet', () => {
  it.each([
    ['a SYN with its options', syn],
    ['data of an odd length', odd],
  ])('has checksums that come to zero: %s', (_, segment) => {
    const packet = ipPacket(segment);
    const length = packet.length - 20;
    const pseudo = [...packet.subarray(12, 20)].reduce(
      (total, octet, at) => total + (at % 2 === 0 ? octet * 256 : octet),
      TCP + length,
    );
    expect(checksum(packet.subarray(0, 20), 0)).toBe(0);
    expect(checksum(packet.subarray(20), pseudo)).toBe(0);
  });

  it('says its length, its addresses, its ports and its flags where they belong', () => {
    const packet = ipPacket(odd);
    const view = new DataView(packet.buffer);
    expect(view.getUint16(2)).toBe(43);
    expect(packet[8]).toBe(1);
    expect([...packet.subarray(12, 20)]).toEqual([10, 0, 0, 1, 10, 0, 0, 2]);
    expect([view.getUint16(20), view.getUint16(22)]).toEqual([40_000, 179]);
    expect(packet[33]).toBe(0x18);
    expect([...packet.subarray(40)]).toEqual([1, 2, 3]);
  });

  it('wraps numbers at 2³² as TCP does', () => {
    const view = new DataView(ipPacket(odd).buffer);
    expect([view.getUint32(24), view.getUint32(28)]).toEqual([0xffff_fffe, 5]);
  });
});

describe('a capture file', () => {
  it('begins with the header of raw IP and holds every packet behind its time and length', () => {
    const file = pcapFile([syn, odd]);
    const view = new DataView(file.buffer);
    expect(view.getUint32(0)).toBe(0xa1b2c3d4);
    expect(view.getUint32(20)).toBe(101);
    expect([view.getUint32(24), view.getUint32(28)]).toEqual([1_767_225_600, 250]);
    expect([view.getUint32(32), view.getUint32(36)]).toEqual([48, 48]);
    expect(file.length).toBe(24 + 16 + 48 + 16 + 43);
  });

  it('without a packet is just the header', () => {
    expect(pcapFile([]).length).toBe(24);
  });
});
