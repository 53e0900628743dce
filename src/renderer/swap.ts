/**
 * Whether Ink's output stage was replaced by ours when the program was bundled. Unbundled (tests, scripts) and in
 * builds with SRKLAB_STOCK_INK=1 it is Ink's own, and everything drawn goes through Ink as text.
 */
export const swap: { active: boolean } = { active: false };
