import type { View } from './view.ts';

/** `show network-instance <mac-vrf> bridge-table mac-table all`. */
export function showBridgeTable(view: View, instance: string, words: readonly string[]): boolean {
  const all = view.rows({ name: 'macs', node: view.node.name, instance });
  if (all === undefined)
    return view.refuse(`Error: network-instance "${instance}" is no mac-vrf: it has no bridge table`);
  const [table = 'mac-table', form = 'all', mac, ...more] = words;
  const one = form === 'mac' && mac !== undefined;
  if (
    table !== 'mac-table' ||
    (form !== 'all' && !one) ||
    more.length > 0 ||
    (form === 'all' && mac !== undefined)
  )
    return view.unknown(more[0] ?? (table === 'mac-table' ? (form === 'all' ? (mac ?? '') : form) : table), [
      'mac-table all',
      'mac-table mac <address>',
    ]);
  const rows = one ? all.filter(row => row.mac.toUpperCase() === mac.toUpperCase()) : all;
  if (one && rows.length === 0)
    return view.refuse(`Error: there is no MAC ${mac} in network-instance "${instance}"`);
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
