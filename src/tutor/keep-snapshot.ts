import { keepEntries, keepParts } from '../lab/keep-parts.ts';
import type { Snapshot, TableRef, TableRows } from '../lab/snapshot.ts';

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

type Rows = TableRows[TableRef['name']];

/** An engine may give the same rows again and again: they are compared with the older ones once. */
function keepRows(before: Rows | undefined, now: Rows): Rows {
  if (before === undefined) return now;
  const known = compared.get(now);
  if (known?.before === before) return known.kept;
  const kept = keepParts(before, now);
  compared.set(now, { before, kept });
  return kept;
}

const compared = new WeakMap<Rows, { readonly before: Rows; readonly kept: Rows }>();
