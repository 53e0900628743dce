import type { Lab, LabLink, SwitchNode } from '../../lab/lab.ts';
import type { LinkState, NodeState, SessionRow, TableRef, TableRows } from '../../lab/snapshot.ts';
import type { Ipv4 } from '../../net/address.ts';
import { containsAddress, networkOf } from '../../net/prefix.ts';
import { ownersOf } from './addresses.ts';
import { bridgeName, isVrf, portOf, vniOf } from './device-names.ts';
import { bfdRows, interfaceRows, macRows } from './other-tables.ts';
import { bgpRows, evpnRows, type RibContext } from './rib-table.ts';
import { forwardingRows, type RouteContext, routeRows } from './route-table.ts';
import { sessionRows } from './session-table.ts';

/** A router that runs FRR, wherever that is: a daemon of it is asked a show command and answers in JSON, or not at all. */
export type AskedRouter = {
  readonly name: string;
  readonly vrfs: readonly string[];
  json(daemon: 'zebra' | 'bgpd' | 'bfdd', command: string): Promise<unknown>;
};

/** What was seen happening, where FRR tells only what is. */
export type Remembered = {
  sessionSince(node: string, instance: string, peer: Ipv4): number | undefined;
  bfdSince(node: string, instance: string, peer: Ipv4): number | undefined;
  routeSince(node: string, instance: string, prefix: string): number | undefined;
  kernelGateways(node: string, instance: string, prefix: string): readonly Ipv4[] | undefined;
};

/** Packets of an interface, by device and network-instance. */
export type PacketCounters = (device: string, vrf: string) => { readonly in: number; readonly out: number };

type NodeTable = Exclude<
  TableRef,
  { readonly name: 'sessions' | 'bfd' | 'flows' | 'packets' | 'hash-comparison' }
>;

const NEIGHBORS = 'show bgp vrf all neighbors json';
const EVPN_ROUTES = 'show bgp l2vpn evpn json';

function ipv4Routes(instance: string): string {
  return `show bgp ${vrfWords(instance)}ipv4 unicast json`;
}

/** Everything that tables ask bgpd of a router. */
export function bgpQuestions(vrfs: readonly string[]): string[] {
  return [NEIGHBORS, EVPN_ROUTES, ...['default', ...vrfs].map(ipv4Routes)];
}

/** The tables of routers that run FRR, in the words of the lab's switch configurations. */
export class RouterTables {
  private readonly lab: Lab;
  private readonly owners: ReadonlyMap<Ipv4, string>;
  private readonly remembered: Remembered;
  private readonly isResilient: (node: string, instance: string, prefix: string) => boolean;

  constructor(lab: Lab, remembered: Remembered, isResilient: RouterTables['isResilient'] = () => false) {
    this.isResilient = isResilient;
    this.lab = lab;
    this.owners = ownersOf(lab);
    this.remembered = remembered;
  }

  async sessionsOf(router: AskedRouter, now: number): Promise<SessionRow[]> {
    const node = this.switchNamed(router.name);
    return sessionRows(await router.json('bgpd', NEIGHBORS), {
      node: router.name,
      isSwitch: node !== undefined,
      at: now,
      groupOf: (instance, peer) => groupOf(node, instance, peer),
      ownerOf: address => this.owners.get(address),
      sinceOf: (instance, peer) => this.remembered.sessionSince(router.name, instance, peer),
    });
  }

  async bfdOf(router: AskedRouter, now: number): Promise<TableRows['bfd']> {
    return bfdRows(await router.json('bfdd', 'show bfd peers json'), {
      node: router.name,
      isSwitch: this.switchNamed(router.name) !== undefined,
      at: now,
      sinceOf: (instance, peer) => this.remembered.bfdSince(router.name, instance, peer),
    });
  }

  async table(
    router: AskedRouter,
    ref: NodeTable,
    counters: () => Promise<PacketCounters>,
    now: number,
  ): Promise<TableRows[TableRef['name']] | undefined> {
    const node = this.switchNamed(ref.node);
    switch (ref.name) {
      case 'interfaces': {
        const packets = await counters();
        const perVrf = await Promise.all(
          ['default', ...router.vrfs].map(async vrf =>
            interfaceRows(await router.json('zebra', `show interface vrf ${vrf} json`), {
              isSwitch: node !== undefined,
              interfaceName: device => interfaceName(node, device, vrf),
              packets: device => packets(device, vrf),
            }),
          ),
        );
        return perVrf.flat();
      }
      case 'evpn':
        return evpnRows(await router.json('bgpd', EVPN_ROUTES), this.ribContext());
      case 'bgp':
        return bgpRows(await router.json('bgpd', ipv4Routes(ref.instance)), this.ribContext());
      case 'routes':
      case 'forwarding': {
        const said = await router.json('zebra', `show ip route ${vrfWords(ref.instance)}json`);
        if (said === undefined) return undefined;
        const context = this.routeContext(node, ref.node, ref.instance, now);
        return ref.name === 'routes' ? routeRows(said, context) : forwardingRows(said, context);
      }
      case 'macs': {
        const instance = node?.config.networkInstances.find(({ name }) => name === ref.instance);
        const vni = node === undefined || instance === undefined ? undefined : vniOf(node.config, instance);
        if (vni === undefined) return undefined;
        const macs = await router.json('zebra', `show evpn mac vni ${vni} json`);
        return macRows(macs, await router.json('zebra', `show evpn arp-cache vni ${vni} json`), {
          vxlanInterface: instance?.vxlanInterface ?? 'vxlan',
          interfaceName: device => interfaceName(node, device),
          ownerOf: address => this.owners.get(address),
        });
      }
    }
  }

