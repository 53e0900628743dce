import { absentCluster } from '../../lab/cluster-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LinkState, NodeState, SessionRow, Snapshot, TableRef, TableRows } from '../../lab/snapshot.ts';
import { tableKey } from '../../lab/snapshot.ts';
import type { StageState } from '../../lab/stage.ts';
import { noTraffic } from '../../lab/traffic-state.ts';
import { stateOf } from '../real/cluster-view.ts';
import { flowRows } from '../real/flow-table.ts';
import { RouterTables, sessionCount } from '../real/router-tables.ts';
import type { Router } from './daemons.ts';
import type { Running } from './running.ts';

/** Asks the daemons what somebody wants to see: only that. */
export class Snapshots {
  private readonly lab: Lab;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  async take(
    running: Running | undefined,
    wanted: readonly TableRef[],
    stages: readonly StageState[],
    now: number,
  ): Promise<Snapshot> {
    if (running === undefined) return this.empty(stages, now);
    const routerTables = new RouterTables(this.lab, running.watcher, (node, instance, prefix) =>
      running.resilient.isResilient(node, instance, prefix),
    );
    const sessions = await this.allSessions(running, routerTables, now);
    const tables = new Map<string, TableRows[TableRef['name']]>();
    await Promise.all(
      wanted.map(async ref => {
        const rows = await this.table(running, routerTables, ref, sessions, now);
        if (rows !== undefined) tables.set(tableKey(ref), rows);
      }),
    );
    return {
      at: now,
      stages,
      nodes: this.nodeStates(running, sessions),
      links: this.linkStates(running, routerTables, sessions),
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

  private async allSessions(running: Running, tables: RouterTables, now: number): Promise<SessionRow[]> {
    const routers = this.lab.nodes
      .map(({ name }) => running.nodes.routers.get(name))
      .filter((router): router is Router => router?.running === true);
    const perRouter = await Promise.all(routers.map(router => tables.sessionsOf(router, now)));
    return perRouter.flat();
  }

  private nodeStates(running: Running, sessions: readonly SessionRow[]): NodeState[] {
    return this.lab.nodes.map(({ name, kind }): NodeState => {
      const counts = sessionCount(name, sessions);
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

  private linkStates(running: Running, tables: RouterTables, sessions: readonly SessionRow[]): LinkState[] {
    return this.lab.links.map((link): LinkState => {
      const { id } = link;
      if (!running.nodes.plugged.has(id)) return { id, state: 'absent', rateAToB: 0, rateBToA: 0 };
      return {
        id,
        state: running.faults.links.stateOf(link),
        ...tables.bgpOver(link, sessions),
        rateAToB: running.rates.rate(id, 'a'),
        rateBToA: running.rates.rate(id, 'b'),
      };
    });
  }

  // tables

  private async table(
    running: Running,
    tables: RouterTables,
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
        return (await Promise.all(routers.map(router => tables.bfdOf(router, now)))).flat();
      }
      case 'flows':
        return flowRows(
          {
            clientNamed: name => running.traffic.clientNamed(name),
            entry: running.oracle.entryOfClients(),
            gatewaysOf: (entry, flows) => running.oracle.gatewaysOf(entry, flows),
            opened: (client, flows) => running.openedFlows.of(client, flows),
            json: async (node, command) => running.nodes.routers.get(node)?.json('zebra', command),
          },
          this.lab,
          ref,
        );
      case 'packets':
        // Real packets: tcpdump in the node's namespace shows them.
        return undefined;
      case 'hash-comparison':
        // The kernel does not tell how it hashes.
        return undefined;
      default: {
        const router = running.nodes.routers.get(ref.node);
        if (router?.running !== true) return undefined;
        return tables.table(router, ref, () => running.rates.counters(router.name), now);
      }
    }
  }
}
