/**
 * What V8 is told where a screen is drawn. Left to itself, V8 lets its old space double before it looks what is still needed, 50 MB more
 * after some minutes. And a young space that is kept small is sooner looked through by one thread than shared out among several.
 */
export const screenFlags: readonly string[] = [
  '--heap-growing-percent=25',
  '--no-parallel-scavenge',
  '--semi-space-growth-factor=1',
];

/**
 * How large the young space is to be, MB (`young-space.ts`). It begins with 1: then what a few frames need is taken for what lasts. Left
 * to itself it grows to 16: 30 MB more, and no faster.
 */
export const youngSpace = 4;
