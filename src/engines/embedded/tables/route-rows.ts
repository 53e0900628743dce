import type { NextHopRow, RouteRow } from '../../../lab/snapshot.ts';
import type { NextHop } from '../switch/next-hop.ts';
import type { RouteTable } from '../switch/route-table.ts';
import type { World } from '../world.ts';

/** Every owner's route to every prefix, the active one of a prefix first. */
export function routeRows(world: World, table: RouteTable): RouteRow[] {
  const rows: RouteRow[] = [];
  for (const entry of table.sorted()) {
    const candidates = [...entry.candidates];
    candidates.sort((a, b) => Number(b === entry.active) - Number(a === entry.active));
    for (const candidate of candidates) {
      const active = candidate === entry.active;
      const event = active ? entry.event : candidate.event;
      rows.push({
        prefix: entry.prefix,
        owner: candidate.owner,
        active,
        preference: candidate.preference,
        metric: candidate.metric,
        nextHops: candidate.nextHops.map(nextHop => nextHopRow(world, table, nextHop)),
        since: active ? entry.since : candidate.since,
        ...(event === undefined ? {} : { event }),
      });
    }
  }
  return rows;
}

function nextHopRow(world: World, table: RouteTable, nextHop: NextHop): NextHopRow {
  switch (nextHop.type) {
    case 'local':
      return { type: 'local', interface: nextHop.subinterface.name };
    case 'extract':
      return { type: 'extract', interface: nextHop.subinterface.name };
    case 'vxlan': {
      const node = world.nodeOwning(nextHop.vtep);
      return {
        type: 'vxlan',
        address: nextHop.vtep,
        vni: nextHop.vni,
        ...(node === undefined ? {} : { node }),
      };
    }
    case 'indirect': {
      const [first, ...more] = table.resolve(nextHop.address);
      const over = first?.type === 'subinterface' && more.length === 0 ? first.subinterface.name : undefined;
      const node = world.nodeOwning(nextHop.address);
      return {
        type: 'indirect',
        address: nextHop.address,
        ...(over === undefined ? {} : { interface: over }),
        ...(node === undefined ? {} : { node }),
      };
    }
  }
}
