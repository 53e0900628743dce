import { describe, expect, test } from 'vitest';
import { LogReader } from './log-lines.ts';

const at = Date.UTC(2026, 10, 23, 13, 35, 50);

describe('The daemons’ logs', () => {
  test('a transition belongs to the VRF that the line before it names', () => {
    const reader = new LogReader();
    expect(
      reader.read(
        '2026/11/23 13:35:50.250000 BGP: [T91AW-FGMHW] bgp_fsm_change_status : vrf kube-ipvrf(1), Status: OpenSent established_peers 0',
      ),
    ).toBeUndefined();
    expect(
      reader.read(
        '2026/11/23 13:35:50.250001 BGP: [HKWM3-ZC5QP] 192.168.101.101 fd 24 went from Active to OpenSent',
      ),
    ).toMatchObject({
      type: 'fsm',
      vrf: 'kube-ipvrf',
      peer: '192.168.101.101',
      from: 'active',
      to: 'opensent',
    });
  });

  test('the connection that lost a collision is nobody’s session', () => {
    const line = '2026/11/23 13:35:50.233528 BGP: [HKWM3-ZC5QP] 10.2.1.0 fd -1 went from Active to Deleted';
    expect(new LogReader().read(line)).toBeUndefined();
  });

  test('an adjacency tells the microsecond at which it came up', () => {
    const line =
      '2026/11/23 13:35:50.233364 BGP: [N9HHH-F8H1M] %ADJCHANGE: neighbor 10.2.1.0(SPINE-DC-2) in vrf default Up';
    expect(new LogReader().read(line)).toEqual({
      at: at + 233.364,
      type: 'adjacency',
      vrf: 'default',
      peer: '10.2.1.0',
      up: true,
      because: '',
    });
  });

  test('BFD coming up is told with its peer', () => {
    const line =
      '2026/11/23 13:35:50.168834 BFD: [J1C6V-VMRW5] state-change: [mhop:no peer:10.1.1.0 local:10.1.1.1 vrf:default ifname:e1-1] init -> up';
    expect(new LogReader().read(line)).toMatchObject({
      type: 'bfd',
      peer: '10.1.1.0',
      from: 'init',
      to: 'up',
    });
  });

  test('a line that vtysh prints for “terminal monitor” says the same', () => {
    const line =
      '2026-11-23 13:35:50.250 [DEBG] bgpd: [HKWM3-ZC5QP] 10.2.1.0 fd 24 went from Active to OpenSent';
    expect(new LogReader().read(line)).toMatchObject({
      at: at + 250,
      type: 'fsm',
      peer: '10.2.1.0',
      to: 'opensent',
    });
  });

  test('anything else says nothing', () => {
    expect(new LogReader().read('2026/11/23 13:31:52 ZEBRA: Disabling MPLS support')).toBeUndefined();
  });
});
