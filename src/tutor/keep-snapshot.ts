import type { Snapshot } from '../lab/snapshot.ts';
import { keepEntries, keepParts, keepRows } from '../values/keep-parts.ts';

/**
 * The snapshot, with what looks as `before` given as the object that was there before. Counters and samples of the traffic are left
 * out: they change all the time.
 */
export function keepSnapshot(before: Snapshot | undefined, now: Snapshot): Snapshot {
  if (before === undefined) return now;
  const { clients, destination } = now.traffic;
  return {
    ...now,
    stages: keepParts(before.stages, now.stages),
    nodes: keepParts(before.nodes, now.nodes),
    links: keepParts(before.links, now.links),
    faults: keepParts(before.faults, now.faults),
    clusters: keepParts(before.clusters, now.clusters),
    tables: keepEntries(before.tables, now.tables, keepRows),
    traffic: {
      ...now.traffic,
      clients: keepParts(before.traffic.clients, clients),
      ...(destination && { destination: keepParts(before.traffic.destination, destination) }),
    },
  };
}
