/** Path attribute type codes (IANA BGP Path Attributes) and the flags each must carry. */
export const ORIGIN = 1;
export const AS_PATH = 2;
export const NEXT_HOP = 3;
export const MULTI_EXIT_DISC = 4;
export const LOCAL_PREF = 5;
export const ATOMIC_AGGREGATE = 6;
export const AGGREGATOR = 7;
export const COMMUNITIES = 8;
export const ORIGINATOR_ID = 9;
export const CLUSTER_LIST = 10;
export const MP_REACH_NLRI = 14;
export const MP_UNREACH_NLRI = 15;
export const EXTENDED_COMMUNITIES = 16;
export const AS4_PATH = 17;
export const AS4_AGGREGATOR = 18;
export const PMSI_TUNNEL = 22;

export const OPTIONAL = 0x80;
export const TRANSITIVE = 0x40;
export const PARTIAL = 0x20;
export const EXTENDED_LENGTH = 0x10;

const FLAGS: ReadonlyMap<number, number> = new Map([
  [ORIGIN, TRANSITIVE],
  [AS_PATH, TRANSITIVE],
  [NEXT_HOP, TRANSITIVE],
  [MULTI_EXIT_DISC, OPTIONAL],
  [LOCAL_PREF, TRANSITIVE],
  [ATOMIC_AGGREGATE, TRANSITIVE],
  [AGGREGATOR, OPTIONAL | TRANSITIVE],
  [COMMUNITIES, OPTIONAL | TRANSITIVE],
  [ORIGINATOR_ID, OPTIONAL],
  [CLUSTER_LIST, OPTIONAL],
  [MP_REACH_NLRI, OPTIONAL],
  [MP_UNREACH_NLRI, OPTIONAL],
  [EXTENDED_COMMUNITIES, OPTIONAL | TRANSITIVE],
  [AS4_PATH, OPTIONAL | TRANSITIVE],
  [AS4_AGGREGATOR, OPTIONAL | TRANSITIVE],
  [PMSI_TUNNEL, OPTIONAL | TRANSITIVE],
]);

/** Optional and Transitive bits of a known attribute; undefined for an unknown one. */
export function flagsOf(code: number): number | undefined {
  return FLAGS.get(code);
}
