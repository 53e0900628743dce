import { blocksOf, type Prediction } from '../course/lesson.ts';
import { evaluate } from '../lab/evaluate-probe.ts';
import { measure, quantityText, unitOf } from '../lab/measurement.ts';
import type { Snapshot } from '../lab/snapshot.ts';
import { keepStep } from './keep-progress.ts';
import { stepProgress } from './progress.ts';
import { currentStep, type TutorState } from './state.ts';

/** Puts next to each answer of the step what the lab really did, once and for all. */
export function measurePredictions(state: TutorState, now: Snapshot): TutorState {
  const step = currentStep(state);
  if (step === undefined) return state;
  return blocksOf(step, 'predict').reduce((next, prediction) => measured(next, prediction, now), state);
}

function measured(state: TutorState, prediction: Prediction, now: Snapshot): TutorState {
  const { lesson } = state;
  const step = currentStep(state);
  if (lesson === undefined || step === undefined) return state;
  const kept = stepProgress(state.progress, lesson.id, step.id).predictions[prediction.id];
  const before = lesson.before[prediction.id];
  if (kept === undefined || kept.measured !== undefined || before === undefined) return state;
  const events = state.timeline.events.filter(event => event.id > before.event);
  const outcome = outcomeOf(prediction, { before: before.snapshot, now, events });
  if (outcome === undefined) return state;
  const right = prediction.answer.kind === 'choice' ? { right: outcome.choice === kept.answer } : {};
  return keepStep(state, progress => ({
    ...progress,
    predictions: { ...progress.predictions, [prediction.id]: { ...kept, measured: outcome.text, ...right } },
  }));
}

type Outcome = { readonly text: string; readonly choice?: string };

/** What the lab says to a prediction, undefined while it cannot tell. */
export function outcomeOf(
  { answer }: Prediction,
  observation: Parameters<typeof measure>[1],
): Outcome | undefined {
  const value = answer.measurement === undefined ? undefined : measure(answer.measurement, observation);
  const amount =
    value === undefined || answer.measurement === undefined
      ? undefined
      : quantityText(round(value), answer.kind === 'number' ? answer.unit : unitOf(answer.measurement));
  if (answer.kind === 'number') return amount === undefined ? undefined : { text: amount };
  const choice = answer.choices.find(({ when }) =>
    when.type === 'probe'
      ? evaluate(when.probe, observation.now).holds
      : value !== undefined && isWithin(Math.round(value), when),
  );
  if (choice === undefined) return amount === undefined ? undefined : { text: amount };
  return { text: amount === undefined ? choice.text : `${choice.text} (${amount})`, choice: choice.text };
}

function isWithin(value: number, range: { readonly from?: number; readonly to?: number }): boolean {
  return value >= (range.from ?? -Infinity) && value <= (range.to ?? Infinity);
}

/** Two digits after the point at most, and none where they say nothing. */
function round(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
}
