import { dateText } from '../../lab-date.ts';
import { Switch } from '../../switch/switch.ts';
import type { View } from './view.ts';

/** `show version`. */
export function showVersion(view: View): true {
  const version = view.node.image.slice(view.node.image.lastIndexOf(':') + 1);
  const { world } = view.terminal.context;
  const device = world.device(view.node.name);
  const booted = world.nodeTimes.get(view.node.name)?.started;
  const chassis = view.node.type.startsWith('ixr-') ? `7220 ${view.node.type.toUpperCase()}` : view.node.type;
  return view.lines([
    '-'.repeat(60),
    `Hostname             : ${view.node.name}`,
    `Chassis Type         : ${chassis}`,
    ...(device instanceof Switch ? [`System HW MAC Address: ${device.routerMac.toUpperCase()}`] : []),
    'OS                   : SR Linux',
    `Software Version     : v${version} (modelled by the embedded lab)`,
    ...(booted === undefined ? [] : [`Last Booted          : ${dateText(booted)}`]),
    '-'.repeat(60),
  ]);
}

/** `show arpnd arp-entries`; IPv6 has no neighbors here. */
export function showArpnd(view: View, words: readonly string[]): boolean {
  const [topic = 'arp-entries'] = words;
  return topic === 'arp-entries' ? showArp(view) : view.unknown(topic, ['arp-entries']);
}

/** `show system lldp neighbor`. */
export function showSystem(view: View, words: readonly string[]): boolean {
  const [topic = ''] = words;
  if (topic === 'lldp') return showLldp(view);
  return view.unknown(topic, ['lldp neighbor']);
}

/** `show arpnd arp-entries`: neighbours known on irb interfaces, from the bridge tables. */
function showArp(view: View): true {
  const rows = (view.config?.networkInstances ?? [])
    .filter(({ type }) => type === 'mac-vrf')
    .flatMap(({ name, interfaces }) => {
      const irb = interfaces.find(one => one.startsWith('irb')) ?? '';
      return (view.rows({ name: 'macs', node: view.node.name, instance: name }) ?? []).flatMap(row =>
        row.address === undefined || row.type === 'irb-interface'
          ? []
          : [{ irb, ...row, address: row.address }],
      );
    });
  return view.table(
    ['ARP entries'],
    [
      { title: 'Interface', of: row => row.irb },
      { title: 'Neighbor', of: row => row.address },
      { title: 'Origin', of: row => (row.type === 'learnt' ? 'dynamic' : 'evpn') },
      { title: 'Link layer address', of: row => row.mac.toUpperCase() },
      { title: 'Node', of: row => row.node ?? '' },
    ],
    rows,
    [`Total entries : ${rows.length}`],
  );
}

/** `show system lldp neighbor`: who is at the other end of each cable that has carrier. */
function showLldp(view: View): true {
  const { world } = view.terminal.context;
  const rows = [...world.wires.values()].flatMap(wire => {
    if (!wire.carrier || wire.losesFrom(wire.a) || wire.losesFrom(wire.b)) return [];
    const here = wire.a.device.name === view.node.name ? wire.a : wire.b;
    const there = here === wire.a ? wire.b : wire.a;
    const speaksLldp = view.terminal.context.lab.lab.nodes.some(
      node => node.name === there.device.name && node.kind === 'switch',
    );
    return here.device.name === view.node.name && speaksLldp ? [{ here, there }] : [];
  });
  return view.table(
    ['LLDP neighbors'],
    [
      { title: 'Name', of: row => row.here.name },
      { title: 'Neighbor', of: row => row.there.device.name },
      { title: 'Neighbor port', of: row => row.there.name },
    ],
    rows,
  );
}
