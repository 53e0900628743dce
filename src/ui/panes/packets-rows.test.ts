import { describe, expect, it } from 'vitest';
import type { PacketField, PacketRow } from '../../lab/packet-row.ts';
import { everythingUp } from '../../test-support/snapshots.ts';
import { inLesson } from '../../test-support/tutor-states.ts';
import { paneView } from '../../tutor/layout.ts';
import { lineText } from '../cells/line.ts';
import { packetsPicture } from './packets-picture.ts';
import { allFieldLines, fieldLines } from './packets-rows.ts';

const attribute = (name: string, value: string, from: number): PacketField => ({
  name: 'Path Attribute',
  value: `${name}: ${value}`,
  from,
  to: from + 4,
  fields: [
    { name: 'Attribute Flags', value: '0x40 well-known, transitive', from, to: from + 1 },
    { name: name, value, from: from + 3, to: from + 4 },
  ],
});

const update: PacketRow = {
  id: 7,
  at: 12_345,
  from: 'LEAF-DC-1',
  to: 'SPINE-DC-1',
  flow: {
    sourceAddress: '10.1.1.1',
    destinationAddress: '10.1.1.0',
    protocol: 6,
    sourcePort: 179,
    destinationPort: 32_768,
  },
  ttl: 1,
  kind: 'UPDATE',
  summary: '1.1.1.1/32 via 10.1.1.1, AS path 65001',
  sequence: 1,
  acknowledgment: 1,
  length: 31,
  octets: 'ff'.repeat(31),
  fields: [
    { name: 'Marker', value: 'all ones', from: 0, to: 16 },
    { name: 'Length', value: '31', from: 16, to: 18 },
    { name: 'Type', value: '2 UPDATE', from: 18, to: 19 },
    { name: 'Total Path Attribute Length', value: '8', from: 21, to: 23 },
    {
      name: 'Path Attributes',
      value: '2',
      from: 23,
      to: 31,
      fields: [attribute('ORIGIN', '0 IGP', 23), attribute('LOCAL_PREF', '100', 27)],
    },
  ],
  nodes: ['LEAF-DC-1', 'SPINE-DC-1'],
  links: ['LEAF-DC-1:e1-1 SPINE-DC-1:e1-1'],
};
const keepalive: PacketRow = { ...update, id: 8, kind: 'KEEPALIVE', summary: '', fields: [] };

describe('a decoded message', () => {
  it('says what it says where there are few lines, and every field where there are many', () => {
    expect(fieldLines(update, 60, 3).map(lineText)).toEqual(['ORIGIN 0 IGP', 'LOCAL_PREF 100']);
    expect(fieldLines(update, 60, 20).map(lineText)).toEqual([
      'ORIGIN 0 IGP',
      '  Attribute Flags 0x40 well-known, transitive',
      '  ORIGIN 0 IGP',
      'LOCAL_PREF 100',
      '  Attribute Flags 0x40 well-known, transitive',
      '  LOCAL_PREF 100',
    ]);
  });

  it('counts what has no room', () => {
    expect(fieldLines(update, 60, 1).map(lineText)).toEqual(['… 2 more: Enter']);
  });

  it('with all its fields tells the octets where each stands', () => {
    expect(allFieldLines(update, 60).map(lineText).slice(0, 3)).toEqual([
      '0–15     Marker all ones',
      '16–17    Length 31',
      '18       Type 2 UPDATE',
    ]);
  });
});

describe('the packets pane', () => {
  const state = inLesson();
  const room = { width: 100, height: 20 };
  const tables = new Map([['packets', [update, keepalive]]]);
  const view = paneView(state.layout, 'packets');

  it('leaves KEEPALIVEs out until a filter asks for them', () => {
    const shown = packetsPicture(state, { ...everythingUp, tables }, view, room);
    expect(shown.items).toEqual(['7']);
    const filtered = packetsPicture(state, { ...everythingUp, tables }, { filter: 'keepalive' }, room);
    expect(filtered.items).toEqual(['8']);
  });

  it('decodes the newest message until one is selected', () => {
    const shown = packetsPicture(state, { ...everythingUp, tables }, view, room);
    expect(shown.foot.map(lineText).slice(1, 3)).toEqual(['UPDATE  LEAF-DC-1 → SPINE-DC-1', 'ORIGIN 0 IGP']);
  });

  it('says so where a lab writes no packets down', () => {
    const shown = packetsPicture(state, everythingUp, view, room);
    expect(shown.empty).toMatch(/^Only the embedded lab/);
  });
});