  /** BGP over a link: of the sessions across it, all, some or none are established; absent where there are none. */
  bgpOver({ a, b, role }: LabLink, sessions: readonly SessionRow[]): Pick<LinkState, 'bgp'> {
    const across = sessions.filter(session =>
      [
        [a, b],
        [b, a],
      ].some(([from, to]) => {
        if (from === undefined || to === undefined || session.node !== from.node) return false;
        if (role === 'join') return session.peerNode === to.node;
        const subinterfaces = this.switchNamed(from.node)
          ?.config.interfaces.filter(({ name }) => name === from.port)
          .flatMap(each => each.subinterfaces.flatMap(({ addresses }) => addresses));
        return (
          subinterfaces?.some(({ address }) => containsAddress(networkOf(address), session.peer)) === true
        );
      }),
    );
    if (across.length === 0) return {};
    const up = across.filter(({ state }) => state === 'established').length;
    return { bgp: up === across.length ? 'up' : up === 0 ? 'down' : 'partly' };
  }

  private ribContext(): RibContext {
    return {
      ownerOf: address => this.owners.get(address),
      vniOfTarget: target => {
        for (const node of this.lab.nodes) {
          if (node.kind !== 'switch') continue;
          const instance = node.config.networkInstances.find(({ bgpVpn }) =>
            bgpVpn?.exportRouteTargets.includes(target),
          );
          if (instance !== undefined) return vniOf(node.config, instance);
        }
        return undefined;
      },
    };
  }

  private routeContext(
    node: SwitchNode | undefined,
    name: string,
    instance: string,
    at: number,
  ): RouteContext {
    const vrf = node?.config.networkInstances.find(each => isVrf(each) && each.name === instance);
    return {
      at,
      vni: node === undefined || vrf === undefined ? undefined : vniOf(node.config, vrf),
      interfaceName: device => interfaceName(node, device, instance),
      ownerOf: address => this.owners.get(address),
      sinceOf: prefix => this.remembered.routeSince(name, instance, prefix),
      isResilient: prefix => this.isResilient(name, instance, prefix),
      kernelGateways: prefix => this.remembered.kernelGateways(name, instance, prefix),
      neighborOf: port => {
        for (const { a, b } of this.lab.links) {
          if (a.node === name && a.port === port) return b.node;
          if (b.node === name && b.port === port) return a.node;
        }
        return undefined;
      },
    };
  }

  private switchNamed(name: string): SwitchNode | undefined {
    return this.lab.nodes.find((node): node is SwitchNode => node.name === name && node.kind === 'switch');
  }
}

/** Established over configured sessions; absent for a node that has none. */
export function sessionCount(node: string, sessions: readonly SessionRow[]): Pick<NodeState, 'sessions'> {
  const own = sessions.filter(session => session.node === node);
  if (own.length === 0) return {};
  const established = own.filter(({ state }) => state === 'established').length;
  return { sessions: { established, configured: own.length } };
}

function groupOf(node: SwitchNode | undefined, instance: string, peer: Ipv4): string | undefined {
  const bgp = node?.config.networkInstances.find(({ name }) => name === instance)?.bgp;
  return (
    bgp?.neighbors.find(({ peerAddress }) => peerAddress === peer)?.group ??
    bgp?.dynamicNeighbors.find(({ prefix }) => containsAddress(prefix, peer))?.group
  );
}

function vrfWords(instance: string): string {
  return instance === 'default' || instance === '' ? '' : `vrf ${instance} `;
}

/** What the switch's own configuration calls a Linux device: "ethernet-1/1.0" for e1-1, "irb0.0" for the bridge of its domain. */
function interfaceName(node: SwitchNode | undefined, device: string, instance = 'default'): string {
  if (node === undefined) return device;
  const port = portOf(device);
  const { config } = node;
  const subinterface = config.interfaces.find(({ name }) => name === port)?.subinterfaces[0];
  if (subinterface !== undefined) return subinterface.name;
  if (device === 'lo') {
    const loopback = instance === 'default' ? 'system' : 'lo';
    const own = config.networkInstances.find(({ name }) => name === instance);
    return own?.interfaces.find(name => name.startsWith(loopback)) ?? device;
  }
  const bridge = config.networkInstances.find(
    each => each.type === 'mac-vrf' && bridgeName(config, each) === device,
  );
  return bridge?.interfaces.find(name => name.startsWith('irb')) ?? device;
}
