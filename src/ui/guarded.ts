import type { Store } from '../tutor/store.ts';

/** Runs what draws or answers a key; a mistake of ours becomes the failure screen instead of the end of the program. */
export function guarded(store: Store, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { screen, overlay } = store.getState();
    // Where even the failure screen fails there is nobody left to tell.
    if (screen.name === 'failure' && overlay.name === 'none') throw error;
    if (overlay.name !== 'none') store.send({ type: 'back-asked' });
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    store.send({ type: 'bug-met', message, ...(stack !== undefined && { stack }) });
  }
}
