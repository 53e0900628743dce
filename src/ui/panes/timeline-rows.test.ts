import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import { leafStoppedEvents } from '../../test-support/leaf-stopped-events.ts';
import { lineText } from '../cells/line.ts';
import { causeDepths, timelineRows } from './timeline-rows.ts';

const name = (address: string) => address;
const shown = (events: readonly LabEvent[], filter = '', width = 120) =>
  timelineRows(events, { width, filter, name }).map(row => lineText(row.line));

const flow = {
  sourceAddress: '10.1.4.20',
  destinationAddress: '10.254.254.240',
  protocol: 6,
  sourcePort: 40_000,
  destinationPort: 8080,
};
const lost = (id: number, lostAt: string): LabEvent => ({
  id,
  at: id * 100,
  type: 'request-lost',
  client: 'client-1',
  flow,
  lostAt,
  because: 'silent link',
});

describe('the timeline', () => {
  it('indents an event below its cause', () => {
    expect(shown(leafStoppedEvents).slice(0, 5)).toEqual([
      '03:20.000 ✘ you broke it: stop LEAF-DC-1',
      '03:20.000   ✘ LEAF-DC-1 stopped',
      '03:20.000     ✘ link LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1 went down',
      '03:20.000       ✘ SPINE-DC-1 e1-1 has no carrier',
      '03:20.001         ✘ SPINE-DC-1 BGP to 10.1.1.1 is lost: interface down',
    ]);
  });

  it('knows no depth beyond the events it has', () => {
    expect(causeDepths(leafStoppedEvents.slice(3)).get(4)).toBe(0);
    expect(causeDepths(leafStoppedEvents).get(10)).toBe(8);
  });

  it('puts losses in a row at one place into one row', () => {
    expect(
      shown([lost(1, 'LEAF-DC-1'), lost(2, 'LEAF-DC-1'), lost(3, 'LEAF-DC-1'), lost(4, 'BORDER-DC')]),
    ).toEqual([
      '00:00.300 ✘ LEAF-DC-1 3 requests lost one after the other: silent link',
      '00:00.400 ✘ BORDER-DC a request of client-1 is lost: silent link',
    ]);
  });

  it('leaves out what other events say as well, until a filter asks for it', () => {
    const heard: LabEvent = {
      id: 1,
      at: 0,
      type: 'update-received',
      node: 'BORDER-DC',
      instance: 'default',
      peer: '10.1.10.0',
      family: 'ipv4-unicast',
      announced: ['1.1.1.1/32'],
      withdrawn: [],
      announcedCount: 1,
      withdrawnCount: 0,
    };
    expect(shown([heard])).toEqual([]);
    expect(shown([heard], 'border hears')).toEqual(['00:00.000 ← BORDER-DC hears from 10.1.10.0 1.1.1.1/32']);
  });
});
