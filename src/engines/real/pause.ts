/** Real time passes, in milliseconds; false when the learner cancelled meanwhile. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise(resolve => {
    if (signal?.aborted === true) {
      resolve(false);
      return;
    }
    const cancelled = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancelled);
      resolve(true);
    }, milliseconds);
    signal?.addEventListener('abort', cancelled, { once: true });
  });
}
