import type { LabEngine } from '../lab/engine.ts';
import { differencesFrom, referenceTables } from '../lab/reference-state.ts';

/**
 * Waits until every node answers, every session that can be is established, and nothing has changed for `calmFor` milliseconds, as whoever
 * winds an embedded lab does. Gives up after a minute: what is compared next says what is wrong.
 */
export async function settle(engine: LabEngine, calmFor: number): Promise<void> {
  const tables = referenceTables(engine.lab);
  const end = performance.now() + 60_000;
  let last = await engine.snapshot(tables);
  let calmSince = performance.now();
  while (performance.now() < end && performance.now() - calmSince < calmFor) {
    await new Promise(resolve => setTimeout(resolve, calmFor / 4));
    const now = await engine.snapshot(tables);
    const waiting = now.nodes.some(
      ({ sessions, state, unknown }) =>
        state === 'starting' ||
        unknown !== undefined ||
        (sessions !== undefined && sessions.established < sessions.configured),
    );
    const calm = differencesFrom(last, now).length === 0 && (!waiting || now.faults.length > 0);
    if (!calm) calmSince = performance.now();
    last = now;
  }
}
