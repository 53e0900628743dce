import { byTieBreak, chooseBest, type Rule, type RuleName, ruleNamed, rules } from './decision.ts';
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
  const fellAt = new Map<Received, Rule>();
  const choice = chooseBest(validPaths(destination), speaker.decision[family], loser => {
    fellAt.set(loser.candidate, loser.fellAt);
  });
  if (choice !== undefined) {
    const { best, multipath, decidedBy } = choice;
    explained.push({ path: best, ...taking, best: true, used: true, rule: ruleNamed(decidedBy) });
    for (const path of multipath) {
      if (path !== best)
        explained.push({ path, ...taking, best: false, used: true, ...ruleOf(fellAt.get(path)) });
    }
    const losers = [...fellAt].filter(([path]) => !multipath.includes(path));
    losers.sort(([a, ruleA], [b, ruleB]) => rules.indexOf(ruleB) - rules.indexOf(ruleA) || byTieBreak(a, b));
    for (const [path, rule] of losers) {
      explained.push({ path, ...taking, best: false, used: false, ...ruleOf(rule) });
    }
  }
  for (const path of [...destination.paths].sort(byTieBreak)) {
    const { invalidReason } = path;
    if (invalidReason === undefined) continue;
    explained.push({ path, own: undefined, valid: false, best: false, used: false, invalidReason });
  }
  return explained;
}

const taking = { own: undefined, valid: true } as const;

function ruleOf(rule: Rule | undefined): { rule?: { readonly name: RuleName; readonly section: string } } {
  return rule === undefined ? {} : { rule: ruleNamed(rule.name) };
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
