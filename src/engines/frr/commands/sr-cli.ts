import { type CommandContext, complain } from './context.ts';
import { onHost } from './on-host.ts';

/** sr_cli is SR Linux's. What it is asked has an answer from FRR: the note says how FRR is asked, and the answer follows. */
export async function srCli(
  node: string,
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  const text = words.filter(word => !word.startsWith('-')).join(' ');
  const equivalent = frrQuestion(text);
  if (equivalent === undefined)
    return complain(
      context,
      `sr_cli: this lab runs FRR, not SR Linux. Ask it with: docker exec ${node} vtysh -c "…"; its configuration is shown by vtysh -c "show running-config", changed by vtysh -c "configure terminal" -c "…".`,
      1,
    );
  context.print({
    stream: 'stdout',
    text: `# This lab runs FRR, not SR Linux. The same question there: vtysh -c "${equivalent}"\n`,
  });
  return onHost(node, ['vtysh', '-c', equivalent], context);
}

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
  if (/^show .*protocols bgp neighbor/.test(text)) return `show bgp ${vrf}summary`;
  if (/^show .*protocols bgp routes/.test(text)) return `show bgp ${vrf}ipv4 unicast`;
  if (/^show .*bfd/.test(text)) return 'show bfd peers brief';
  if (/^show interface/.test(text)) return 'show interface brief';
  if (/^show (version|system)/.test(text)) return 'show version';
  if (/^info/.test(text)) return 'show running-config';
  return undefined;
}
