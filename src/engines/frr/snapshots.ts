import { absentCluster } from '../../lab/cluster-state.ts';
import type { Lab, SwitchNode } from '../../lab/lab.ts';
import type { LinkState, NodeState, SessionRow, Snapshot, TableRef, TableRows } from '../../lab/snapshot.ts';
import { noTraffic, tableKey } from '../../lab/snapshot.ts';
import type { StageState } from '../../lab/stage.ts';
import type { NetworkInstanceConfig } from '../../lab/switch-config.ts';
import type { Ipv4 } from '../../net/address.ts';
import { containsAddress, networkOf } from '../../net/prefix.ts';
import { ownersOf } from '../real/addresses.ts';
import { bfdRows, interfaceRows, macRows } from '../real/other-tables.ts';
import { bgpRows, evpnRows, type RibContext } from '../real/rib-table.ts';
import { forwardingRows, type RouteContext, routeRows } from '../real/route-table.ts';
import { sessionRows } from '../real/session-table.ts';
import { stateOf } from './cluster-view.ts';
import type { Router } from './daemons.ts';
import { flowRows } from './flow-table.ts';
import { isVrf, vniOf } from './frr-config.ts';
import { bridgeName, portOf } from './network-plan.ts';
import type { Running } from './running.ts';

/** Asks the daemons what somebody wants to see: only that. */
export class Snapshots {
  private readonly lab: Lab;
  private readonly owners: ReadonlyMap<Ipv4, string>;

  constructor(lab: Lab) {
    this.lab = lab;
    this.owners = ownersOf(lab);
  }

  async take(
    running: Running | undefined,
    wanted: readonly TableRef[],
    stages: readonly StageState[],
    now: number,
  ): Promise<Snapshot> {
    if (running === undefined) return this.empty(stages, now);
    const sessions = await this.allSessions(running, now);
    const tables = new Map<string, TableRows[TableRef['name']]>();
    await Promise.all(
      wanted.map(async ref => {
        const rows = await this.table(running, ref, sessions, now);
        if (rows !== undefined) tables.set(tableKey(ref), rows);
      }),
    );
    return {
      at: now,
      stages,
      nodes: this.nodeStates(running, sessions),
      links: this.linkStates(running, sessions),
      faults: [...running.faults.active.values()],
      clusters: this.lab.clusters.map(each =>
        stateOf(this.lab, each, running.clusters.clusters.get(each.name)),
      ),
      traffic: running.traffic.state(),
      tables,
    };
  }

  private empty(stages: readonly StageState[], at: number): Snapshot {
    return {
      at,
      stages,
      nodes: this.lab.nodes.map(({ name }) => ({ name, state: 'absent' })),
      links: this.lab.links.map(({ id }) => ({ id, state: 'absent', rateAToB: 0, rateBToA: 0 })),
      faults: [],
      clusters: this.lab.clusters.map(each => absentCluster(each.name)),
      traffic: noTraffic,
      tables: new Map(),
    };
  }

  // overview

  private async allSessions(running: Running, now: number): Promise<SessionRow[]> {
    const routers = this.lab.nodes
      .map(({ name }) => running.nodes.routers.get(name))
      .filter((router): router is Router => router?.running === true);
    const perRouter = await Promise.all(routers.map(router => this.sessionsOf(running, router, now)));
    return perRouter.flat();
  }

  private async sessionsOf(running: Running, router: Router, now: number): Promise<SessionRow[]> {
    const node = this.switchNamed(router.name);
    return sessionRows(await router.vty('bgpd').json('show bgp vrf all neighbors json'), {
      node: router.name,
      isSwitch: node !== undefined,
      at: now,
      groupOf: (instance, peer) => this.groupOf(node, instance, peer),
      ownerOf: address => this.owners.get(address),
      sinceOf: (instance, peer) => running.watcher.sessionSince(router.name, instance, peer),
    });
  }

  private groupOf(node: SwitchNode | undefined, instance: string, peer: Ipv4): string | undefined {
    const bgp = node?.config.networkInstances.find(({ name }) => name === instance)?.bgp;
    return (
      bgp?.neighbors.find(({ peerAddress }) => peerAddress === peer)?.group ??
      bgp?.dynamicNeighbors.find(({ prefix }) => containsAddress(prefix, peer))?.group
    );
  }

  private nodeStates(running: Running, sessions: readonly SessionRow[]): NodeState[] {
    return this.lab.nodes.map(({ name, kind }): NodeState => {
      const own = sessions.filter(({ node }) => node === name);
      const counts =
        own.length === 0
          ? {}
          : {
              sessions: {
                established: own.filter(({ state }) => state === 'established').length,
                configured: own.length,
              },
            };
      if (kind === 'switch') {
        const router = running.nodes.routers.get(name);
        if (router === undefined) return { name, state: 'absent' };
        return {
          name,
          state: router.running ? 'running' : router.holder === 0 ? 'starting' : 'stopped',
          ...counts,
        };
      }
      const host = running.clusters.hostOf(name)?.host;
      if (host === undefined) return { name, state: 'absent' };
      return { name, state: host.running ? 'running' : 'stopped', ...counts };
    });
  }

