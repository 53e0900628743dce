import type { LabEngine } from '../lab/engine.ts';

/** Steps between looking whether what is waited for has come. */
const stepsAtOnce = 64;

/**
 * Lets lab time pass as fast as possible until the promise settles; `meanwhile` is called now and then. Where time cannot be wound,
 * simply waits.
 */
export async function drive<T>(engine: LabEngine, promise: Promise<T>, meanwhile?: () => void): Promise<T> {
  const { clock } = engine;
  if (clock === undefined) return promise;
  let settled = false;
  const over = () => {
    settled = true;
  };
  promise.then(over, over);
  // Whoever waits inside the engine hears of it in a microtask; setImmediate lets all of those run.
  await nextTurn();
  while (!settled) {
    for (let count = 0; count < stepsAtOnce && !settled; count++) {
      if (!clock.step()) clock.advance(10);
      await undefined;
    }
    meanwhile?.();
    await nextTurn();
  }
  return promise;
}

/** Lets this much lab time pass; real time where it cannot be wound. */
export async function letPass(engine: LabEngine, milliseconds: number): Promise<void> {
  if (engine.clock === undefined) await new Promise<void>(resolve => setTimeout(resolve, milliseconds));
  else engine.clock.advance(milliseconds);
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
