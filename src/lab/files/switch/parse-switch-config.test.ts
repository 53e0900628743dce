import { describe, expect, test } from 'vitest';
import { formatFileError } from '../../lab-error.ts';
import { largestFile } from '../file-limits.ts';
import { parseSwitchConfig } from './parse-switch-config.ts';
import { flatLines } from './render-config.ts';

function complaints(...lines: string[]): string[] {
  return parseSwitchConfig(lines.join('\n'), 'a.cfg').diagnostics.map(error => formatFileError(error));
}

describe('The flat form', () => {
  test('gives back the lines it was given, in the order of SR Linux', () => {
    const { tree, diagnostics } = parseSwitchConfig(
      [
        '# a comment',
        '! an annotation',
        '',
        'set / interface ethernet-1/10 admin-state enable',
        'set / interface ethernet-1/2 description "to the right"',
        'set / interface ethernet-1/2 admin-state disable',
      ].join('\n'),
      'a.cfg',
    );
    expect(diagnostics).toEqual([]);
    expect(flatLines(tree)).toEqual([
      'set / interface ethernet-1/2 description "to the right"',
      'set / interface ethernet-1/2 admin-state disable',
      'set / interface ethernet-1/10 admin-state enable',
    ]);
  });

  test('takes several leaves on one line', () => {
    const { tree } = parseSwitchConfig('set / interface lo1 admin-state enable description x', 'a.cfg');
    expect(flatLines(tree)).toEqual([
      'set / interface lo1 description x',
      'set / interface lo1 admin-state enable',
    ]);
  });

  test('a later line overrides an earlier one, and adds to a leaf-list', () => {
    const { tree } = parseSwitchConfig(
      [
        'set / interface lo1 admin-state enable',
        'set / interface lo1 admin-state disable',
        'set / network-instance a type ip-vrf',
        'set / network-instance a protocols bgp import-policy x',
        'set / network-instance a protocols bgp import-policy [ y x ]',
      ].join('\n'),
      'a.cfg',
    );
    expect(flatLines(tree)).toEqual([
      'set / interface lo1 admin-state disable',
      'set / network-instance a type ip-vrf',
      'set / network-instance a protocols bgp import-policy [ x y ]',
    ]);
  });

  test('delete takes away what stands above it', () => {
    const { tree, diagnostics } = parseSwitchConfig(
      [
        'set / interface lo1 admin-state enable',
        'set / interface lo2 admin-state enable',
        'delete / interface lo1',
        'delete / interface lo3',
      ].join('\n'),
      'a.cfg',
    );
    expect(flatLines(tree)).toEqual(['set / interface lo2 admin-state enable']);
    expect(diagnostics.map(error => formatFileError(error))).toEqual([
      'a.cfg:4:1: warning: there is nothing to delete at this point of the file [nothing-to-delete]',
    ]);
  });
});

describe('The brace form', () => {
  test('means the same as the flat form', () => {
    const braces = parseSwitchConfig(
      `
      interface ethernet-1/1 {
          admin-state enable
          subinterface 0 {
              ipv4 {
                  admin-state enable
                  address 10.0.0.0/31 {
                  }
              }
          }
      }
      network-instance default {
          protocols {
              bgp {
                  import-policy [
                      a
                      b
                  ]
              }
          }
      }`,
      'a.cfg',
    );
    expect(flatLines(braces.tree)).toEqual([
      'set / interface ethernet-1/1 admin-state enable',
      'set / interface ethernet-1/1 subinterface 0 ipv4 admin-state enable',
      'set / interface ethernet-1/1 subinterface 0 ipv4 address 10.0.0.0/31',
      'set / network-instance default protocols bgp import-policy [ a b ]',
    ]);
  });

  test('an unclosed brace and a brace too many are both reported', () => {
    expect(complaints('}', 'interface lo1 {', 'admin-state enable')).toEqual([
      'a.cfg:1:1: error: this brace closes nothing [syntax]',
      'a.cfg:2:15: error: this brace is never closed [syntax]\n  expected: }',
    ]);
  });

  test('a mistake in a block costs only its own statement', () => {
    const text = 'interface lo1 {\n  admn-state enable\n  description x\n}\ninterface lo2 {\n}';
    const { tree, diagnostics } = parseSwitchConfig(text, 'a.cfg');
    expect(diagnostics.map(error => `${error.line}:${error.column} ${error.code}`)).toEqual([
      '2:3 unknown-statement',
    ]);
    expect(flatLines(tree)).toEqual(['set / interface lo1 description x', 'set / interface lo2']);
  });
});

