import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeNamed, type SwitchNode } from '../../../lab/lab.ts';
import { JsonRpcSwitch } from '../../../test-support/json-rpc-switch.ts';
import { talkLab } from '../../../test-support/talk-lab.ts';
import { changesBetween } from './changes.ts';
import { type ReadingContext, readingOf, readingPaths } from './reading.ts';
import { bgpRows, evpnRows } from './rib-rows.ts';
import { plainJson } from './yang-json.ts';

const { config } = nodeNamed(talkLab(), 'LEAF-DC-1') as SwitchNode;
const { origin: _, ...tree } = JSON.parse(
  readFileSync(new URL('fixtures/leaf-dc-1.json', import.meta.url), 'utf8'),
);
const context: ReadingContext = {
  node: 'LEAF-DC-1',
  config,
  ownerOf: () => undefined,
  ofWall: milliseconds => milliseconds,
  neighborOf: () => undefined,
  vniOf: () => undefined,
  sessionSince: () => undefined,
  bfdSince: () => undefined,
  isMultihop: () => false,
};

/** The tree with one member, somewhere, replaced by something else or taken out. */
const mangled = fc.tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(undefined))).map(([place, value]) => {
  const copy = structuredClone(tree);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (here: unknown) => {
    if (typeof here !== 'object' || here === null) return;
    for (const [name, below] of Object.entries(here)) {
      places.push([here as Record<string, unknown>, name]);
      walk(below);
    }
  };
  walk(copy);
  const [holder, name] = places[place % places.length] ?? [copy, ''];
  if (value !== undefined) holder[name] = value;
  else if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else delete holder[name];
  return copy as Record<string, unknown>;
});

test('an answer of another release, or a broken one, costs rows at most', () => {
  const paths = readingPaths(config);
  const whole = readingOf(answersOf(tree), { askedAt: 990, at: 1_000 }, context);
  expect(whole.sessions).toHaveLength(5);
  fc.assert(
    fc.property(mangled, other => {
      const reading = readingOf(answersOf(other), { askedAt: 1_990, at: 2_000 }, context);
      changesBetween(whole, reading, 'LEAF-DC-1');
      const state = new JsonRpcSwitch(other);
      const rib = plainJson(state.at('/network-instance[name=default]/bgp-rib')) as
        | Record<string, unknown>
        | undefined;
      for (const family of listOf(rib?.['afi-safi'])) {
        const attributes = listOf((rib?.['attr-sets'] as Record<string, unknown> | undefined)?.['attr-set']);
        bgpRows(objectOf(family['ipv4-unicast']), { ownerOf: () => undefined, attributes });
        evpnRows(objectOf(family['evpn']), { ownerOf: () => undefined, attributes });
      }
    }),
    { numRuns: 300 },
  );

  function answersOf(of: Record<string, unknown>): unknown[] {
    const state = new JsonRpcSwitch(of);
    return paths.map(path => state.at(path.replaceAll(/\[[\w-]+=\*\].*$/g, '')) ?? {});
  }
});

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
