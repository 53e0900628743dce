import { measure, type Observation, tablesForMeasurement } from '../lab/measurement.ts';
import { evaluate, tablesFor } from '../lab/probe.ts';
import type { TableRef } from '../lab/snapshot.ts';
import type { Choice, Prediction } from './lesson.ts';

/** What the lab said: a number, or which choice was right (counted from 0). */
export type Answer =
  | { readonly kind: 'number'; readonly value: number; readonly unit: string }
  | { readonly kind: 'choice'; readonly choice: number; readonly text: string; readonly value?: number };

/** The tables that answering needs, both when the prediction is made and when it is answered. */
export function tablesForPrediction({ answer }: Prediction): TableRef[] {
  const measured = answer.measurement === undefined ? [] : tablesForMeasurement(answer.measurement);
  const probed =
    answer.kind === 'choice'
      ? answer.choices.flatMap(({ when }) => (when.type === 'probe' ? tablesFor(when.probe) : []))
      : [];
  return [...measured, ...probed];
}

/** The answer as the lab gives it; undefined while it cannot tell, or when no choice is right. Numbers are rounded to whole ones. */
export function answerOf({ answer }: Prediction, observation: Observation): Answer | undefined {
  const measured = answer.measurement === undefined ? undefined : measure(answer.measurement, observation);
  const value = measured === undefined ? undefined : Math.round(measured);
  if (answer.kind === 'number') {
    return value === undefined ? undefined : { kind: 'number', value, unit: answer.unit };
  }
  const index = answer.choices.findIndex(choice => isRight(choice, value, observation));
  const right = answer.choices[index];
  if (right === undefined) return undefined;
  return { kind: 'choice', choice: index, text: right.text, ...(value !== undefined && { value }) };
}

function isRight({ when }: Choice, value: number | undefined, observation: Observation): boolean {
  if (when.type === 'probe') return evaluate(when.probe, observation.now).holds;
  return value !== undefined && value >= (when.from ?? -Infinity) && value <= (when.to ?? Infinity);
}
