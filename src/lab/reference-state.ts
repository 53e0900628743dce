import type { Lab } from './lab.ts';
import type { Snapshot, TableRef } from './snapshot.ts';

/** The tables that say whether a lab is back where it was: sessions, routes, EVPN and forwarding of every switch. */
export function referenceTables(_lab: Lab): TableRef[] {
  throw new Error('not yet');
}

/** What differs from the reference, one sentence each; times, counters and traffic do not count. Empty: the same. */
export function differencesFrom(_reference: Snapshot, _now: Snapshot): string[] {
  throw new Error('not yet');
}
