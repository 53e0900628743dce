import { readFileSync, writeFileSync } from 'node:fs';
import type { Explanation } from './parity-differences.ts';
import type { MeasuredMove } from './parity-flows.ts';
import type { Comparison, Gap } from './parity-pair.ts';

/** What a run of the live comparison leaves behind: docs/parity.md is printed from it. */
export type ParityRun = {
  readonly frr: string;
  readonly labs: readonly {
    readonly lab: string;
    readonly traits: readonly string[];
    readonly moments: readonly {
      readonly moment: string;
      readonly facts: number;
      readonly explained: number;
      readonly unexplained: readonly string[];
      readonly seconds: number;
    }[];
  }[];
  readonly gaps: readonly MeasuredGap[];
  readonly moves: readonly MeasuredMove[];
  readonly explained: readonly { readonly what: string; readonly times: number }[];
};

export type MeasuredGap = Gap & { readonly what: string; readonly band: readonly [number, number] };

export const parityRunFile = new URL('./captured/parity-last-run.json', import.meta.url);

/** Gathers comparisons while they are made. */
export class ParityReport {
  private readonly used = new Map<Explanation, number>();
  private readonly frr: string;
  private readonly after: ParityRun | undefined;
  private readonly labs = new Map<
    string,
    { readonly lab: string; readonly traits: readonly string[]; readonly moments: Comparison[] }
  >();
  private readonly gaps: MeasuredGap[] = [];
  private readonly moves: MeasuredMove[] = [];

  /** `after`: a run of which this one is a further piece. */
  constructor(frr: string, after?: ParityRun) {
    this.frr = frr;
    this.after = after;
  }

  /** Whether a difference has been seen, in this piece or before. */
  isUsed(explanation: Explanation): boolean {
    return (
      this.used.has(explanation) || this.before('explained').some(({ what }) => what === explanation.what)
    );
  }

  add(lab: string, traits: readonly string[], comparison: Comparison): void {
    const entry = this.labs.get(lab) ?? { lab, traits, moments: [] };
    this.labs.set(lab, entry);
    entry.moments.push(comparison);
    for (const [explanation, times] of comparison.explained)
      this.used.set(explanation, (this.used.get(explanation) ?? 0) + times);
  }

  addGap(gap: MeasuredGap): void {
    this.gaps.push(gap);
  }

  addMove(move: MeasuredMove): void {
    this.moves.push(move);
  }

  write(): void {
    const run: ParityRun = {
      frr: this.frr,
      labs: [
        ...this.before('labs').filter(({ lab }) => !this.labs.has(lab)),
        ...[...this.labs.values()].map(({ lab, traits, moments }) => ({
          lab,
          traits,
          moments: moments.map(({ explained, ...rest }) => ({
            ...rest,
            explained: [...explained.values()].reduce((sum, times) => sum + times, 0),
          })),
        })),
      ],
      gaps: [...this.before('gaps'), ...this.gaps],
      moves: [...this.before('moves'), ...this.moves],
      explained: sumByWhat([
        ...this.before('explained'),
        ...[...this.used].map(([{ what }, times]) => ({ what, times })),
      ]),
    };
    writeFileSync(parityRunFile, `${JSON.stringify(run, undefined, 2)}\n`);
  }

  private before<K extends 'labs' | 'gaps' | 'moves' | 'explained'>(part: K): ParityRun[K] | [] {
    return this.after?.[part] ?? [];
  }
}

function sumByWhat(counts: ParityRun['explained']): ParityRun['explained'] {
  const sums = new Map<string, number>();
  for (const { what, times } of counts) sums.set(what, (sums.get(what) ?? 0) + times);
  return [...sums].map(([what, times]) => ({ what, times }));
}

/** The last run, to go on from. */
export function lastParityRun(): ParityRun {
  return JSON.parse(readFileSync(parityRunFile, 'utf8')) as ParityRun;
}
