/** A stream of pseudo-random numbers; the same seed and name give the same stream. */
export type Random = {
  /** 0 ≤ x < 1. */
  next(): number;
  /** low ≤ x < high. */
  between(low: number, high: number): number;
  /** 0 ≤ integer < limit. */
  below(limit: number): number;
};

/** One stream per purpose, so that a new device does not change what the others draw. */
export function randomStream(seed: number, name: string): Random {
  let state = mix32(seed ^ hashText(name));
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix32(state) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    below: limit => Math.floor(next() * limit),
  };
}

/** A 32-bit hash of a text (FNV-1a, finished with mix32). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix32(hash);
}

/** Spreads every input bit over all 32 output bits (the finaliser of MurmurHash3). */
export function mix32(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
