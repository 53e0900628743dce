import type { BfdRow, InterfaceRow, MacRow } from '../../lab/snapshot.ts';
import { listOf, membersOf, numberOf, objectOf, type Said, textOf } from './said.ts';

/** `show bfd peers json`. */
export function bfdRows(
  said: unknown,
  context: {
    readonly node: string;
    readonly isSwitch: boolean;
    readonly at: number;
    readonly sinceOf: (instance: string, peer: string) => number | undefined;
  },
): BfdRow[] {
  return listOf(said).map(peer => {
    const instance = context.isSwitch ? (textOf(peer['vrf']) ?? 'default') : '';
    const address = textOf(peer['peer']) ?? '';
    const seconds = numberOf(peer['uptime']) ?? numberOf(peer['downtime']) ?? 0;
    const own = numberOf(peer['transmit-interval']) ?? 0;
    const remoteReceive = numberOf(peer['remote-receive-interval']) ?? 0;
    const remoteSend = numberOf(peer['remote-transmit-interval']) ?? 0;
    const receive = numberOf(peer['receive-interval']) ?? 0;
    // RFC 5880 section 6.8.4: the far end's multiplier times the interval that was agreed.
    const multiplier = numberOf(peer['remote-detect-multiplier']) ?? numberOf(peer['detect-multiplier']) ?? 0;
    return {
      node: context.node,
      instance,
      localAddress: textOf(peer['local']) ?? '',
      peer: address,
      state: stateOfBfd(textOf(peer['status'])),
      since: context.sinceOf(instance, address) ?? context.at - seconds * 1000,
      multihop: peer['multihop'] === true,
      transmitInterval: Math.max(own, remoteReceive),
      detectionTime: multiplier * Math.max(receive, remoteSend),
    };
  });
}

function stateOfBfd(status: string | undefined): BfdRow['state'] {
  if (status === 'up' || status === 'init') return status;
  return status === 'shutdown' ? 'admin-down' : 'down';
}

/** `show interface vrf all json`, as the switch names its interfaces. */
export function interfaceRows(
  said: unknown,
  context: {
    readonly isSwitch: boolean;
    readonly interfaceName: (device: string) => string;
    readonly packets: (device: string) => { readonly in: number; readonly out: number };
  },
): InterfaceRow[] {
  return membersOf(said)
    .filter(([device]) => !/^vxlan/.test(device))
    .map(([device, each]) => {
      const vrf = textOf(each['vrfName']) ?? 'default';
      const up = textOf(each['operationalStatus']) === 'up';
      const enabled = textOf(each['administrativeStatus']) === 'up';
      const counted = context.packets(device);
      const mtu = numberOf(each['mtu']);
      return {
        name: context.interfaceName(device),
        adminState: enabled ? ('enable' as const) : ('disable' as const),
        operState: up ? ('up' as const) : ('down' as const),
        ...(up ? {} : { operDownReason: enabled ? 'lower-layer-down' : 'port-admin-disabled' }),
        addresses: addressesOf(each),
        ...(context.isSwitch ? { instance: vrf } : {}),
        ...(mtu === undefined ? {} : { mtu }),
        inPackets: counted.in,
        outPackets: counted.out,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function addressesOf(each: Said): string[] {
  return listOf(each['ipAddresses'])
    .map(({ address }) => textOf(address) ?? '')
    .filter(address => /^[\d.]+\/\d+$/.test(address) && address !== '127.0.0.1/8');
}

/** `show evpn mac vni N json` with `show evpn arp-cache vni N json` for the addresses. */
export function macRows(
  macs: unknown,
  neighbors: unknown,
  context: {
    readonly vxlanInterface: string;
    readonly interfaceName: (device: string) => string;
    readonly ownerOf: (address: string) => string | undefined;
  },
): MacRow[] {
  const addresses = new Map<string, string>();
  for (const [address, { mac }] of membersOf(neighbors)) {
    const text = textOf(mac);
    if (text !== undefined) addresses.set(text, address);
  }
  return membersOf(objectOf(macs)['macs']).map(([mac, said]): MacRow => {
    const vtep = textOf(said['remoteVtep']);
    const address = addresses.get(mac);
    const node = address === undefined ? undefined : context.ownerOf(address);
    return {
      mac,
      type: vtep === undefined ? 'learnt' : 'evpn',
      destination:
        vtep === undefined
          ? context.interfaceName(textOf(said['intf']) ?? '')
          : `${context.vxlanInterface} vtep ${vtep}`,
      ...(address === undefined ? {} : { address }),
      ...(node === undefined ? {} : { node }),
    };
  });
}
