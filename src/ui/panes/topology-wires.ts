import type { LinkState } from '../../lab/snapshot.ts';
import { derived } from '../../values/derived.ts';
import type { Look } from '../cells/line.ts';
import type { Sketch } from '../cells/sketch.ts';
import { textWidth } from '../cells/text.ts';
import { linkMark, type Mark } from './topology-marks.ts';
import type { Place, Places } from './topology-places.ts';
import type { PlannedLink, TopologyPlan } from './topology-plan.ts';

/** The links from a tier down to the next: a lane for each upper node, and for each link a piece of wire of its own. */
export function drawWires(
  sketch: Sketch,
  plan: TopologyPlan,
  tier: number,
  all: Places,
  shown: { readonly links: ReadonlyMap<string, LinkState>; readonly selected: string | undefined },
): void {
  const { nodes: places, centres } = all;
  const { links: states, selected } = shown;
  const uppers = plan.tiers[tier] ?? [];
  const { links, ofUpper, columns, straight, taken } = tierOf(plan, tier, all);
  for (const [lane, upper] of uppers.entries()) {
    const from = places.get(upper.name);
    const mine = ofUpper.get(upper.name) ?? [];
    if (from === undefined || mine.length === 0) continue;
    const top = from.y + from.form;
    const laneY = top + lane;
    const stem = freeColumn(centres.get(upper.name) ?? 0, taken, from);
    if (straight) {
      for (const { link, lower } of mine) {
        const bottom = (places.get(lower)?.y ?? top) - 1;
        const x = columns.get(link.id) ?? stem;
        drawDrop(sketch, x, top, bottom, linkMark(states.get(link.id)), link.id === selected, {
          left: 0,
          right: 99,
        });
        if (from.form > 1) sketch.put(x, top - 1, '┬', 'border');
      }
      continue;
    }
    const ends = mine.map(link => columns.get(link.link.id) ?? 0);
    const left = Math.min(stem, ...ends);
    const right = Math.max(stem, ...ends);
    for (let x = left; x <= right; x++) sketch.put(x, laneY, '─', 'border');
    for (let y = top; y < laneY; y++) sketch.put(stem, y, '│', 'border');
    if (from.form > 1) sketch.put(stem, top - 1, '┬', 'border');
    for (const x of ends) sketch.put(x, laneY, joint(x, { left, right, stem, down: true }), 'border');
    sketch.put(stem, laneY, joint(stem, { left, right, stem, down: ends.includes(stem) }), 'border');
    const chosen = mine.find(link => link.link.id === selected);
    if (chosen !== undefined)
      traceLane(sketch, { stem, end: columns.get(chosen.link.id) ?? stem, top, laneY });
  }
  if (straight) return;
  // Wires down to the lower nodes come last: where they cross a lane they pass over it.
  for (const { link, upper, lower } of links) {
    const from = places.get(upper);
    const to = places.get(lower);
    const x = columns.get(link.id);
    if (from === undefined || to === undefined || x === undefined) continue;
    const lane = uppers.findIndex(node => node.name === upper);
    const mark = linkMark(states.get(link.id));
    const top = from.y + from.form + lane + 1;
    drawDrop(sketch, x, top, to.y - 1, mark, link.id === selected, spaceBeside(x, taken, sketch.width));
  }
}

/** Where the wires below a tier run. */
type TierWires = {
  readonly links: readonly PlannedLink[];
  readonly ofUpper: ReadonlyMap<string, readonly PlannedLink[]>;
  readonly columns: ReadonlyMap<string, number>;
  readonly straight: boolean;
  readonly taken: ReadonlySet<number>;
};

/** Places stay while the room does, and so do their wires: only what is written beside them changes. */
const wiresOf = derived((_: Places) => new Map<number, TierWires>());

function tierOf(plan: TopologyPlan, tier: number, places: Places): TierWires {
  const tiers = wiresOf(places);
  let wires = tiers.get(tier);
  if (wires === undefined) {
    wires = layWires(plan, tier, places);
    tiers.set(tier, wires);
  }
  return wires;
}

function layWires(plan: TopologyPlan, tier: number, { nodes, centres }: Places): TierWires {
  const uppers = (plan.tiers[tier] ?? []).map(node => node.name);
  const lowers = (plan.tiers[tier + 1] ?? []).map(node => node.name);
  const links = plan.links.filter(link => uppers.includes(link.upper));
  const columns = wireColumns(links, lowers, uppers, nodes, centres);
  return {
    links,
    ofUpper: new Map(uppers.map(name => [name, links.filter(({ upper }) => upper === name)])),
    columns,
    straight: oneToOne(links, columns, uppers, centres),
    taken: new Set(columns.values()),
  };
}

