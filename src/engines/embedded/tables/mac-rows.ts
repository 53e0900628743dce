import type { MacRow } from '../../../lab/snapshot.ts';
import type { Bridge } from '../switch/bridge.ts';
import type { World } from '../world.ts';

/** The MAC table of a mac-vrf: its irbs first, then what was learnt here and from afar. */
export function macRows(world: World, bridge: Bridge): MacRow[] {
  const rows: MacRow[] = bridge.irbs
    .filter(irb => irb.up)
    .map(irb => ({
      mac: irb.mac,
      type: 'irb-interface',
      destination: irb.name,
      ...(irb.address === undefined ? {} : { address: irb.address }),
    }));
  const macs = [...bridge.macs].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [mac, entry] of macs) {
    const address = addressOfMac(bridge, mac);
    const node = address === undefined ? undefined : world.nodeOwning(address);
    rows.push({
      mac,
      ...(address === undefined ? {} : { address }),
      type: entry.type,
      destination:
        entry.type === 'learnt'
          ? entry.subinterface.name
          : `${bridge.config.vxlanInterface ?? 'vxlan'} vtep ${entry.vtep}`,
      ...(node === undefined ? {} : { node }),
    });
  }
  return rows;
}

function addressOfMac(bridge: Bridge, mac: string): string | undefined {
  for (const irb of bridge.irbs) {
    for (const [address, neighbor] of irb.neighbors) if (neighbor.mac === mac) return address;
  }
  return undefined;
}
