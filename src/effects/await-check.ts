import type { LabEngine } from '../lab/engine.ts';
import { evaluate, tablesFor } from '../lab/evaluate-probe.ts';
import type { Check, Verdict } from '../lab/probe.ts';
import { type TableRef, tableKey } from '../lab/snapshot.ts';

export type CheckOutcome = {
  readonly holds: boolean;
  readonly verdicts: readonly Verdict[];
  /** Lab milliseconds from the first question to the last answer. */
  readonly tookMs: number;
};

/** Lab milliseconds after which a check is asked again although no event came: counters and rates have no events. */
const askAgainAfter = 250;

/**
 * Asks a check until it holds or its time (lab time) is over; `pass` lets some time pass. Between events of the lab there is little
 * to ask: a check may walk a thousand flows.
 */
export async function awaitCheck(
  engine: LabEngine,
  check: Check,
  pass: () => Promise<void>,
  signal?: AbortSignal,
): Promise<CheckOutcome> {
  const tables = tablesOfCheck(check);
  let since: number | undefined;
  let changed = false;
  const unsubscribe = engine.subscribe(() => {
    changed = true;
  });
  try {
    for (;;) {
      const snapshot = await engine.snapshot(tables);
      const verdicts = check.items.map(item => evaluate(item.probe, snapshot));
      since ??= snapshot.at;
      const holds = verdicts.every(verdict => verdict.holds);
      const tookMs = snapshot.at - since;
      if (holds || tookMs > check.within || signal?.aborted === true) return { holds, verdicts, tookMs };
      changed = false;
      do await pass();
      while (!changed && !isOver(signal) && (await labNow(engine)) < snapshot.at + askAgainAfter);
    }
  } finally {
    unsubscribe();
  }
}

async function labNow(engine: LabEngine): Promise<number> {
  return engine.clock?.now() ?? (await engine.snapshot([])).at;
}

function isOver(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Every table the check asks for, once. */
export function tablesOfCheck(check: Check): TableRef[] {
  const refs = check.items.flatMap(item => tablesFor(item.probe));
  return [...new Map(refs.map(ref => [tableKey(ref), ref])).values()];
}
