import { chooseBest, type RuleName, ruleNamed } from './decision.ts';
import type { Path } from './outcome.ts';
import { type InvalidReason, type OwnRoute, type Received, sortedKeys } from './rib.ts';
import type { Family } from './route.ts';
import { validPaths } from './select.ts';
import type { SpeakerState } from './state.ts';

/** A path with what became of it and why. */
export type ExplainedPath = {
  /** Undefined for an own route. */
  readonly path: Path | undefined;
  readonly own: OwnRoute | undefined;
  readonly valid: boolean;
  readonly best: boolean;
  readonly used: boolean;
  readonly invalidReason?: InvalidReason;
  /** Of the best path: the rule that decided. Of another one: where it fell. Own and invalid ones have none. */
  readonly rule?: { readonly name: RuleName; readonly section: string };
};

/** Every path to one NLRI: own, best, used, the other valid ones by the rule they got to, invalid ones. Empty for an unknown key. */
export function explain(speaker: SpeakerState, family: Family, key: string): ExplainedPath[] {
  const destination = speaker.tables[family].byKey.get(key);
  if (destination === undefined) return [];
  const explained: ExplainedPath[] = [];
  const { own } = destination;
  if (own !== undefined) explained.push({ path: undefined, own, valid: true, best: true, used: true });
  const fallen: { path: Received; rule: { readonly name: RuleName; readonly section: string } }[] = [];
  const choice = chooseBest(validPaths(destination), speaker.decision[family], ({ candidate, fellAt }) => {
    fallen.unshift({ path: candidate, rule: { name: fellAt.name, section: fellAt.section } });
  });
  if (choice !== undefined) {
    const { name, section } = ruleNamed(choice.decidedBy);
    const status = { own: undefined, valid: true };
    explained.push({ path: choice.best, ...status, best: true, used: true, rule: { name, section } });
    const used = new Set(choice.multipath);
    const others = [
      ...fallen.filter(({ path }) => used.has(path)),
      ...fallen.filter(({ path }) => !used.has(path)),
    ];
    for (const { path, rule } of others) {
      explained.push({ path, ...status, best: false, used: used.has(path), rule });
    }
  }
  for (const path of destination.paths) {
    const { invalidReason } = path;
    if (invalidReason === undefined) continue;
    explained.push({ path, own: undefined, valid: false, best: false, used: false, invalidReason });
  }
  return explained;
}

/** What is chosen for one NLRI. */
export function lookUp(
  speaker: SpeakerState,
  family: Family,
  key: string,
): { readonly best: Path; readonly used: readonly Path[]; readonly decidedBy: RuleName } | undefined {
  const choice = speaker.tables[family].byKey.get(key)?.choice;
  if (choice === undefined) return undefined;
  return { best: choice.best, used: choice.multipath, decidedBy: choice.decidedBy };
}

/** Keys of a family in route-table order (IPv4) or by type and text (EVPN). */
export function ribKeys(speaker: SpeakerState, family: Family): string[] {
  return sortedKeys(speaker.tables[family]);
}
