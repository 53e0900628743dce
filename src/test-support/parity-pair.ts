import { createFrrEngine } from '../engines/frr/frr-engine.ts';
import type { Command } from '../lab/command.ts';
import type { LabEngine } from '../lab/engine.ts';
import type { LabEvent } from '../lab/event.ts';
import type { Fault } from '../lab/fault.ts';
import type { Lab } from '../lab/lab.ts';
import { type StageId, stagesUpTo } from '../lab/stage.ts';
import type { FrrInstallation } from '../programs/frr.ts';
import { DrivenLab } from './driven-lab.ts';
import { differences, factsOf } from './parity.ts';
import { type Explanation, sortDifferences } from './parity-differences.ts';

/** What came of one comparison. */
export type Comparison = {
  readonly moment: string;
  /** Facts that the embedded lab stated. */
  readonly facts: number;
  readonly unexplained: readonly string[];
  readonly explained: ReadonlyMap<Explanation, number>;
  /** Seconds until FRR said the same. */
  readonly seconds: number;
};

/** How long it took from a fault to what somebody waited for: lab milliseconds, and milliseconds of a real clock. */
export type Gap = { readonly embedded: number; readonly frr: number };

/** One lab on the embedded engine and on FRR. Everything is done to both. */
export class ParityPair {
  readonly embedded: DrivenLab;
  readonly frr: LabEngine;
  private readonly frrEvents: LabEvent[] = [];

  constructor(lab: Lab, installation: FrrInstallation) {
    this.embedded = new DrivenLab(lab);
    this.frr = createFrrEngine(lab, { frr: installation });
    this.frr.subscribe(events => {
      for (const event of events) this.frrEvents.push(event);
    });
  }

  /** Builds everything up to a stage on both. */
  async buildUpTo(stage: StageId): Promise<void> {
    await this.embedded.buildUpTo(stage);
    for (const next of stagesUpTo(this.frr.lab.stages, stage) ?? []) {
      const result = await this.frr.build(next);
      if (result.outcome !== 'done') throw new Error(`FRR, stage ${next}: ${JSON.stringify(result)}`);
    }
  }

  /** Breaks it on both, and lets so much lab time pass on the embedded side that all of it has shown. */
  async break(fault: Fault): Promise<void> {
    await this.perform({ type: 'break', fault });
  }

  async heal(): Promise<void> {
    await this.perform({ type: 'heal', fault: 'all' });
  }

  private async perform(command: Command): Promise<void> {
    for (const result of [await this.embedded.engine.perform(command), await this.frr.perform(command)])
      if (result.outcome !== 'done') throw new Error(JSON.stringify(result));
    this.embedded.settle();
    this.embedded.advance(SHOWN_AFTER);
    this.embedded.settle();
  }

  /** A command line on both. */
  async run(commandLine: string): Promise<void> {
    const running = this.embedded.engine.run(commandLine);
    this.embedded.settle();
    for (const { exitCode, output } of [await running, await this.frr.run(commandLine)])
      if (exitCode !== 0) throw new Error(`${commandLine}: ${output.map(({ text }) => text).join('')}`);
  }

  /**
   * Compares both. The embedded side is at rest; FRR is asked until it says the same twice running, or `limit` milliseconds
   * have passed: then what it still says differently is what came of it.
   */
  compare(moment: string, limit = 40_000): Promise<Comparison> {
    return compareEngines(this.embedded, this.frr, moment, limit);
  }

  /** Milliseconds from the last fault to the last event of its kind, on both: after a comparison, when all is over. */
  gap(isIt: (event: LabEvent) => boolean): Gap {
    return { embedded: gapIn(this.embedded.events, isIt), frr: gapIn(this.frrEvents, isIt) };
  }

  stop(): Promise<void> {
    return this.frr.stop();
  }
}

/** The embedded lab, at rest, and one on FRR, asked until it says the same twice running or `limit` milliseconds have passed. */
export async function compareEngines(
  embedded: DrivenLab,
  frr: LabEngine,
  moment: string,
  limit: number,
): Promise<Comparison> {
  const wanted = await factsOf(embedded.engine, { forwarding: true });
  const startedAt = performance.now();
  for (let agreed = 0; ; await new Promise(resolve => setTimeout(resolve, 500))) {
    const sorted = sortDifferences(differences(await factsOf(frr, { forwarding: true }), wanted), moment);
    agreed = sorted.unexplained.length === 0 ? agreed + 1 : 0;
    const elapsed = performance.now() - startedAt;
    if (agreed === 2 || elapsed > limit)
      return { moment, facts: wanted.size, seconds: Math.round(elapsed / 100) / 10, ...sorted };
  }
}

/** Hold times of 9 s and BFD have run out, retries of 10 s have come round. */
const SHOWN_AFTER = 15_000;

function gapIn(events: readonly LabEvent[], isIt: (event: LabEvent) => boolean): number {
  const fault = events.findLast(({ type }) => type === 'fault-injected');
  const first = events.find(event => event.at >= (fault?.at ?? 0) && isIt(event));
  return Math.round((first?.at ?? Number.NaN) - (fault?.at ?? Number.NaN));
}
