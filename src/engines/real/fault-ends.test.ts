import { expect, test } from 'vitest';
import { talkLab } from '../../test-support/talk-lab.ts';
import { endsOf, linksOf } from './fault-ends.ts';

const lab = talkLab();
const link = 'BORDER-DC:e1-1 SPINE-DC-1:e1-10';
const a = { node: 'BORDER-DC', port: 'ethernet-1/1' };
const b = { node: 'SPINE-DC-1', port: 'ethernet-1/10' };
const all = () => true;

test('a cut or flapping link is dark at both ends', () => {
  const dark = [a, b].map(end => ({ end, reason: 'downBy' }));
  expect(endsOf({ kind: 'link-cut', link }, lab, all)).toEqual(dark);
  expect(endsOf({ kind: 'link-flap', link, downMs: 1, upMs: 1, times: 1 }, lab, all)).toEqual(dark);
});

test('what one end sends is lost where the other would let it in', () => {
  const deaf = (direction: 'both' | 'a-to-b' | 'b-to-a') =>
    endsOf({ kind: 'silent-loss', link, direction }, lab, all).map(
      ({ end, reason }) => `${reason} ${end.node}`,
    );
  expect(deaf('a-to-b')).toEqual(['deafBy SPINE-DC-1']);
  expect(deaf('b-to-a')).toEqual(['deafBy BORDER-DC']);
  expect(deaf('both').sort()).toEqual(['deafBy BORDER-DC', 'deafBy SPINE-DC-1']);
});

test('a silent node deafens both ends of its links that are plugged in, and no other', () => {
  const plugged = new Set([link]);
  const struck = endsOf({ kind: 'node-silent', node: 'SPINE-DC-1' }, lab, ({ id }) => plugged.has(id));
  expect(struck.map(({ end }) => end)).toEqual([a, b]);
  expect(linksOf(lab, 'SPINE-DC-1')).toHaveLength(3);
});

test('a fault of a process touches no link', () => {
  expect(endsOf({ kind: 'speaker-frozen', node: 'SPINE-DC-1' }, lab, all)).toEqual([]);
});
