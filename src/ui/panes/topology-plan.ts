import type { Lab, LabLink, LabNode } from '../../lab/lab.ts';
import { derived } from '../../values/derived.ts';

/** Nodes in tiers, spines on top, what hangs on the leaves at the bottom; each tier in the order of the files. */
export type TopologyPlan = {
  readonly tiers: readonly (readonly LabNode[])[];
  /** Nodes without a link: they are in the lab and not on the fabric. */
  readonly apart: readonly LabNode[];
  /** Links between neighbouring tiers as (upper node, lower node). */
  readonly links: readonly PlannedLink[];
};

export type PlannedLink = { readonly link: LabLink; readonly upper: string; readonly lower: string };

/** Tiers by distance from the hosts: hosts 0, switches that hosts hang on 1, the switches behind them 2, … */
export const topologyPlan = derived(makePlan);

function makePlan(lab: Lab): TopologyPlan {
  const neighbours = new Map<string, string[]>(lab.nodes.map(node => [node.name, []]));
  for (const { a, b } of lab.links) {
    neighbours.get(a.node)?.push(b.node);
    neighbours.get(b.node)?.push(a.node);
  }
  const linked = lab.nodes.filter(node => (neighbours.get(node.name)?.length ?? 0) > 0);
  const distance = distances(firstTier(linked, neighbours), neighbours);
  const deepest = Math.max(0, ...distance.values());
  const tiers: LabNode[][] = [];
  for (let tier = deepest; tier >= 0; tier--) {
    const nodes = linked.filter(node => distance.get(node.name) === tier);
    if (nodes.length > 0) tiers.push(nodes);
  }
  const links = lab.links.flatMap((link): PlannedLink[] => {
    const a = distance.get(link.a.node) ?? 0;
    const b = distance.get(link.b.node) ?? 0;
    if (Math.abs(a - b) !== 1) return [];
    return [
      a > b
        ? { link, upper: link.a.node, lower: link.b.node }
        : { link, upper: link.b.node, lower: link.a.node },
    ];
  });
  return { tiers, apart: lab.nodes.filter(node => !linked.includes(node)), links };
}

/** Hosts, or in a fabric without any the switches with the fewest links. */
function firstTier(linked: readonly LabNode[], neighbours: ReadonlyMap<string, readonly string[]>): string[] {
  const hosts = linked.filter(node => node.kind !== 'switch');
  if (hosts.length > 0) return hosts.map(node => node.name);
  const degree = (node: LabNode) => neighbours.get(node.name)?.length ?? 0;
  const fewest = Math.min(...linked.map(degree));
  return linked.filter(node => degree(node) === fewest).map(node => node.name);
}

function distances(
  from: readonly string[],
  neighbours: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const distance = new Map(from.map(name => [name, 0]));
  const queue = [...from];
  for (let at = 0; at < queue.length; at++) {
    const name = queue[at] ?? '';
    for (const next of neighbours.get(name) ?? []) {
      if (distance.has(next)) continue;
      distance.set(next, (distance.get(name) ?? 0) + 1);
      queue.push(next);
    }
  }
  return distance;
}
