import type { LabBuilder } from './builder.ts';
import type { Step } from './steps.ts';

export type StepReport = {
  readonly step: Step;
  readonly progress: 'there' | 'running' | 'done' | 'failed' | 'cancelled';
  /** How long it took. */
  readonly milliseconds?: number;
};

export type WalkFailure = {
  readonly step: Step;
  readonly because: string;
  readonly nextSteps: readonly string[];
};

export type WalkResult = {
  readonly outcome: 'done' | 'failed' | 'cancelled';
  readonly failures: readonly WalkFailure[];
};

export type Walk = {
  readonly steps: readonly Step[];
  readonly builder: Pick<LabBuilder, 'isStepDone' | 'performStep'>;
  readonly signal: AbortSignal;
  readonly report: (report: StepReport) => void;
  readonly said?: (step: Step, line: string) => void;
};

/**
 * Does every step as soon as those it needs are done, side by side. After a failure nothing new is begun, and what runs is let
 * end: it would have to be done anyway. Steps must all be there: needs outside of them count as done.
 */
export async function walk({ steps, builder, signal, report, said }: Walk): Promise<WalkResult> {
  const known = new Set(steps.map(({ id }) => id));
  const done = new Set<string>();
  const begun = new Set<string>();
  const failures: WalkFailure[] = [];
  const running = new Map<string, Promise<void>>();

  const take = async (step: Step): Promise<void> => {
    if (await builder.isStepDone(step)) {
      done.add(step.id);
      report({ step, progress: 'there' });
      return;
    }
    if (signal.aborted) return;
    report({ step, progress: 'running' });
    const startedAt = performance.now();
    const failure = await builder.performStep(step, { signal, said: line => said?.(step, line) });
    const milliseconds = performance.now() - startedAt;
    if (failure === undefined) {
      done.add(step.id);
      report({ step, progress: 'done', milliseconds });
    } else if (signal.aborted) report({ step, progress: 'cancelled', milliseconds });
    else {
      failures.push(
        typeof failure === 'string' ? { step, because: failure, nextSteps: [] } : { step, ...failure },
      );
      report({ step, progress: 'failed', milliseconds });
    }
  };

  for (;;) {
    if (failures.length === 0 && !signal.aborted)
      for (const step of steps) {
        if (begun.has(step.id) || !step.needs.every(id => done.has(id) || !known.has(id))) continue;
        begun.add(step.id);
        running.set(
          step.id,
          take(step).finally(() => running.delete(step.id)),
        );
      }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failures.length > 0) return { outcome: 'failed', failures };
  return { outcome: done.size === steps.length ? 'done' : 'cancelled', failures };
}
