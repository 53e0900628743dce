/**
 * What V8 is told where a screen is drawn. It makes much that is soon forgotten: left to itself, V8 lets its young space grow and its old
 * space double before it looks what is still needed: 30 MB more for the one, 50 after some minutes for the other, and no faster. And a
 * young space that small is sooner looked through by one thread than shared out among several.
 */
export const screenFlags: readonly string[] = [
  '--semi-space-growth-factor=1',
  '--heap-growing-percent=25',
  '--no-parallel-scavenge',
];
