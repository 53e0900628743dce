/**
 * A timer's length with jitter, as RFC 4271 section 10 wants it: three quarters to the whole. Speakers know no chance, so
 * it follows from who waits for whom since when: neighbours with equal timers still part.
 */
export function jittered(interval: number, who: string, since: number): number {
  return Math.round(interval * (1 - 0.25 * fractionOf(`${who} ${since}`)));
}

/** 0 ≤ x < 1, scattered (FNV-1a, then the finaliser of MurmurHash3). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
