import type { Fact } from '../../../lab/event.ts';
import type { BfdRow, InterfaceRow, MacRow } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { listOf, objectOf, type Said, textOf } from '../../real/said.ts';
import { countOf, momentOf, wordOf } from './yang-json.ts';

export type BfdContext = {
  readonly node: string;
  readonly at: number;
  readonly sinceOf: (instance: string, peer: Ipv4) => number | undefined;
  readonly ofWall: (milliseconds: number) => number;
  /** Whether the session crosses a router: its ends share no subnet. */
  readonly isMultihop: (localAddress: Ipv4, peer: Ipv4) => boolean;
};

/** Entries of `/bfd/network-instance`. Intervals are microseconds there. */
export function bfdRows(instances: readonly Said[], context: BfdContext): BfdRow[] {
  return instances.flatMap(instance =>
    listOf(instance['peer']).map(said => {
      const name = textOf(instance['name']) ?? 'default';
      const peer = textOf(said['remote-address']) ?? '';
      const localAddress = textOf(said['local-address']) ?? '';
      const changed = momentOf(said['last-state-transition']);
      const receive = (countOf(said['active-receive-interval']) ?? 0) / 1000;
      return {
        node: context.node,
        instance: name,
        localAddress,
        peer,
        state: bfdStates[textOf(said['session-state']) ?? ''] ?? 'down',
        since: context.sinceOf(name, peer) ?? (changed === undefined ? context.at : context.ofWall(changed)),
        multihop: context.isMultihop(localAddress, peer),
        transmitInterval: (countOf(said['active-transmit-interval']) ?? 0) / 1000,
        // RFC 5880 section 6.8.4: the far end's multiplier times the interval that was agreed.
        detectionTime: (countOf(said['remote-multiplier']) ?? 0) * receive,
      };
    }),
  );
}

const bfdStates: Readonly<Record<string, BfdRow['state']>> = {
  UP: 'up',
  INIT: 'init',
  DOWN: 'down',
  ADMIN_DOWN: 'admin-down',
};

type Diagnostic = Extract<Fact, { readonly type: 'bfd-went-down' }>['diagnostic'];

/** Why a BFD session is down, of its entry. */
export function bfdDiagnostic(said: Said): Diagnostic {
  switch (textOf(said['local-diagnostic-code'])) {
    case 'NEIGHBOR_SIGNALED_DOWN':
      return 'neighbor-signaled-session-down';
    case 'PATH_DOWN':
    case 'CONCATENATED_PATH_DOWN':
    case 'REVERSE_CONCATENATED_PATH_DOWN':
      return 'path-down';
    case 'ADMIN_DOWN':
      return 'administratively-down';
    default:
      return 'control-detection-time-expired';
  }
}

/** Entries of `/interface`: their subinterfaces; an interface without any stands for itself. */
export function interfaceRows(
  interfaces: readonly Said[],
  instanceOf: (subinterface: string) => string | undefined,
): InterfaceRow[] {
  return interfaces.flatMap(said => {
    const name = textOf(said['name']) ?? '';
    const statistics = objectOf(said['statistics']);
    const packets = {
      inPackets: countOf(statistics['in-packets']) ?? 0,
      outPackets: countOf(statistics['out-packets']) ?? 0,
    };
    const subinterfaces = listOf(said['subinterface']);
    if (subinterfaces.length === 0) {
      const mtu = countOf(said['mtu']);
      return [{ name, ...statesOf(said), addresses: [], ...(mtu === undefined ? {} : { mtu }), ...packets }];
    }
    const parent = statesOf(said);
    return subinterfaces.map(each => {
      const full = textOf(each['name']) ?? `${name}.${countOf(each['index']) ?? 0}`;
      const instance = instanceOf(full);
      const mtu = countOf(each['ip-mtu']);
      const vlan = objectOf(objectOf(objectOf(each['vlan'])['encap'])['single-tagged']);
      const vlanId = countOf(vlan['vlan-id']);
      const states = statesOf(each);
      return {
        name: full,
        ...states,
        // What the port says is nearer to the cause than "port-down" of its subinterface.
        ...(states.operDownReason === 'port-down' && parent.operDownReason !== undefined
          ? { operDownReason: parent.operDownReason }
          : {}),
        addresses: addressesOf(each),
        ...(instance === undefined ? {} : { instance }),
        ...(mtu === undefined ? {} : { mtu }),
        ...(vlanId === undefined ? {} : { vlanId }),
        ...packets,
      };
    });
  });
}

function statesOf(said: Said): Pick<InterfaceRow, 'adminState' | 'operState' | 'operDownReason'> {
  const up = said['oper-state'] === 'up';
  const reason = wordOf(said['oper-down-reason']);
  return {
    adminState: said['admin-state'] === 'disable' ? 'disable' : 'enable',
    operState: up ? 'up' : 'down',
    ...(up || reason === undefined ? {} : { operDownReason: reason }),
  };
}

function addressesOf(said: Said): string[] {
  return listOf(objectOf(said['ipv4'])['address']).flatMap(each => textOf(each['ip-prefix']) ?? []);
}

/** Entries of `bridge-table/mac-table/mac`; addresses come from the neighbour caches of its irbs. */
export function macRows(
  macs: readonly Said[],
  context: {
    /** The irb subinterface of the mac-vrf: "irb0.0". */
    readonly irb: string | undefined;
    readonly addressOf: (mac: string) => Ipv4 | undefined;
    readonly ownerOf: (address: Ipv4) => string | undefined;
  },
): MacRow[] {
  return macs
    .flatMap((said): MacRow[] => {
      const mac = textOf(said['address'])?.toLowerCase();
      const type = macTypes[wordOf(said['type']) ?? ''];
      if (mac === undefined || type === undefined) return [];
      const address = context.addressOf(mac);
      const node = address === undefined ? undefined : context.ownerOf(address);
      return [
        {
          mac,
          type,
          destination:
            type === 'irb-interface'
              ? (context.irb ?? 'irb')
              : destinationOf(textOf(said['destination']) ?? ''),
          ...(address === undefined ? {} : { address }),
          ...(node === undefined ? {} : { node }),
        },
      ];
    })
    .sort(
      (a, b) =>
        Number(b.type === 'irb-interface') - Number(a.type === 'irb-interface') || a.mac.localeCompare(b.mac),
    );
}

/** SR Linux tells more kinds apart; those that are not about a host of the lab are left out. */
const macTypes: Readonly<Record<string, MacRow['type']>> = {
  learnt: 'learnt',
  evpn: 'evpn',
  'evpn-static': 'evpn-static',
  'irb-interface': 'irb-interface',
  'irb-interface-anycast': 'irb-interface',
};

/** "vxlan-interface:vxlan1.1 vtep:1.1.1.2 vni:1" → "vxlan1.1 vtep 1.1.1.2". */
function destinationOf(text: string): string {
  const vxlan = /vxlan-interface:(\S+)\s+vtep:(\S+)/.exec(text);
  return vxlan === null ? text : `${vxlan[1]} vtep ${vxlan[2]}`;
}

/** Addresses by MAC, of entries of `ipv4/arp/neighbor`. */
export function addressesByMac(neighbors: readonly Said[]): ReadonlyMap<string, Ipv4> {
  return new Map(
    neighbors.flatMap(said => {
      const mac = textOf(said['link-layer-address'])?.toLowerCase();
      const address = textOf(said['ipv4-address']);
      return mac === undefined || address === undefined ? [] : [[mac, address] as const];
    }),
  );
}
