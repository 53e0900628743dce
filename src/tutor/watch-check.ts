import { blocksOf } from '../course/lesson.ts';
import { evaluate } from '../lab/evaluate-probe.ts';
import type { Snapshot } from '../lab/snapshot.ts';
import { keepParts } from '../values/keep-parts.ts';
import { measurePredictions } from './measure-predictions.ts';
import { type CheckProgress, currentStep, type TutorState } from './state.ts';
import { onJourney } from './work.ts';

/** A look at the lab: the current step's check is asked again, and once it is passed its predictions are measured. */
export function watchCheck(state: TutorState, snapshot: Snapshot): TutorState {
  const step = currentStep(state);
  const { lesson } = state;
  const watching = state.screen.name === 'lesson' || state.screen.name === 'presenter';
  if (lesson === undefined || step === undefined || !watching) return state;
  // On a journey the lab passes through states that are not this step's.
  if (onJourney(state.work)) return state;
  const asked = blocksOf(step, 'check')[0];
  if (asked === undefined) {
    return lesson.current === undefined ? measurePredictions(state, snapshot) : state;
  }
  const verdicts = asked.items.map(item => evaluate(item.probe, snapshot));
  const holds = verdicts.every(verdict => verdict.holds);
  const passed = lesson.check?.passed === true || holds;
  const since = lesson.current === undefined ? (lesson.check?.since ?? snapshot.at) : undefined;
  const check: CheckProgress = {
    ...(since !== undefined && { since }),
    verdicts,
    passed,
    overdue: !holds && since !== undefined && snapshot.at - since > asked.within,
  };
  const next = { ...state, lesson: keepParts(lesson, { ...lesson, check }) };
  return passed ? measurePredictions(next, snapshot) : next;
}