  private linkStates(running: Running, sessions: readonly SessionRow[]): LinkState[] {
    return this.lab.links.map((link): LinkState => {
      const { id, a, b, role } = link;
      if (!running.nodes.plugged.has(id)) return { id, state: 'absent', rateAToB: 0, rateBToA: 0 };
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
      const up = across.filter(({ state }) => state === 'established').length;
      return {
        id,
        state: running.faults.isDown(link) ? 'down' : running.faults.isSilent(link) ? 'silent' : 'up',
        ...(across.length === 0
          ? {}
          : {
              bgp:
                up === across.length ? ('up' as const) : up === 0 ? ('down' as const) : ('partly' as const),
            }),
        rateAToB: running.rates.rate(id, 'a'),
        rateBToA: running.rates.rate(id, 'b'),
      };
    });
  }

  // tables

  private async table(
    running: Running,
    ref: TableRef,
    sessions: readonly SessionRow[],
    now: number,
  ): Promise<TableRows[TableRef['name']] | undefined> {
    switch (ref.name) {
      case 'sessions':
        return ref.node === undefined ? sessions : sessions.filter(({ node }) => node === ref.node);
      case 'bfd': {
        const routers = [...running.nodes.routers.values()].filter(
          router => router.running && (ref.node === undefined || router.name === ref.node),
        );
        const rows = await Promise.all(
          routers.map(async router =>
            bfdRows(await router.vty('bfdd').json('show bfd peers json'), {
              node: router.name,
              isSwitch: this.switchNamed(router.name) !== undefined,
              at: now,
              sinceOf: (instance, peer) => running.watcher.bfdSince(router.name, instance, peer),
            }),
          ),
        );
        return rows.flat();
      }
      case 'flows':
        return flowRows(running, this.lab, ref);
      case 'packets':
        // Real packets: tcpdump in the node's namespace shows them.
        return undefined;
      default:
        return this.nodeTable(running, ref, now);
    }
  }

  private async nodeTable(
    running: Running,
    ref: Exclude<TableRef, { readonly name: 'sessions' | 'bfd' | 'flows' | 'packets' }>,
    now: number,
  ): Promise<TableRows[TableRef['name']] | undefined> {
    const router = running.nodes.routers.get(ref.node);
    const node = this.switchNamed(ref.node);
    if (router?.running !== true) return undefined;
    switch (ref.name) {
      case 'interfaces': {
        const counters = await running.rates.counters(router.name);
        const perVrf = await Promise.all(
          ['default', ...router.vrfs].map(async vrf =>
            interfaceRows(await router.vty('zebra').json(`show interface vrf ${vrf} json`), {
              isSwitch: node !== undefined,
              interfaceName: device => this.interfaceName(node, device, vrf),
              packets: device => counters(device, vrf),
            }),
          ),
        );
        return perVrf.flat();
      }
      case 'evpn':
        return evpnRows(await router.vty('bgpd').json('show bgp l2vpn evpn json'), this.ribContext());
      case 'bgp': {
        const vrf = this.vrfWords(ref.instance);
        return bgpRows(await router.vty('bgpd').json(`show bgp ${vrf}ipv4 unicast json`), this.ribContext());
      }
      case 'routes':
      case 'forwarding': {
        const said = await router.vty('zebra').json(`show ip route ${this.vrfWords(ref.instance)}json`);
        if (said === undefined) return undefined;
        const context = this.routeContext(running, node, ref.node, ref.instance, now);
        return ref.name === 'routes' ? routeRows(said, context) : forwardingRows(said, context);
      }
      case 'macs': {
        const instance = node?.config.networkInstances.find(({ name }) => name === ref.instance);
        const vni = node === undefined || instance === undefined ? undefined : vniOf(node.config, instance);
        if (vni === undefined) return undefined;
        const zebra = router.vty('zebra');
        const macs = await zebra.json(`show evpn mac vni ${vni} json`);
        return macRows(macs, await zebra.json(`show evpn arp-cache vni ${vni} json`), {
          vxlanInterface: instance?.vxlanInterface ?? 'vxlan',
          interfaceName: device => this.interfaceName(node, device),
          ownerOf: address => this.owners.get(address),
        });
      }
    }
  }

  private vrfWords(instance: string): string {
    return instance === 'default' || instance === '' ? '' : `vrf ${instance} `;
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
    running: Running,
    node: SwitchNode | undefined,
    name: string,
    instance: string,
    at: number,
  ): RouteContext {
    const vrf = node?.config.networkInstances.find(each => isVrf(each) && each.name === instance);
    return {
      at,
      vni: node === undefined || vrf === undefined ? undefined : vniOf(node.config, vrf),
      interfaceName: device => this.interfaceName(node, device, instance),
      ownerOf: address => this.owners.get(address),
      sinceOf: prefix => running.watcher.routeSince(name, instance, prefix),
      isResilient: prefix => running.resilient.isResilient(name, instance, prefix),
      kernelGateways: prefix => running.watcher.kernelGateways(name, instance, prefix),
      neighborOf: port => {
        for (const { a, b } of this.lab.links) {
          if (a.node === name && a.port === port) return b.node;
          if (b.node === name && b.port === port) return a.node;
        }
        return undefined;
      },
    };
  }

  /** What the switch's own configuration calls a Linux device: "ethernet-1/1.0" for e1-1, "irb0.0" for the bridge of its domain. */
  private interfaceName(node: SwitchNode | undefined, device: string, instance = 'default'): string {
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
      (each: NetworkInstanceConfig) => each.type === 'mac-vrf' && bridgeName(config, each) === device,
    );
    return bridge?.interfaces.find(name => name.startsWith('irb')) ?? device;
  }

  private switchNamed(name: string): SwitchNode | undefined {
    return this.lab.nodes.find((node): node is SwitchNode => node.name === name && node.kind === 'switch');
  }
}
