import {
  createEmbeddedEngine,
  type EmbeddedEngine,
  type EmbeddedOptions,
} from '../engines/embedded/embedded-engine.ts';
import type { CommandResult } from '../lab/command.ts';
import type { LabEvent } from '../lab/event.ts';
import type { Fault } from '../lab/fault.ts';
import type { Lab } from '../lab/lab.ts';
import { rowsOf, type Snapshot, type TableRef, type TableRows } from '../lab/snapshot.ts';
import { type StageId, stagesUpTo } from '../lab/stage.ts';

/** An embedded engine with somebody at its clock: tests say what to do and look at what became of it. */
export class DrivenLab {
  readonly engine: EmbeddedEngine;
  readonly events: LabEvent[] = [];

  constructor(lab: Lab, options: EmbeddedOptions = {}) {
    this.engine = createEmbeddedEngine(lab, options);
    this.engine.subscribe(events => {
      // One by one: a large fabric reports more events at once than a call takes arguments.
      for (const event of events) this.events.push(event);
    });
  }

  /** Builds everything up to a stage and lets the lab come to rest. */
  async buildUpTo(stage: StageId): Promise<this> {
    for (const next of stagesUpTo(this.engine.lab.stages, stage) ?? []) {
      const building = this.engine.build(next);
      this.settle();
      const result = await building;
      if (result.outcome !== 'done') throw new Error(`stage ${next}: ${JSON.stringify(result)}`);
    }
    return this;
  }

  now(): number {
    return this.engine.clock.now();
  }

  advance(milliseconds: number): void {
    this.engine.clock.advance(milliseconds);
  }

  /** Until quiet; throws when that does not come. */
  settle(): void {
    if (!this.engine.clock.runUntilQuiet()) throw new Error('the lab did not settle');
  }

  async break(fault: Fault): Promise<CommandResult> {
    return this.engine.perform({ type: 'break', fault });
  }

  async heal(fault = 'all'): Promise<CommandResult> {
    return this.engine.perform({ type: 'heal', fault });
  }

  async snapshot(...wanted: TableRef[]): Promise<Snapshot> {
    return this.engine.snapshot(wanted);
  }

  async rows<R extends TableRef>(ref: R): Promise<TableRows[R['name']]> {
    const rows = rowsOf(await this.engine.snapshot([ref]), ref);
    if (rows === undefined) throw new Error(`no table for ${JSON.stringify(ref)}`);
    return rows;
  }

  /** Labels of what packets to a prefix are spread over. */
  async members(node: string, instance: string, prefix: string): Promise<string[]> {
    const rows = await this.rows({ name: 'forwarding', node, instance });
    return rows.find(row => row.prefix === prefix)?.members.map(member => member.label) ?? [];
  }

  /** The chain of causes of an event, itself first. */
  causes(event: LabEvent): LabEvent[] {
    const chain = [event];
    for (let next = event.cause; next !== undefined; ) {
      const found = this.events.find(({ id }) => id === next);
      if (found === undefined) break;
      chain.push(found);
      next = found.cause;
    }
    return chain;
  }
}
