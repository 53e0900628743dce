/** What vtysh shows for what sr_cli would show; undefined for what FRR does not have. */
export function frrQuestion(text: string): string | undefined {
  const instance = /network-instance (\S+)/.exec(text)?.[1] ?? 'default';
  const vrf = instance === 'default' ? '' : `vrf ${instance} `;
  const prefix = /prefix (\d+\.\d+\.\d+\.\d+\/\d+)/.exec(text)?.[1];
  if (/^show .*bridge-table/.test(text)) return 'show evpn mac vni all';
  if (/^show .*route-table/.test(text)) return `show ip route ${vrf}${prefix ?? ''}`.trim();
  if (/^show .*routes evpn route-type 2/.test(text)) return 'show bgp l2vpn evpn route type macip';
  if (/^show .*routes evpn route-type 3/.test(text)) return 'show bgp l2vpn evpn route type multicast';
  if (/^show .*routes evpn route-type 5/.test(text)) return 'show bgp l2vpn evpn route type prefix';
  const received = /neighbor (\d+\.\d+\.\d+\.\d+) received-routes/.exec(text)?.[1];
  if (received !== undefined) return `show bgp ${vrf}ipv4 unicast neighbors ${received} routes`;
  // Terse: without it the rows stand below what fits under a lesson.
  if (/protocols bgp neighbor/.test(text)) return `show bgp ${vrf}summary terse`;
  if (/^show .*protocols bgp routes/.test(text)) return `show bgp ${vrf}ipv4 unicast`;
  if (/^show .*bfd/.test(text)) return 'show bfd peers brief';
  if (/^show interface/.test(text)) return 'show interface brief';
  if (/^show (version|system)/.test(text)) return 'show version';
  return undefined;
}
