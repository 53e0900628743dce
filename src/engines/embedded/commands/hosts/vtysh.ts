import { rowsOf } from '../../../../lab/snapshot.ts';
import { type Command, NOT_FOUND, type Terminal } from '../command.ts';
import { plainTable } from '../text-table.ts';
import { nodeOf } from './linux-host.ts';

/** `vtysh -c "show …"` in the FRR that MetalLB's speaker runs on a node. */
export const vtysh: Command = {
  name: 'vtysh',
  summary: 'MetalLB\'s FRR on a node: vtysh -c "show bgp summary"',
  run(words, terminal) {
    const node = nodeOf(terminal);
    const speaker = terminal.context.clusters.speakers().find(one => one.node === node?.name);
    if (node === undefined || speaker === undefined) {
      terminal.err(
        "vtysh: no FRR here; it runs beside MetalLB's speaker on the worker nodes (stage metallb)",
      );
      return NOT_FOUND;
    }
    const at = words.indexOf('-c');
    const line = (words[at + 1] ?? '').trim().replace(/\s+/g, ' ');
    if (at < 0 || line === '') {
      terminal.err('vtysh waits for what you type; here: vtysh -c "show bgp summary"');
      return 1;
    }
    if (!speaker.process.alive) {
      terminal.err('vtysh: failed to connect to bgpd: it is being restarted');
      return 1;
    }
    return answer(terminal, node.name, line);
  },
};

function answer(terminal: Terminal, node: string, line: string): number {
  const ref = { name: 'sessions', node } as const;
  const snapshot = terminal.context.lab.snapshot([ref, { name: 'bfd', node }]);
  const sessions = rowsOf(snapshot, ref) ?? [];
  if (/^sho?w? (ip )?bgp( ipv4( unicast)?)? summ?a?r?y?$/.test(line)) {
    const table = plainTable(
      [
        { title: 'Neighbor', of: row => row.peer },
        { title: 'AS', of: row => `${row.peerAs}` },
        {
          title: 'Up/Down',
          of: row =>
            row.state === 'established' ? upTime(terminal.context.world.now() - row.since) : 'never',
        },
        {
          title: 'State/PfxRcd',
          of: row => (row.state === 'established' ? `${row.families[0]?.received ?? 0}` : word(row.state)),
        },
        { title: 'PfxSnt', of: row => `${row.families[0]?.sent ?? 0}` },
      ],
      sessions,
    );
    terminal.out('IPv4 Unicast Summary:');
    terminal.out(`BGP router on ${node}, local AS number ${sessions[0]?.localAs ?? '?'}`);
    terminal.out('');
    for (const text of table) terminal.out(text);
    terminal.out('');
    terminal.out(`Total number of neighbors ${sessions.length}`);
    return 0;
  }
  if (/^show (ip )?bgp( ipv4( unicast)?)?$/.test(line)) {
    const announced = terminal.context.clusters
      .states()
      .flatMap(cluster =>
        cluster.announcements
          .filter(one => one.node === node && one.announced)
          .map(one => ({ cluster, ...one })),
      )
      .flatMap(({ cluster, service }) =>
        cluster.services.filter(one => one.name === service || `${one.namespace}/${one.name}` === service),
      );
    for (const service of announced) terminal.out(` *>  ${service.externalIp}/32   0.0.0.0   weight 32768 i`);
    terminal.out(`Displayed ${announced.length} routes`);
    return 0;
  }
  if (/^show bfd peers( brief)?$/.test(line)) {
    const rows = rowsOf(snapshot, { name: 'bfd', node }) ?? [];
    terminal.out(`Session count: ${rows.length}`);
    for (const row of rows)
      terminal.out(
        `  peer ${row.peer} local ${row.localAddress} ${row.state}, detection time ${row.detectionTime} ms`,
      );
    return 0;
  }
  terminal.err(`% Unknown command: ${line}`);
  terminal.err('The embedded lab answers: show bgp summary, show bgp ipv4 unicast, show bfd peers');
  return 1;
}

function word(state: string): string {
  return state.slice(0, 1).toUpperCase() + state.slice(1);
}

/** FRR's "00:01:05". */
function upTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map(part => `${part}`.padStart(2, '0'))
    .join(':');
}
