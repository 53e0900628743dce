import type { InterfaceRow } from '../../../../lab/snapshot.ts';
import type { View } from './view.ts';

/** `show interface [<name>] [brief|detail]`, or the interfaces of one network-instance. */
export function showInterface(view: View, words: readonly string[], instance?: string): boolean {
  const rows = view.rows({ name: 'interfaces', node: view.node.name });
  if (rows === undefined) return view.refuse(`Error: ${view.node.name} is not running`);
  const name = words.find(word => word !== 'brief' && word !== 'detail' && word !== 'all');
  const shown = rows.filter(
    row =>
      (name === undefined || row.name === name || row.name.startsWith(`${name}.`)) &&
      (instance === undefined || row.instance === instance),
  );
  if (name !== undefined && shown.length === 0) {
    return view.refuse(
      `Error: there is no interface '${name}'; there are ${rows.map(row => row.name).join(', ')}`,
    );
  }
  if (words.includes('brief')) {
    return view.table(
      [],
      [
        { title: 'Port', of: row => row.name },
        { title: 'Admin State', of: row => row.adminState },
        { title: 'Oper State', of: row => row.operState },
        { title: 'Addresses', of: row => row.addresses.join('\n') },
      ],
      shown,
    );
  }
  return view.lines([
    ...shown.flatMap(row => described(row, words.includes('detail'))),
    RULE,
    summary(shown),
    RULE,
  ]);
}

const RULE = '='.repeat(72);

function described(row: InterfaceRow, detail: boolean): string[] {
  const why = row.operDownReason === undefined ? '' : `, reason ${row.operDownReason}`;
  const lines = [RULE, `${row.name} is ${row.operState}${why}`];
  if (row.instance !== undefined) lines.push(`  Network-instance: ${row.instance}`);
  lines.push(`  Encapsulation   : ${row.vlanId === undefined ? 'null' : `vlan-id ${row.vlanId}`}`);
  if (row.mtu !== undefined) lines.push(`  IP MTU          : ${row.mtu}`);
  for (const address of row.addresses) lines.push(`  IPv4 addr       : ${address} (static)`);
  if (detail) lines.push(`  Packets         : in ${row.inPackets}, out ${row.outPackets}`);
  return lines;
}

function summary(rows: readonly InterfaceRow[]): string {
  const up = rows.filter(row => row.operState === 'up').length;
  return `Summary: ${rows.length} subinterfaces, ${up} of them up`;
}
