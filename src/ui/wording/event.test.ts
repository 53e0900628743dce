import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import { leafStoppedEvents } from '../../test-support/leaf-stopped-events.ts';
import { countText, durationText, finePercentText, momentText, rateText } from './amount.ts';
import { eventText, eventWording } from './event.ts';
import { faultText, healedText } from './fault.ts';

const names: Readonly<Record<string, string>> = {
  '10.1.1.1': 'LEAF-DC-1',
  '10.1.10.1': 'BORDER-DC',
  '1.1.1.1': 'LEAF-DC-1',
  '1.1.1.2': 'LEAF-DC-2',
};
const name = (address: string) => names[address] ?? address;

describe('events as sentences', () => {
  it('tell the story of a leaf that stopped', () => {
    expect(leafStoppedEvents.map(event => eventText(event, name))).toEqual([
      'you broke it: stop LEAF-DC-1',
      'LEAF-DC-1 stopped',
      'link LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1 went down',
      'SPINE-DC-1 e1-1 has no carrier',
      'SPINE-DC-1 BGP to LEAF-DC-1 (10.1.1.1) is lost: interface down',
      'SPINE-DC-1 no route to 1.1.1.1/32 any more',
      'SPINE-DC-1 tells BORDER-DC withdrawal of 1.1.1.1/32',
      'SPINE-DC-1 a request of client-10-1-4-20 is lost: no route to 1.1.1.1',
      'BORDER-DC 10.254.254.240/32 in kube-ipvrf now via LEAF-DC-2, before LEAF-DC-1 and LEAF-DC-2 (next hop unresolved)',
      'BORDER-DC forwards 10.254.254.240/32 to LEAF-DC-2, before LEAF-DC-1 and LEAF-DC-2',
      'requests are answered again after 132 ms (14 lost)',
    ]);
  });

  it('tell a route that is chosen anew with the same next hops from one that goes another way', () => {
    const chosen = (previously: readonly string[], nextHops: readonly string[]): LabEvent => ({
      id: 1,
      at: 0,
      type: 'route-chosen',
      node: 'LEAF-DC-1',
      instance: 'kube-ipvrf',
      prefix: '1.1.1.202/32',
      owner: 'bgp-evpn',
      previously,
      nextHops,
    });
    const where = 'LEAF-DC-1 1.1.1.202/32 in kube-ipvrf';
    expect(eventText(chosen([], ['1.1.1.2']), name)).toBe(`${where} via LEAF-DC-2`);
    expect(eventText(chosen(['1.1.1.2'], ['1.1.1.2']), name)).toBe(`${where} still via LEAF-DC-2`);
    expect(eventText(chosen(['1.1.1.1'], ['1.1.1.2']), name)).toBe(
      `${where} now via LEAF-DC-2, before LEAF-DC-1`,
    );
  });

  it('say with a symbol what colour says, too', () => {
    const session = (to: 'established' | 'idle'): LabEvent => ({
      id: 1,
      at: 0,
      type: 'session-changed',
      node: 'LEAF-DC-1',
      instance: 'default',
      peer: '10.1.1.0',
      from: to === 'idle' ? 'established' : 'openconfirm',
      to,
      because: 'Hold Timer Expired',
    });
    expect(eventWording(session('established'), name)).toMatchObject({ symbol: '✔', look: 'up' });
    expect(eventWording(session('idle'), name)).toMatchObject({ symbol: '✘', look: 'down' });
  });

  it('name what nobody announces any more, and why', () => {
    expect(
      eventText(
        {
          id: 1,
          at: 0,
          type: 'announcement-stopped',
          node: 'datacenter-worker',
          service: 'hello-lb',
          prefix: '10.254.254.240/32',
          reason: 'noLocalEndpoints',
        },
        name,
      ),
    ).toBe(
      'datacenter-worker MetalLB no longer announces 10.254.254.240/32: Local, and no ready pod runs on this node',
    );
  });
});

describe('faults as sentences', () => {
  it('name who no longer reaches whom', () => {
    expect(
      faultText({ kind: 'silent-loss', link: 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1', direction: 'b-to-a' }),
    ).toBe('link LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1 silently loses what SPINE-DC-1 sends to LEAF-DC-1');
  });

  it('tell a speaker that ended from one that stands still', () => {
    const node = 'SPINE-DC-1';
    const texts = (['speaker-killed', 'speaker-terminated', 'speaker-frozen'] as const).map(kind => [
      faultText({ kind, node }),
      healedText({ kind, node }),
    ]);
    expect(texts).toEqual([
      ['the BGP speaker of SPINE-DC-1 was killed', 'the BGP speaker of SPINE-DC-1 is back'],
      ['the BGP speaker of SPINE-DC-1 was terminated', 'the BGP speaker of SPINE-DC-1 is back'],
      [
        'the BGP speaker of SPINE-DC-1 is frozen: its connections stay open',
        'the BGP speaker of SPINE-DC-1 goes on',
      ],
    ]);
  });
});

describe('amounts', () => {
  it('always carry their unit', () => {
    expect([0, 132, 1_250, 59_400, 61_000, 3_780_000].map(durationText)).toEqual([
      '0 ms',
      '132 ms',
      '1.3 s',
      '59 s',
      '1 min 01 s',
      '1 h 03 min',
    ]);
    expect([0, 0.4, 31, 1_240, 99_999].map(rateText)).toEqual(['0/s', '<1/s', '31/s', '1.2k/s', '100k/s']);
    expect([0, 0.0008, 0.024, 0.52].map(finePercentText)).toEqual(['0 %', '0.08 %', '2.4 %', '52 %']);
    expect(countText(1_234_567)).toBe('1,234,567');
    expect(momentText(192_407)).toBe('03:12.407');
  });
});

describe('an impaired link', () => {
  const fault = {
    kind: 'link-impaired',
    link: 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1',
    direction: 'b-to-a',
    delayMs: 100,
    jitterMs: 10,
    lossPercent: 20,
  } as const;

  it('says which end is not heard well, and how badly', () => {
    expect(faultText(fault)).toBe(
      'link LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1 impairs what SPINE-DC-1 sends to LEAF-DC-1: 100 ms late, ±10 ms, 20 % lost',
    );
    expect(healedText(fault)).toBe(
      'link LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1 carries all that SPINE-DC-1 sends, at once',
    );
  });
});
