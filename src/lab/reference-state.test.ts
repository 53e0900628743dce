import { describe, expect, it } from 'vitest';
import { labOfTheTalk } from '../test-support/lab-of-the-talk.ts';
import { everythingUp } from '../test-support/snapshots.ts';
import { differencesFrom, referenceTables } from './reference-state.ts';
import type { RouteRow, Snapshot } from './snapshot.ts';

describe('whether a lab is back where it was', () => {
  it('does not depend on time, counters or traffic', () => {
    const later: Snapshot = {
      ...everythingUp,
      at: everythingUp.at + 60_000,
      links: everythingUp.links.map(link => ({ ...link, rateAToB: 7 })),
      traffic: { ...everythingUp.traffic, totals: { sent: 9, answered: 9, lost: 0, reset: 0 } },
    };
    expect(differencesFrom(everythingUp, later)).toEqual([]);
  });

  it('depends on links, nodes, faults and every row of the tables', () => {
    const key = 'routes BORDER-DC kube-ipvrf';
    const routes = (everythingUp.tables.get(key) ?? []) as readonly RouteRow[];
    const first = routes[0];
    const broken: Snapshot = {
      ...everythingUp,
      links: everythingUp.links.map((link, index) => (index === 0 ? { ...link, state: 'down' } : link)),
      tables: new Map(everythingUp.tables).set(key, routes.slice(1)),
    };
    const id = everythingUp.links[0]?.id;
    expect(differencesFrom(everythingUp, broken)).toEqual([
      `missing: link ${id} is up`,
      `missing: ${key}: ${first?.prefix} ${first?.owner} active ${first?.nextHops
        .map(hop => hop.address ?? hop.interface ?? hop.type)
        .sort()
        .join(', ')}`,
      `new: link ${id} is down`,
    ]);
  });

  it('looks at sessions, BFD and the tables of every switch', () => {
    const names = referenceTables(labOfTheTalk).map(ref => ref.name);
    expect(new Set(names)).toEqual(new Set(['sessions', 'bfd', 'evpn', 'routes', 'forwarding']));
    expect(names.filter(name => name === 'evpn')).toHaveLength(5);
  });
});
