import { describe, expect, test } from 'vitest';
import { talkFiles } from '../../../test-support/talk-lab.ts';
import { formatFileError } from '../../lab-error.ts';
import { parseSwitchConfig } from './parse-switch-config.ts';

const leaf = talkFiles().get('fabric/LEAF-DC-1.cfg') ?? '';

/** What is wrong with LEAF-DC-1 after these lines were added and those that fit the pattern were dropped. */
function complaints(added: readonly string[], dropped?: RegExp): string[] {
  const kept = leaf.split('\n').filter(line => dropped === undefined || !dropped.test(line));
  const text = [...kept.filter(line => line !== ''), ...added].join('\n');
  return parseSwitchConfig(text, 'a.cfg').diagnostics.map(error =>
    formatFileError(error).replace(/^a\.cfg:\d+:\d+: /, ''),
  );
}

const default_ = 'set / network-instance default';
const bgp = `${default_} protocols bgp`;

test('the leaf of the talk holds together', () => {
  expect(complaints([])).toEqual([]);
});

describe('A reference to nothing', () => {
  test.each<[string, string[], RegExp | undefined, string]>([
    [
      'an interface of a network-instance',
      [`${default_} interface ethernet-1/3.0`],
      undefined,
      'error: network-instance default uses ethernet-1/3.0, which is not configured [undefined-interface]\n  expected: "ethernet-1/1.0"? (known here: ethernet-1/1.0, ethernet-1/2.0, system0.0, ethernet-1/10.0, ethernet-1/11.0, irb0.0, lo1.0)',
    ],
    [
      'an import policy',
      [`${bgp} group overlay export-policy [ exprt ]`],
      undefined,
      'error: export-policy exprt is not configured [undefined-policy]\n  expected: underlay-import, underlay-export, import-metallb, overlay-import',
    ],
    [
      'a prefix-set',
      ['set / routing-policy policy underlay-import statement 20 match prefix prefix-set metalb-pool'],
      undefined,
      'error: statement 20 of policy underlay-import matches the prefix-set metalb-pool, which is not configured [undefined-prefix-set]\n  expected: "metallb-pool"? (known here: underlay, metallb-pool)',
    ],
    [
      'a group',
      [`${bgp} neighbor 10.9.9.9 peer-group spines`, `${bgp} neighbor 10.9.9.9 peer-as 1`],
      undefined,
      'error: neighbor 10.9.9.9 is in the group spines, which is not configured [undefined-group]\n  expected: underlay, overlay',
    ],
    [
      'the VXLAN interface of a VRF',
      [],
      /vxlan-interface 4 /,
      'error: network-instance kube-ipvrf uses vxlan1.4, which is not configured [undefined-vxlan-interface]\n  expected: "vxlan1.1"? (known here: vxlan1.1)',
    ],
    [
      'the VXLAN interface of bgp-evpn',
      [],
      /kube_macvrf vxlan-interface/,
      'error: bgp-evpn of kube_macvrf uses vxlan1.1, which is not in this network-instance [undefined-vxlan-interface]\n  expected: nothing more here',
    ],
    [
      'a subinterface with BFD',
      ['set / bfd subinterface lo9.0 admin-state enable'],
      undefined,
      'error: bfd runs on lo9.0, which is not configured [undefined-interface]\n  expected: "lo1.0"? (known here: ethernet-1/1.0, ethernet-1/2.0, system0.0, ethernet-1/10.0, ethernet-1/11.0, irb0.0, lo1.0)',
    ],
  ])('%s', (_, added, dropped, complaint) => {
    expect(complaints(added, dropped)).toEqual([complaint]);
  });
});

describe('Addresses', () => {
  test('may not stand twice in one network-instance, nor overlap', () => {
    expect(complaints(['set / interface ethernet-1/2 subinterface 0 ipv4 address 10.1.1.0/24'])).toEqual([
      'error: 10.1.1.0/24 of ethernet-1/2.0 overlaps 10.1.1.1/31 of ethernet-1/1.0 in default [overlapping-address]',
    ]);
  });

  test('may stand again in another network-instance', () => {
    expect(complaints(['set / interface lo1 subinterface 0 ipv4 address 10.1.1.1/32'])).toEqual([]);
  });

  test('on system0 are host addresses', () => {
    expect(complaints(['set / interface system0 subinterface 0 ipv4 address 9.9.9.0/24'])).toEqual([
      'error: 9.9.9.0/24 on system0 must be a host address [bad-value]\n  expected: …/32',
    ]);
  });

  test('have no effect while IPv4 is disabled, which is the default', () => {
    expect(complaints([], /lo1 subinterface 0 ipv4 admin-state/)).toEqual([
      'warning: the addresses of lo1.0 have no effect while its ipv4 is disabled, which is the default [no-effect]\n  expected: set / interface lo1 subinterface 0 ipv4 admin-state enable',
    ]);
  });
});

