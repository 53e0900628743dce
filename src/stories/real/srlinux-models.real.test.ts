import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { changesOf, portChange } from '../../engines/containerlab/srlinux/edits.ts';
import { parseSwitchConfig } from '../../lab/files/switch/parse-switch-config.ts';
import { yangJson } from '../../lab/files/switch/render-config.ts';
import type { JsonRpcChange } from '../../programs/json-rpc.ts';
import { YangModels } from '../../scripts/yang-models.ts';
import { JsonRpcSwitch } from '../../test-support/json-rpc-switch.ts';
import { srlinuxModels } from '../../test-support/srlinux-models.ts';

/*
 * No SR Linux can be had here: what we send to it and read of it is held against the YANG models that Nokia publishes.
 * paths.test.ts beside the adapter holds each path that is asked against the same fixture.
 */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = srlinuxModels();
const models = folder === undefined ? undefined : new YangModels(folder);
const missing =
  'skipped: Nokia’s YANG models are not here. Set SRKLAB_YANG_MODELS to the folder that has srl_nokia/, or see docs/lab-files.md';

afterAll(() => models?.close());

test('lessons have lines for switches in them', () => {
  expect(linesOfLessons('set').length).toBeGreaterThan(5);
  expect(linesOfLessons('delete').length).toBeGreaterThan(2);
});

describe.skipIf(models === undefined)(
  `Nokia’s YANG models${models === undefined ? ` (${missing})` : ''}`,
  () => {
    const fixtures = join(root, 'src/engines/containerlab/srlinux/fixtures');

    test.each(filesOf(fixtures, '.json'))(
      'the state that our tests read is state as the models have it: %s',
      file => {
        const { origin, ...state } = JSON.parse(readFileSync(join(fixtures, file), 'utf8'));
        expect(origin).toContain('25.3');
        expect(models?.state(state)).toEqual([]);
      },
    );

    test('state with a word that the models do not have is found out', () => {
      const state = {
        'srl_nokia-bfd:bfd': {
          'network-instance': [
            { name: 'default', peer: [{ 'local-discriminator': 1, 'session-state': 'FINE' }] },
          ],
        },
      };
      expect(models?.state(state).join('\n')).toContain('FINE');
    });

    test.each(filesOf(join(root, 'fabric'), '.cfg'))('the configuration of a switch is valid: %s', file => {
      const { tree } = parseSwitchConfig(readFileSync(join(root, 'fabric', file), 'utf8'), file);
      expect(models?.namesAndTypes(yangJson(tree))).toEqual([]);
      expect(models?.conditions(yangJson(tree))).toEqual([]);
    });

    test('a port can be disabled and enabled', () => {
      for (const enabled of [true, false]) {
        expect(models?.namesAndTypes(treeOf(portChange('ethernet-1/1', enabled)))).toEqual([]);
      }
    });

    test.each(linesOfLessons('set'))('a line that a lesson has a switch perform is valid: %s', line => {
      const changes = changesOf([line]);
      if ('problem' in changes) throw new Error(changes.problem);
      for (const change of changes) expect(models?.namesAndTypes(treeOf(change))).toEqual([]);
    });

    test.each(linesOfLessons('delete'))('a place that a lesson deletes is there: %s', line => {
      const switches = filesOf(join(root, 'fabric'), '.cfg').map(file => {
        const { tree } = parseSwitchConfig(readFileSync(join(root, 'fabric', file), 'utf8'), file);
        return new JsonRpcSwitch(yangJson(tree) as Record<string, unknown>);
      });
      // What was set by a line before is there too.
      const before = linesOfLessons('set').map(set => changesOf([set]));
      const lessons = before.flatMap(changes => ('problem' in changes ? [] : changes.map(treeOf)));
      const places = [
        ...switches,
        ...lessons.map(tree => new JsonRpcSwitch(tree as Record<string, unknown>)),
      ];
      const changes = changesOf([line]);
      if ('problem' in changes) {
        // One value of a leaf-list has no path that we know: the learner's sr_cli deletes it, JSON-RPC is not asked.
        expect(changes.problem).toContain('names a value, not a place');
        return;
      }
      for (const { path } of changes) expect(places.some(place => place.at(path) !== undefined)).toBe(true);
    });
  },
);

function filesOf(path: string, ending: string): string[] {
  return readdirSync(path).filter(name => name.endsWith(ending));
}

/** Every `sr_cli -ec "…"` of the lessons. */
function linesOfLessons(verb: 'set' | 'delete'): string[] {
  const lines = readdirSync(join(root, 'lessons'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .flatMap(name => [
      ...readFileSync(join(root, 'lessons', name), 'utf8').matchAll(/sr_cli -ec "(\w+ \/ [^"]*)"/g),
    ])
    .map(([, line = '']) => line);
  return [...new Set(lines)].filter(line => line.startsWith(`${verb} `));
}

const modules: Readonly<Record<string, string>> = {
  interface: 'srl_nokia-interfaces',
  'network-instance': 'srl_nokia-network-instance',
  bgp: 'srl_nokia-bgp',
  bfd: 'srl_nokia-bfd',
};

/** What an update says, as a tree of its own. */
function treeOf(change: JsonRpcChange): unknown {
  if (change.action === 'delete') return {};
  if (change.path === '/') return change.value;
  const steps = [...change.path.matchAll(/\/([\w-]+)((?:\[[^\]]*\])*)/g)];
  return steps.reduceRight<unknown>((below, [, name = '', keys = '']) => {
    const pairs = [...keys.matchAll(/\[([^=]+)=([^\]]*)\]/g)].map(([, key = '', value = '']) => [key, value]);
    const label = modules[name] === undefined ? name : `${modules[name]}:${name}`;
    return { [label]: pairs.length > 0 ? [{ ...Object.fromEntries(pairs), ...(below as object) }] : below };
  }, change.value);
}
