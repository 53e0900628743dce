import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { JsonRpcSwitch } from '../../../test-support/json-rpc-switch.ts';
import { namesOf, statePaths } from './paths.ts';
import { contentAt, entriesAt, plainJson } from './yang-json.ts';

// The real suite holds the fixture against Nokia's models: what is in it at a path is what a switch has there.
const { origin: _, ...tree } = JSON.parse(
  readFileSync(new URL('fixtures/leaf-dc-1.json', import.meta.url), 'utf8'),
);
const state = new JsonRpcSwitch(tree);

const asked: Readonly<Record<keyof typeof statePaths, string>> = {
  neighbors: statePaths.neighbors('kube-ipvrf'),
  bfd: statePaths.bfd(),
  interface: statePaths.interface('ethernet-1/1'),
  lastChanges: statePaths.lastChanges(),
  operStates: statePaths.operStates(),
  counters: statePaths.counters(),
  memberships: statePaths.memberships(),
  routeTable: statePaths.routeTable('default'),
  ribIpv4: statePaths.ribIpv4('default'),
  ribEvpn: statePaths.ribEvpn('default'),
  attributes: statePaths.attributes('default'),
  macs: statePaths.macs('kube_macvrf'),
  neighborCache: statePaths.neighborCache('irb0', 0),
};

describe('Paths of SR Linux', () => {
  test.each(Object.entries(asked))('%s leads to something: %s', (_name, path) => {
    const withoutWildcards = path.replaceAll(/\[[\w-]+=\*\]/g, '');
    const start = withoutWildcards === path ? path : path.slice(0, path.indexOf('['));
    expect(state.at(start)).toBeDefined();
  });
});

describe('An answer', () => {
  const neighbors = [{ 'peer-address': '10.1.1.0' }];
  const names = namesOf(statePaths.neighbors('default'));

  test.each([
    [
      'from the root on, with modules',
      {
        'srl_nokia-network-instance:network-instance': [
          { name: 'default', protocols: { 'srl_nokia-bgp:bgp': { neighbor: neighbors } } },
        ],
      },
    ],
    ['from the list on', { neighbor: neighbors }],
    ['that is the list', neighbors],
  ])('%s is read the same', (_form, answer) => {
    expect(entriesAt(plainJson(answer), names)).toEqual(neighbors);
  });

  test('with nothing in it has no entries', () => {
    expect(entriesAt(plainJson({}), names)).toEqual([]);
    expect(contentAt(plainJson({}), names)).toEqual({});
  });
});
