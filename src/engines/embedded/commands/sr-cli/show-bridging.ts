import type { View } from './view.ts';

/** `show network-instance <mac-vrf> bridge-table mac-table all`. */
export function showBridgeTable(view: View, instance: string): boolean {
  const rows = view.rows({ name: 'macs', node: view.node.name, instance });
  if (rows === undefined)
    return view.refuse(`Error: network-instance "${instance}" is no mac-vrf: it has no bridge table`);
  return view.table(
    [`Mac-table of network instance ${instance}`],
    [
      { title: 'Address', of: row => row.mac.toUpperCase() },
      { title: 'Destination', of: row => row.destination },
      { title: 'Type', of: row => row.type },
      { title: 'Host', of: row => `${row.address ?? ''}${row.node === undefined ? '' : ` ${row.node}`}` },
    ],
    rows,
    [
      `Total Macs: ${rows.length}, learnt ${rows.filter(row => row.type === 'learnt').length}, evpn ${rows.filter(row => row.type === 'evpn').length}`,
    ],
  );
}
