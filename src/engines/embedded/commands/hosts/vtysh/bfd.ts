import { hashText } from '../../../random.ts';
import { labRows } from '../../lab-rows.ts';
import type { Router } from './router.ts';

/** `show bfd peers [brief]`, or one of them: FRR's report, without what no packet counts. */
export function bfdPeers(
  router: Router,
  { brief = false, peer }: { readonly brief?: boolean; readonly peer?: string } = {},
): string[] {
  const { terminal, node, process, now } = router;
  const rows = (labRows(terminal, { name: 'bfd', node: node.name }) ?? []).filter(
    row => peer === undefined || row.peer === peer,
  );
  const idOf = (local: string, remote: string) => hashText(`bfd ${local} ${remote}`);
  if (brief) {
    return [
      `Session count: ${rows.length}`,
      `SessionId  ${'LocalAddress'.padEnd(40)} ${'PeerAddress'.padEnd(39)} Status`,
      `=========  ${'============'.padEnd(40)} ${'==========='.padEnd(39)} ======`,
      ...rows.map(
        row =>
          `${String(idOf(row.localAddress, row.peer)).padEnd(10)} ${row.localAddress.padEnd(40)} ${row.peer.padEnd(39)} ${row.state}`,
      ),
    ];
  }
  if (peer !== undefined && rows.length === 0) return ["% Can't find peer: no such BFD session"];
  const speaker = terminal.context.clusters.speakers().find(one => one.process === process);
  return [
    ...(peer === undefined ? ['BFD Peers:'] : []),
    ...rows.flatMap(row => {
      const timers = speaker?.bfd(row.peer);
      const up = row.state === 'up';
      return [
        `\tpeer ${row.peer}${row.multihop ? ' multihop' : ''} local-address ${row.localAddress} vrf default`,
        `\t\tID: ${idOf(row.localAddress, row.peer)}`,
        `\t\tRemote ID: ${up ? idOf(row.peer, row.localAddress) : 0}`,
        '\t\tActive mode',
        `\t\tStatus: ${row.state}`,
        `\t\t${up ? 'Uptime' : 'Downtime'}: ${Math.floor((now - row.since) / 1000)} second(s)`,
        `\t\tDiagnostics: ${up ? 'ok' : 'control detection time expired'}`,
        `\t\tRemote diagnostics: ok`,
        '\t\tPeer Type: dynamic',
        '\t\tLocal timers:',
        `\t\t\tDetect-multiplier: ${timers?.detectionMultiplier ?? ''}`,
        `\t\t\tReceive interval: ${timers?.requiredMinimumReceive ?? ''}ms`,
        `\t\t\tTransmission interval: ${timers?.desiredMinimumTransmit ?? ''}ms`,
        '\t\t\tEcho transmission interval: disabled',
        '\t\tRemote timers:',
        `\t\t\tTransmission interval: ${row.transmitInterval}ms`,
        '',
      ];
    }),
  ];
}
