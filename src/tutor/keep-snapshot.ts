import { keepParts } from '../lab/keep-parts.ts';
import type { Snapshot } from '../lab/snapshot.ts';

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
    tables: keepTables(before.tables, now.tables),
    traffic: {
      ...now.traffic,
      clients: keepParts(before.traffic.clients, clients),
      ...(destination && { destination: keepParts(before.traffic.destination, destination) }),
    },
  };
}

type Tables = Snapshot['tables'];
type Rows = Tables extends ReadonlyMap<string, infer R> ? R : never;

function keepTables(before: Tables, now: Tables): Tables {
  let same = before.size === now.size;
  const kept = new Map<string, Rows>();
  for (const [key, rows] of now) {
    const old = before.get(key);
    const entry = old === undefined ? rows : keepRows(old, rows);
    if (entry !== old) same = false;
    kept.set(key, entry);
  }
  return same ? before : kept;
}

/** An engine may give the same rows again and again: they are compared with the older ones once. */
function keepRows(before: Rows, now: Rows): Rows {
  const known = compared.get(now);
  if (known?.before === before) return known.kept;
  const kept = keepParts(before, now);
  compared.set(now, { before, kept });
  return kept;
}

const compared = new WeakMap<Rows, { readonly before: Rows; readonly kept: Rows }>();
