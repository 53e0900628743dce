import { describe, expect, test } from 'vitest';
import { emptyTree } from './config-tree.ts';
import { diffInfoLines, diffLines } from './diff-config.ts';
import { editConfig, resolvePath } from './edit-config.ts';
import { parseSwitchConfig } from './parse-switch-config.ts';
import { flatLines, infoJson, infoLines, yangJson } from './render-config.ts';

const { tree } = parseSwitchConfig(
  [
    'set / interface ethernet-1/1 admin-state enable',
    'set / interface ethernet-1/1 subinterface 0 ipv4 admin-state enable',
    'set / interface ethernet-1/1 subinterface 0 ipv4 address 10.0.0.0/31',
    'set / network-instance default interface ethernet-1/1.0',
    'set / network-instance default protocols bgp autonomous-system 65001',
    'set / network-instance default protocols bgp router-id 1.1.1.1',
    'set / network-instance default protocols bgp afi-safi ipv4-unicast admin-state enable',
    'set / network-instance default protocols bgp group g import-policy [ a b ]',
  ].join('\n'),
  'a.cfg',
);

function edited(...lines: string[]) {
  return lines.reduce((before, line) => {
    const result = editConfig(before, line);
    if (result.outcome === 'refused') throw new Error(`${line}: ${result.message}`);
    return result.tree;
  }, tree);
}

function pathOf(words: string) {
  const result = resolvePath(words);
  if (result.outcome === 'refused') throw new Error(result.message);
  return result.path;
}

describe('Candidate mode', () => {
  test('leaves the tree it started from as it was', () => {
    const before = flatLines(tree);
    edited('delete / network-instance default', 'set / interface ethernet-1/1 admin-state disable');
    expect(flatLines(tree)).toEqual(before);
  });

  test('understands a path relative to where one is', () => {
    const { steps } = pathOf('/ network-instance default protocols bgp');
    const result = editConfig(tree, 'set group g peer-as 65002', steps);
    expect(result.outcome === 'edited' && diffLines(tree, result.tree)).toEqual([
      'insert / network-instance default protocols bgp group g peer-as 65002',
    ]);
  });

  test('needs no word "set", and takes the slash glued to the first word', () => {
    expect(diffLines(tree, edited('/interface ethernet-1/2 mtu 9000'))).toEqual([
      'insert / interface ethernet-1/2 mtu 9000',
    ]);
  });

  test('refuses with the column of the word that is wrong', () => {
    expect(editConfig(tree, 'set / interface ethernet-1/1 admin-state off')).toEqual({
      outcome: 'refused',
      message: '"off" is no value for "interface ethernet-1/1 admin-state"',
      expected: 'enable or disable',
      column: 42,
    });
    expect(editConfig(tree, 'delete / interface ethernet-1/9')).toEqual({
      outcome: 'refused',
      message: 'there is nothing of that name to delete',
      column: 32,
    });
    expect(editConfig(tree, 'set /')).toMatchObject({ outcome: 'refused', message: 'a path is missing' });
    expect(editConfig(tree, 'set / interface lo1 {')).toMatchObject({ message: '"{" does not belong here' });
  });

  test('says what it ignores', () => {
    expect(editConfig(emptyTree, 'set / system snmp x')).toMatchObject({
      outcome: 'edited',
      warnings: ['"system snmp" is not modelled, ignored'],
    });
  });
});

describe('diff', () => {
  const after = edited(
    'set / interface ethernet-1/1 admin-state disable',
    'delete / network-instance default interface ethernet-1/1.0',
    'set / network-instance default protocols bgp group g import-policy c',
    'delete / network-instance default protocols bgp group g import-policy a',
    'set / interface lo1 admin-state enable',
  );

  test('flat gives the lines that turn one into the other', () => {
    expect(diffLines(tree, after)).toEqual([
      'delete / interface ethernet-1/1 admin-state enable',
      'insert / interface ethernet-1/1 admin-state disable',
      'insert / interface lo1 admin-state enable',
      'delete / network-instance default interface ethernet-1/1.0',
      'delete / network-instance default protocols bgp group g import-policy a',
      'insert / network-instance default protocols bgp group g import-policy c',
    ]);
  });

  test('nested marks what came and what went', () => {
    expect(diffInfoLines(tree, after)).toEqual([
      '      interface ethernet-1/1 {',
      '-         admin-state enable',
      '+         admin-state disable',
      '      }',
      '+     interface lo1 {',
      '+         admin-state enable',
      '+     }',
      '      network-instance default {',
      '-         interface ethernet-1/1.0 {',
      '-         }',
      '          protocols {',
      '              bgp {',
      '                  group g {',
      '                      import-policy [',
      '-                         a',
      '+                         c',
      '                      ]',
      '                  }',
      '              }',
      '          }',
      '      }',
    ]);
  });

  test('of a configuration with itself is empty', () => {
    expect(diffLines(tree, tree)).toEqual([]);
    expect(diffInfoLines(tree, tree)).toEqual([]);
  });
});

describe('info', () => {
  test('shows a part of the tree with everything above it', () => {
    expect(infoLines(tree, pathOf('network-instance default protocols bgp group g'))).toEqual([
      '    network-instance default {',
      '        protocols {',
      '            bgp {',
      '                group g {',
      '                    import-policy [',
      '                        a',
      '                        b',
      '                    ]',
      '                }',
      '            }',
      '        }',
      '    }',
    ]);
  });

  test('inside a context leaves out what is above it', () => {
    const path = pathOf('network-instance default protocols bgp');
    expect(infoLines(tree, path, path.steps).slice(0, 3)).toEqual([
      '    autonomous-system 65001',
      '    router-id 1.1.1.1',
      '    afi-safi ipv4-unicast {',
    ]);
  });

  test('of one leaf or one list shows just that', () => {
    expect(infoLines(tree, pathOf('interface ethernet-1/1 admin-state'))).toEqual([
      '    interface ethernet-1/1 {',
      '        admin-state enable',
      '    }',
    ]);
    expect(flatLines(tree, pathOf('network-instance default interface'))).toEqual([
      'set / network-instance default interface ethernet-1/1.0',
    ]);
  });

  test('of what is not configured is nothing', () => {
    expect(infoLines(tree, pathOf('bfd'))).toEqual([]);
    expect(infoJson(tree, pathOf('bfd'))).toBeUndefined();
  });

  test('as JSON has numbers, words and lists', () => {
    expect(infoJson(tree, pathOf('network-instance default protocols bgp'))).toEqual({
      'network-instance': [
        {
          name: 'default',
          protocols: {
            bgp: {
              'autonomous-system': 65001,
              'router-id': '1.1.1.1',
              'afi-safi': [{ 'afi-safi-name': 'ipv4-unicast', 'admin-state': 'enable' }],
              group: [{ 'group-name': 'g', 'import-policy': ['a', 'b'] }],
            },
          },
        },
      ],
    });
  });

  test('for the models’ proof carries the modules’ names', () => {
    expect(yangJson(tree)).toMatchObject({
      'srl_nokia-network-instance:network-instance': [
        {
          protocols: {
            'srl_nokia-bgp:bgp': {
              'afi-safi': [{ 'afi-safi-name': 'srl_nokia-common:ipv4-unicast' }],
            },
          },
        },
      ],
    });
  });
});
