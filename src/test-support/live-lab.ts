import { createFrrEngine } from '../engines/frr/frr-engine.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { LabEvent } from '../lab/event.ts';
import type { Fault } from '../lab/fault.ts';
import { rowsOf, type Snapshot, type TableRef, type TableRows } from '../lab/snapshot.ts';
import type { FrrInstallation } from '../programs/frr.ts';
import { talkLab } from './talk-lab.ts';

export const VIP = '10.254.254.240/32';

/** A lab on real routers and what happened in it: the talk's on FRR, or whatever an engine runs. */
export class LiveLab {
  readonly engine: LabEngine;
  readonly events: LabEvent[] = [];

  constructor(runs: FrrInstallation | LabEngine) {
    this.engine = 'perform' in runs ? runs : createFrrEngine(talkLab(), { frr: runs });
    this.engine.subscribe(events => this.events.push(...events));
  }

  async build(): Promise<void> {
    for (const { id } of this.engine.lab.stages) {
      const result = await this.engine.build(id);
      if (result.outcome !== 'done') throw new Error(`stage ${id}: ${JSON.stringify(result)}`);
    }
  }

  async rows<R extends TableRef>(ref: R): Promise<TableRows[R['name']]> {
    const rows = rowsOf(await this.engine.snapshot([ref]), ref);
    if (rows === undefined) throw new Error(`no table for ${JSON.stringify(ref)}`);
    return rows;
  }

  /** Asks until it holds; the time it took in milliseconds. */
  async until(
    holds: (snapshot: Snapshot) => boolean,
    wanted: readonly TableRef[] = [],
    limit = 20_000,
  ): Promise<number> {
    const startedAt = performance.now();
    for (;;) {
      const snapshot = await this.engine.snapshot(wanted);
      const elapsed = performance.now() - startedAt;
      if (holds(snapshot)) return elapsed;
      if (elapsed > limit) {
        const { nodes, traffic, clusters } = snapshot;
        const pods = clusters.flatMap(cluster => cluster.pods);
        throw new Error(`not within ${limit} ms: ${JSON.stringify({ nodes, traffic, pods })}`);
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async converged(limit = 20_000): Promise<void> {
    const tenant = { name: 'forwarding', node: 'BORDER-DC', instance: 'kube-ipvrf' } as const;
    const underlay = { name: 'forwarding', node: 'BORDER-DC', instance: 'default' } as const;
    const width = (snapshot: Snapshot, ref: TableRef & { readonly name: 'forwarding' }, wanted: string) =>
      rowsOf(snapshot, ref)?.find(({ prefix }) => prefix === wanted)?.members.length;
    await this.until(
      snapshot =>
        snapshot.nodes.every(
          ({ sessions }) => sessions === undefined || sessions.established === sessions.configured,
        ) &&
        snapshot.nodes.filter(({ sessions }) => sessions !== undefined).length === 7 &&
        width(snapshot, tenant, VIP) === 2 &&
        width(snapshot, underlay, '1.1.1.1/32') === 2 &&
        width(snapshot, underlay, '1.1.1.2/32') === 2 &&
        rowsOf(snapshot, { name: 'bfd' })?.filter(({ state }) => state === 'up').length === 12,
      [tenant, underlay, { name: 'bfd' }],
      limit,
    );
  }

  /** Breaks something, waits for an event after it, and tells how long after the fault that was, in milliseconds. */
  async timeTo(fault: Fault, happened: (event: LabEvent) => boolean): Promise<number> {
    const result = await this.engine.perform({ type: 'break', fault });
    if (result.outcome !== 'done') throw new Error(result.because);
    const broken = () => this.events.find(({ id }) => id === result.event);
    const after = () => this.events.find(event => event.at > (broken()?.at ?? Infinity) && happened(event));
    await this.until(() => after() !== undefined);
    return (after()?.at ?? Number.NaN) - (broken()?.at ?? Number.NaN);
  }

  /** Does what is asked and waits for an event that follows it. */
  async break(fault: Fault): Promise<number> {
    const result = await this.engine.perform({ type: 'break', fault });
    if (result.outcome !== 'done') throw new Error(result.because);
    return result.event ?? 0;
  }

  /** The first event after another one that is as asked for. */
  async eventAfter(id: number, happened: (event: LabEvent) => boolean, limit?: number): Promise<LabEvent> {
    const at = () => this.events.find(event => event.id === id)?.at ?? Number.POSITIVE_INFINITY;
    // What is reported late happened before.
    const find = () => this.events.find(event => event.id > id && event.at >= at() && happened(event));
    await this.until(() => find() !== undefined, [], limit);
    return find() as LabEvent;
  }

  async type(commandLine: string): Promise<string> {
    const { exitCode, output } = await this.engine.run(commandLine);
    const text = output.map(chunk => chunk.text).join('');
    if (exitCode !== 0) throw new Error(`${commandLine}: ${text}`);
    return text;
  }

  async heal(): Promise<void> {
    await this.engine.perform({ type: 'heal', fault: 'all' });
    await this.converged();
  }
}
