import { expect, test } from 'vitest';
import { onlyLooks } from './looks.ts';

test.each([
  'ip -n kube-ipvrf route show',
  'ip netns exec kube-ipvrf ping -c 1 10.1.4.1',
  'bridge fdb show',
  'vtysh|-c|show bgp summary',
  'sr_cli|-d|show version',
  'cat /etc/hosts',
])('%s only looks', line => {
  expect(onlyLooks(line.split(line.includes('|') ? '|' : ' '))).toBe(true);
});

test.each([
  'ip link set e1-1 down',
  'ip netns exec kube-ipvrf ip route flush all',
  'vtysh|-c|configure terminal|-c|router bgp 65001',
  'vtysh',
  'sr_cli|-ec|set / interface ethernet-1/1 admin-state disable',
  'sh -c reboot',
  'kill 1',
])('%s may do more', line => {
  expect(onlyLooks(line.split(line.includes('|') ? '|' : ' '))).toBe(false);
});
