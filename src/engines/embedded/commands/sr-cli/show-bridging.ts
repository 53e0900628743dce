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

/** `show tunnel-interface …`: the VXLAN interfaces, with the VTEPs that EVPN taught. */
export function showTunnelInterface(view: View, words: readonly string[]): boolean {
  const { config } = view;
  if (config === undefined) return view.refuse(`Error: ${view.node.name} is not running`);
  const evpn = view.rows({ name: 'evpn', node: view.node.name }) ?? [];
  const rows = config.vxlanInterfaces
    .filter(({ name }) => words.length === 0 || name.startsWith(words[0] ?? ''))
    .map(({ name, type, ingressVni }) => ({
      name,
      type,
      vni: ingressVni,
      instance: config.networkInstances.find(one => one.vxlanInterface === name)?.name ?? '',
      vteps: [
        ...new Set(
          evpn
            .filter(row => row.vni === ingressVni && row.used && row.path.peer !== undefined)
            .map(row => row.path.nextHop),
        ),
      ],
    }));
  return view.table(
    ['VXLAN interfaces'],
    [
      { title: 'Tunnel interface', of: row => row.name },
      { title: 'Type', of: row => row.type },
      { title: 'Ingress VNI', of: row => `${row.vni}`, align: 'right' },
      { title: 'Network instance', of: row => row.instance },
      { title: 'VTEPs', of: row => row.vteps.join('\n') },
    ],
    rows,
  );
}