/** One link's own piece of wire, its state as symbol and colour, and beside it words where they fit. */
function drawDrop(
  sketch: Sketch,
  x: number,
  top: number,
  bottom: number,
  mark: Mark,
  selected: boolean,
  room: { readonly left: number; readonly right: number },
): void {
  const wire = mark.symbol === '✘' ? '╎' : mark.symbol;
  const look: Look = selected ? 'chosen' : mark.look;
  for (let y = top; y <= bottom; y++) sketch.put(x, y, wire, look);
  if (mark.symbol === '✘') sketch.put(x, bottom, '✘', mark.look);
  const wide = textWidth(mark.words);
  const wordsLook: Look = mark.look === 'accent' ? 'dim' : mark.look;
  if (wide + 1 < room.right) sketch.put(x + 2, bottom, mark.words, wordsLook);
  else if (wide + 1 < room.left) sketch.put(x - 1 - wide, bottom, mark.words, wordsLook);
}

/** Colours the selected link's way through its lane. */
function traceLane(
  sketch: Sketch,
  way: { readonly stem: number; readonly end: number; readonly top: number; readonly laneY: number },
): void {
  const { stem, end, top, laneY } = way;
  for (let y = top; y < laneY; y++) sketch.put(stem, y, sketch.charAt(stem, y), 'chosen');
  for (let x = Math.min(stem, end); x <= Math.max(stem, end); x++)
    sketch.put(x, laneY, sketch.charAt(x, laneY), 'chosen');
}

function joint(
  x: number,
  lane: { readonly left: number; readonly right: number; readonly stem: number; readonly down: boolean },
): string {
  const up = x === lane.stem;
  const key = `${x > lane.left ? 'l' : ''}${x < lane.right ? 'r' : ''}${up ? 'u' : ''}${lane.down ? 'd' : ''}`;
  return joints[key] ?? '─';
}

const joints: Readonly<Record<string, string>> = {
  ld: '┐',
  rd: '┌',
  lrd: '┬',
  lu: '┘',
  ru: '└',
  lru: '┴',
  lrud: '┼',
  lud: '┤',
  rud: '├',
  ud: '│',
  u: '│',
  d: '│',
};

/** The column of each link's own piece of wire: spread over the lower node, in the order of the upper ones. */
function wireColumns(
  links: readonly PlannedLink[],
  lowers: readonly string[],
  uppers: readonly string[],
  places: ReadonlyMap<string, Place>,
  centres: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const lower of lowers) {
    const mine = links
      .filter(link => link.lower === lower)
      .sort((a, b) => uppers.indexOf(a.upper) - uppers.indexOf(b.upper));
    const width = places.get(lower)?.width ?? 0;
    const step = Math.max(2, Math.min(8, Math.floor((width - 2) / Math.max(1, mine.length))));
    const centre = centres.get(lower) ?? 0;
    for (const [index, { link }] of mine.entries())
      columns.set(link.id, Math.round(centre + (index - (mine.length - 1) / 2) * step));
  }
  return columns;
}

/** Every lower node hangs right below its only upper node: no lanes needed. */
function oneToOne(
  links: readonly PlannedLink[],
  columns: ReadonlyMap<string, number>,
  uppers: readonly string[],
  centres: ReadonlyMap<string, number>,
): boolean {
  return uppers.every(upper => {
    const mine = links.filter(link => link.upper === upper);
    return mine.length <= 1 && mine.every(({ link }) => columns.get(link.id) === centres.get(upper));
  });
}

/** The nearest column below the node that no wire uses. */
function freeColumn(wanted: number, taken: ReadonlySet<number>, place: Place): number {
  for (let off = 0; off < place.width / 2; off++) {
    for (const x of [wanted + off, wanted - off]) {
      if (!taken.has(x) && x > place.x && x < place.x + place.width - 1) return x;
    }
  }
  return wanted;
}

/** Blank cells to the next wire on either side; to the left half of them, as the other half is the neighbour's. */
function spaceBeside(
  x: number,
  taken: ReadonlySet<number>,
  width: number,
): { readonly left: number; readonly right: number } {
  const others = [...taken];
  const left = Math.max(-1, ...others.filter(column => column < x));
  const right = Math.min(width + 1, ...others.filter(column => column > x));
  return { left: left < 0 ? x : Math.floor((x - left - 1) / 2), right: right - x - 1 };
}