describe('What does not parse', () => {
  test('is reported with its place, an excerpt and what was meant', () => {
    const line = 'set / network-instance default protocols bgp nieghbor 10.1.1.0 peer-group spines';
    const [error] = parseSwitchConfig(line, 'fabric/LEAF-DC-1.cfg').diagnostics;
    expect(error && formatFileError({ ...error, expected: error.expected?.slice(0, 10) ?? '' }, line)).toBe(
      [
        'fabric/LEAF-DC-1.cfg:1:46: error: unknown statement "nieghbor" below "network-instance default protocols bgp" [unknown-statement]',
        '  1 | set / network-instance default protocols bgp nieghbor 10.1.1.0 peer-group spines',
        '                                                   ^',
        '  expected: "neighbor"',
      ].join('\n'),
    );
  });

  test('a value of the wrong kind says which are right', () => {
    expect(
      complaints(
        'set / interface ethernet-1/1 admin-state enabled',
        'set / interface ethernet-1/1 mtu 20',
        'set / interface ethernet-1/1 subinterface 0 ipv4 address 10.1.1.256/31',
        'set / interface ethernet-1/1 subinterface 5 vlan encap single-tagged vlan-id 4095',
        'set / interface eth1 admin-state enable',
        'set / routing-policy prefix-set p prefix 10.0.0.1/24 mask-length-range 24..32',
        'set / routing-policy prefix-set p prefix 10.0.0.0/24 mask-length-range 32..24',
        'set / routing-policy prefix-set p prefix 10.0.0.0/24',
        'set / network-instance default protocols bgp autonomous-system 0',
        'set / interface ethernet-1/1 admin-state',
      ),
    ).toEqual([
      'a.cfg:1:42: error: "enabled" is no value for "interface ethernet-1/1 admin-state" [bad-value]\n  expected: "enable"? (enable or disable)',
      'a.cfg:2:34: error: "20" is no value for "interface ethernet-1/1 mtu" [bad-value]\n  expected: a number from 1450 to 9500',
      'a.cfg:3:58: error: "10.1.1.256/31" is no value for "interface ethernet-1/1 subinterface 0 ipv4 address" [bad-value]\n  expected: an IPv4 address with prefix length, like 10.1.1.1/31',
      'a.cfg:4:78: error: "4095" is no value for "interface ethernet-1/1 subinterface 5 vlan encap single-tagged vlan-id" [bad-value]\n  expected: a number from 1 to 4094',
      'a.cfg:5:17: error: "eth1" is no value for "interface" [bad-value]\n  expected: an interface name, like ethernet-1/1, irb0, lo1 or system0',
      'a.cfg:6:42: error: "10.0.0.1/24" is no value for "routing-policy prefix-set p prefix" [bad-value]\n  expected: an IPv4 prefix with host bits zero, like 192.168.101.0/24',
      'a.cfg:7:72: error: "32..24" is no value for "routing-policy prefix-set p prefix mask-length-range" [bad-value]\n  expected: a range of prefix lengths, like 28..32, or exact',
      'a.cfg:8:53: error: "routing-policy prefix-set p prefix" needs mask-length-range too [missing-key]\n  expected: mask-length-range',
      'a.cfg:9:64: error: "0" is no value for "network-instance default protocols bgp autonomous-system" [bad-value]\n  expected: an AS number from 1 to 4294967295',
      'a.cfg:10:41: error: "interface ethernet-1/1 admin-state" needs a value [missing-value]\n  expected: enable or disable',
    ]);
  });

  test('a list that does not end swallows no other line', () => {
    const { tree, diagnostics } = parseSwitchConfig(
      'set / network-instance a protocols bgp import-policy [ x\nset / interface lo1 admin-state enable',
      'a.cfg',
    );
    expect(diagnostics.map(error => error.message)).toEqual([
      'the list of "network-instance a protocols bgp import-policy" does not end',
    ]);
    expect(flatLines(tree)).toEqual(['set / interface lo1 admin-state enable']);
  });

  test('words without a slash, and commands of the CLI, are told apart from configuration', () => {
    expect(complaints('set interface lo1', 'commit stay', 'interfaces lo1')).toEqual([
      'a.cfg:1:5: error: "set" needs an absolute path [syntax]\n  expected: set / …',
      'a.cfg:2:1: warning: "commit" is a command of the CLI, not configuration: ignored [not-modelled]',
      'a.cfg:3:1: error: unknown statement "interfaces" at the top [unknown-statement]\n  expected: "interface"? (known here: interface, network-instance, routing-policy, tunnel-interface, bfd, system, acl, oam, platform, qos, tunnel)',
    ]);
  });

  test('what a file of ten megabytes or of bytes says is not even tried', () => {
    const large = 'set / interface lo1 admin-state enable\n'.repeat(270_000);
    expect(complaints(large)).toEqual([
      'a.cfg:1:1: error: the file has 10.0 MB [file-too-large]\n  expected: at most 1 MB',
    ]);
    expect(largestFile).toBe(1_048_576);
    expect(complaints('\u0000\u0001ELF')).toEqual([
      'a.cfg:1:1: error: the file holds bytes that are no text [binary-file]\n  expected: text in UTF-8',
    ]);
  });
});

describe('What is not modelled', () => {
  test('is ignored with a warning where that changes no route and no packet', () => {
    const { tree, diagnostics } = parseSwitchConfig(
      [
        'set / system banner login-banner "keep out"',
        'set / interface ethernet-1/1 subinterface 0 ipv6 admin-state enable',
        'system {',
        '  snmp {',
        '    access-group x {',
        '    }',
        '  }',
        '}',
      ].join('\n'),
      'a.cfg',
    );
    expect(diagnostics.map(error => formatFileError(error))).toEqual([
      'a.cfg:1:14: warning: "system banner" is not modelled, ignored [not-modelled]',
      'a.cfg:2:45: warning: "interface ethernet-1/1 subinterface 0 ipv6" is not modelled, ignored [not-modelled]',
      'a.cfg:4:3: warning: "system snmp" is not modelled, ignored [not-modelled]',
    ]);
    expect(flatLines(tree)).toEqual([]);
  });

  test('is refused where ignoring it would lie', () => {
    expect(
      complaints(
        'set / network-instance default protocols ospf instance main admin-state enable',
        'set / interface ethernet-1/1 subinterface 0 acl input ipv4-filter x',
        'set / network-instance default protocols bgp group g graceful-restart admin-state enable',
      ).map(text => text.split('\n')[0]),
    ).toEqual([
      'a.cfg:1:42: error: "network-instance default protocols ospf": OSPF is not modelled; the underlay here is BGP [not-modelled]',
      'a.cfg:2:45: error: "interface ethernet-1/1 subinterface 0 acl": access lists are not modelled [not-modelled]',
      'a.cfg:3:54: error: "network-instance default protocols bgp group g graceful-restart": graceful restart is not modelled [not-modelled]',
    ]);
  });
});