describe('VLANs and VNIs', () => {
  test('a VLAN needs a tagging port, and a tagging port a VLAN', () => {
    expect(
      complaints(['set / interface ethernet-1/10 subinterface 0 vlan encap single-tagged vlan-id 7']),
    ).toEqual([
      'error: ethernet-1/10.0 has VLAN 7, but ethernet-1/10 does not tag [missing-vlan-tagging]\n  expected: set / interface ethernet-1/10 vlan-tagging true',
    ]);
    expect(complaints(['set / interface ethernet-1/10 vlan-tagging true'])).toEqual([
      'error: ethernet-1/10 tags, so ethernet-1/10.0 needs a VLAN [missing-vlan]\n  expected: vlan encap single-tagged vlan-id N',
    ]);
  });

  test('a VLAN is on one subinterface of a port only', () => {
    const port = 'set / interface ethernet-1/12';
    expect(
      complaints([
        `${port} vlan-tagging true`,
        `${port} subinterface 1 vlan encap single-tagged vlan-id 7`,
        `${port} subinterface 2 vlan encap single-tagged vlan-id 7`,
      ]),
    ).toEqual(['error: VLAN 7 of ethernet-1/12 is already on subinterface 1 [duplicate-vlan]']);
  });

  test('a VNI is used once', () => {
    expect(complaints(['set / tunnel-interface vxlan1 vxlan-interface 4 ingress vni 1'])).toEqual([
      'error: VNI 1 is already used by vxlan1.1 [duplicate-vni]',
    ]);
  });
});

describe('Network-instances', () => {
  test('bridge or route, and take only interfaces that do the same', () => {
    expect(complaints(['set / network-instance kube_macvrf interface lo1.0'])).toEqual([
      'error: lo1.0 is already in network-instance kube_macvrf [duplicate-interface]',
      'error: lo1.0 is routed and cannot be in the mac-vrf kube_macvrf [wrong-type]\n  expected: type bridged, or an irb',
    ]);
    expect(complaints([`${default_} interface ethernet-1/10.0`])).toEqual([
      'error: ethernet-1/10.0 is already in network-instance default [duplicate-interface]',
      'error: ethernet-1/10.0 is bridged and cannot be in default, which routes [wrong-type]\n  expected: type routed',
    ]);
  });

  test('an irb is in one mac-vrf and one ip-vrf', () => {
    expect(complaints([`${default_} interface irb0.0`])).toEqual([
      'error: irb0.0 is already in network-instance default [duplicate-interface]',
    ]);
  });

  test('need a type, unless they are the default one', () => {
    expect(complaints(['set / network-instance tenant admin-state enable'])).toEqual([
      'error: network-instance tenant needs a type [bad-value]\n  expected: type ip-vrf or type mac-vrf',
    ]);
  });
});

describe('BGP', () => {
  test('needs an AS number, a router id, and an address family for every session', () => {
    expect(complaints([], /default protocols bgp (autonomous-system|router-id|afi-safi)/)).toEqual([
      'error: BGP of default needs an AS number [missing-statement]\n  expected: protocols bgp autonomous-system N',
      'error: BGP of default needs a router id [missing-statement]\n  expected: protocols bgp router-id A.B.C.D',
      'error: group underlay has no address family enabled [no-family]\n  expected: afi-safi ipv4-unicast admin-state enable',
      'error: neighbor 10.1.1.0 has no address family enabled [no-family]\n  expected: afi-safi ipv4-unicast admin-state enable',
      'error: neighbor 10.2.1.0 has no address family enabled [no-family]\n  expected: afi-safi ipv4-unicast admin-state enable',
    ]);
  });

  test('a neighbour has an AS number and a group', () => {
    expect(complaints([`${bgp} neighbor 10.9.9.9 admin-state enable`])).toEqual([
      'error: neighbor 10.9.9.9 has no group [missing-statement]\n  expected: peer-group NAME',
    ]);
    expect(complaints([], /neighbor 10.1.1.0 peer-as/)).toEqual([
      'error: neighbor 10.1.1.0 has no AS number, and its group has none [missing-statement]\n  expected: peer-as N',
    ]);
  });

  test('dynamic neighbours without an allowed AS are of no use', () => {
    expect(complaints([], /allowed-peer-as/)).toEqual([
      'warning: no AS is allowed for 192.168.101.0/24, so no session will be accepted [no-effect]\n  expected: allowed-peer-as [ N ]',
    ]);
  });
});
