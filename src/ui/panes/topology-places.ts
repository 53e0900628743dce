import type { Lab } from '../../lab/lab.ts';
import { textWidth } from '../cells/text.ts';
import { nodeShortText } from '../wording/names.ts';
import type { TopologyPlan } from './topology-plan.ts';

/** Lines per node: a box with a second line, a box, a line. */
export type Form = 4 | 3 | 1;

export type Place = { readonly x: number; readonly y: number; readonly width: number; readonly form: Form };

/** Where everything of a drawing stands. */
export type Places = {
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Place>;
  /** Centre column of each node. */
  readonly centres: ReadonlyMap<string, number>;
  /** Names as they are shown. */
  readonly names: ReadonlyMap<string, string>;
};

type DrawingRoom = { readonly width: number; readonly height: number };

/** The largest drawing that fits into the room, undefined when none does. The last answer is remembered: rooms seldom change. */
export function placeNodes(lab: Lab, plan: TopologyPlan, room: DrawingRoom): Places | undefined {
  const known = lastPlaces.get(plan);
  if (known?.room.width === room.width && known.room.height === room.height) return known.places;
  const places = placeAnew(lab, plan, room);
  lastPlaces.set(plan, { room: { width: room.width, height: room.height }, places });
  return places;
}

const lastPlaces = new WeakMap<
  TopologyPlan,
  { readonly room: DrawingRoom; readonly places: Places | undefined }
>();

function placeAnew(lab: Lab, plan: TopologyPlan, room: DrawingRoom): Places | undefined {
  const names = namesThatFit(lab, plan, room.width);
  const form = ([4, 3, 1] as const).find(candidate => heightOf(plan, candidate) <= room.height);
  if (names === undefined || form === undefined) return undefined;
  const centres = placeColumns(plan, room.width);
  // Spare rows make the wires longer, up to what still looks like one picture.
  const gaps = plan.tiers.length - 1;
  const spare = gaps === 0 ? 0 : Math.min(2, Math.floor((room.height - heightOf(plan, form)) / gaps));
  const nodes = new Map<string, Place>();
  let y = 0;
  for (const [index, tier] of plan.tiers.entries()) {
    for (const node of tier) {
      const name = names.get(node.name) ?? node.name;
      const centre = centres.get(node.name) ?? 0;
      const width = form === 1 ? textWidth(name) + 2 : boxWidth(name, form, slotOf(plan, tier, room.width));
      const x = Math.max(0, Math.min(room.width - width, centre - Math.floor(width / 2)));
      nodes.set(node.name, { x, y, width, form });
    }
    y += form + (index < gaps ? wireRows(plan, index) + spare : 0);
  }
  return { height: heightOf(plan, form) + spare * gaps, nodes, centres, names };
}

/** Wide enough for the name, and where there is room for a service address below it. */
function boxWidth(name: string, form: Form, slot: number): number {
  const wanted = Math.max(textWidth(name), form === 4 ? '▲ 10.254.254.240'.length : 0) + 6;
  return Math.max(textWidth(name) + 5, Math.min(wanted, slot - 2));
}

function slotOf(plan: TopologyPlan, tier: TopologyPlan['tiers'][number], width: number): number {
  const widest = Math.max(...plan.tiers.slice(-2).map(nodes => nodes.length), tier.length);
  return Math.floor(width / Math.max(1, widest));
}

function wireRows(plan: TopologyPlan, tier: number): number {
  const uppers = plan.tiers[tier] ?? [];
  const simple = uppers.every(node => plan.links.filter(link => link.upper === node.name).length <= 1);
  return simple ? 1 : uppers.length + 1;
}

function heightOf(plan: TopologyPlan, form: Form): number {
  return plan.tiers.reduce(
    (sum, _, index) => sum + form + (index < plan.tiers.length - 1 ? wireRows(plan, index) : 0),
    0,
  );
}

/** Centre column of each node: the lowest tier but hosts gets even slots, hosts share their switch's, upper tiers spread. */
function placeColumns(plan: TopologyPlan, width: number): ReadonlyMap<string, number> {
  const centres = new Map<string, number>();
  const { tiers } = plan;
  const hosts = tiers.at(-1) ?? [];
  const leaves = tiers.at(-2);
  if (leaves === undefined) {
    spreadEvenly(
      hosts.map(node => node.name),
      0,
      width,
      centres,
    );
    return centres;
  }
  const below = (leaf: string) =>
    hosts.filter(host => plan.links.some(link => link.upper === leaf && link.lower === host.name));
  const weights = leaves.map(leaf => Math.max(1, below(leaf.name).length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let from = 0;
  for (const [index, leaf] of leaves.entries()) {
    const slot = (width * (weights[index] ?? 1)) / total;
    centres.set(leaf.name, Math.floor(from + slot / 2));
    const mine = below(leaf.name).filter(host => !centres.has(host.name));
    if (mine.length === 1 && mine[0] !== undefined) centres.set(mine[0].name, Math.floor(from + slot / 2));
    else
      spreadEvenly(
        mine.map(node => node.name),
        from,
        slot,
        centres,
      );
    from += slot;
  }
  for (const tier of tiers.slice(0, -2))
    spreadEvenly(
      tier.map(node => node.name),
      0,
      width,
      centres,
    );
  return centres;
}

function spreadEvenly(
  names: readonly string[],
  from: number,
  width: number,
  centres: Map<string, number>,
): void {
  for (const [index, name] of names.entries())
    centres.set(name, Math.floor(from + (width * (index + 0.5)) / names.length));
}

/** Full names where every tier has room for them, else short ones, else undefined. */
function namesThatFit(lab: Lab, plan: TopologyPlan, width: number): ReadonlyMap<string, string> | undefined {
  for (const nameOf of [(name: string) => name, (name: string) => shortName(lab, name)]) {
    const names = new Map(plan.tiers.flat().map(node => [node.name, nameOf(node.name)]));
    const fits = plan.tiers.every(tier => {
      const slot = Math.floor(width / Math.max(1, tier.length));
      return tier.every(node => textWidth(names.get(node.name) ?? '') + 6 <= slot);
    });
    if (fits) return names;
  }
  return undefined;
}

/** "datacenter-worker2" is "worker2"; a cluster's only node of its role takes the cluster's name. */
function shortName(lab: Lab, name: string): string {
  const node = lab.nodes.find(candidate => candidate.name === name);
  if (node?.kind !== 'cluster-node') return name;
  return node.role === 'control-plane' ? node.cluster : nodeShortText(name, lab.clusters);
}
