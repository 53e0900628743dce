const listeners = new Set<() => void>();

/** Paints every canvas again from whatever its `paint` sees now: no React, no layout. Call it when data changed. */
export function repaint(): void {
  for (const listener of listeners) listener();
}

/** Calls back on every `repaint()`. Returns the unsubscriber. */
export function onRepaint(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
