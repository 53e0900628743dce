import type { Lab } from '../../lab/lab.ts';
import type { Snapshot } from '../../lab/snapshot.ts';
import type { Line, Look } from '../cells/line.ts';
import { Sketch } from '../cells/sketch.ts';
import { clipText, textWidth } from '../cells/text.ts';
import { nodeShortText } from '../wording/names.ts';
import { linkMark, type Mark, nodeMark } from './topology-marks.ts';
import { type PlannedLink, type TopologyPlan, topologyPlan } from './topology-plan.ts';

/*
 *        ┌────────────┐         ┌────────────┐
 *        │● SPINE-1   │         │● SPINE-2   │      a tier: boxes, or one line each where it is low
 *        └─────┬──────┘         └─────┬──────┘
 *     ┌────────┴────────┐             │             a lane for each upper node, so that every link
 *     │  ┌──────────────│──┬──────────┘             has a piece that belongs to it alone
 *     ┃  ┃ 31/s         ┃  ┃ 22/s                   that piece shows state and traffic
 *   ┌────────────┐    ┌────────────┐
 */

/** Lines per node: a box with a second line, a box, a line. */
type Form = 4 | 3 | 1;

type Place = { readonly x: number; readonly y: number; readonly width: number; readonly form: Form };

/** The drawing, or undefined when there is not enough room for one. */
export function drawTopology(
  lab: Lab,
  snapshot: Snapshot | undefined,
  room: { readonly width: number; readonly height: number },
  selected: string | undefined,
): Line[] | undefined {
  const plan = topologyPlan(lab);
  const centres = placeColumns(plan, room.width);
  const names = namesThatFit(lab, plan, room.width);
  if (centres === undefined || names === undefined) return undefined;
  const form = ([4, 3, 1] as const).find(candidate => heightOf(plan, candidate) <= room.height);
  if (form === undefined) return undefined;
  // Spare rows make the wires longer, up to what still looks like one picture.
  const gaps = plan.tiers.length - 1;
  const spare = gaps === 0 ? 0 : Math.min(2, Math.floor((room.height - heightOf(plan, form)) / gaps));
  const sketch = new Sketch(room.width, heightOf(plan, form) + spare * gaps);
  const places = new Map<string, Place>();
  let y = 0;
  for (const [index, tier] of plan.tiers.entries()) {
    for (const node of tier) {
      const name = names.get(node.name) ?? node.name;
      const centre = centres.get(node.name) ?? 0;
      const width = form === 1 ? textWidth(name) + 2 : boxWidth(name, form, slotOf(plan, tier, room.width));
      const x = Math.max(0, Math.min(room.width - width, centre - Math.floor(width / 2)));
      places.set(node.name, { x, y, width, form });
    }
    y += form + (index < gaps ? wireRows(plan, index) + spare : 0);
  }
  for (const [name, place] of places) {
    const node = snapshot?.nodes.find(candidate => candidate.name === name);
    const mark = nodeMark(node, snapshot?.faults ?? []);
    drawNode(sketch, place, names.get(name) ?? name, mark, infoOf(snapshot, name, mark), name === selected);
  }
  for (const index of plan.tiers.keys()) drawWires(sketch, plan, index, places, centres, snapshot, selected);
  return sketch.lines();
}

function drawNode(
  sketch: Sketch,
  place: Place,
  name: string,
  mark: Mark,
  info: string,
  selected: boolean,
): void {
  const { x, y, width, form } = place;
  const nameLook: Look = selected ? 'selected' : mark.look === 'dim' ? 'dim' : 'strong';
  if (form === 1) {
    sketch.put(x, y, mark.symbol, mark.look);
    sketch.put(x + 2, y, name, nameLook);
    return;
  }
  const frame: Look = selected ? 'accent' : mark.look === 'up' ? 'border' : mark.look;
  sketch.put(x, y, `┌${'─'.repeat(width - 2)}┐`, frame);
  for (let row = 1; row < form - 1; row++) {
    sketch.put(x, y + row, `│${' '.repeat(width - 2)}│`, frame);
  }
  sketch.put(x, y + form - 1, `└${'─'.repeat(width - 2)}┘`, frame);
  sketch.put(x + 2, y + 1, mark.symbol, mark.look);
  sketch.put(x + 4, y + 1, name, nameLook);
  if (form === 4) putInfo(sketch, place, info, mark);
}

/** Its symbol, where it has one, stands below the node's. */
function putInfo(sketch: Sketch, { x, y, width }: Place, info: string, mark: Mark): void {
  const look: Look = mark.look === 'up' ? 'dim' : mark.look;
  const announces = info.startsWith('▲');
  if (announces) sketch.put(x + 2, y + 2, '▲', mark.look);
  sketch.put(x + 4, y + 2, clipText(announces ? info.slice(2) : info, width - 5), look);
}

/** The second line of a box: the service address a node announces, else its state. */
function infoOf(snapshot: Snapshot | undefined, name: string, mark: Mark): string {
  for (const cluster of snapshot?.clusters ?? []) {
    const announced = cluster.announcements.find(row => row.node === name && row.announced);
    if (announced === undefined || mark.look !== 'up' || !hasLink(snapshot, name)) continue;
    const service = cluster.services.find(({ namespace, name: its }) =>
      [its, `${namespace}/${its}`].includes(announced.service),
    );
    return `▲ ${service?.externalIp ?? announced.service}`;
  }
  return mark.words;
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

/** What a node announces reaches nobody while its cable is dead. */
function hasLink(snapshot: Snapshot | undefined, name: string): boolean {
  const links =
    snapshot?.links.filter(link => link.id.split(' ').some(end => end.split(':')[0] === name)) ?? [];
  return links.some(link => link.state === 'up');
}

function drawWires(
  sketch: Sketch,
  plan: TopologyPlan,
  tier: number,
  places: ReadonlyMap<string, Place>,
  centres: ReadonlyMap<string, number>,
  snapshot: Snapshot | undefined,
  selected: string | undefined,
): void {
  const uppers = plan.tiers[tier] ?? [];
  const lowers = plan.tiers[tier + 1] ?? [];
  const links = plan.links.filter(link => uppers.some(node => node.name === link.upper));
  const columns = wireColumns(
    links,
    lowers.map(node => node.name),
    uppers.map(node => node.name),
    places,
    centres,
  );
  const straight = oneToOne(
    links,
    columns,
    uppers.map(node => node.name),
    centres,
  );
  const taken = new Set(columns.values());
  for (const [lane, upper] of uppers.entries()) {
    const from = places.get(upper.name);
    const mine = links.filter(link => link.upper === upper.name);
    if (from === undefined || mine.length === 0) continue;
    const top = from.y + from.form;
    const laneY = top + lane;
    const stem = freeColumn(centres.get(upper.name) ?? 0, taken, from);
    if (straight) {
      for (const { link, lower } of mine) {
        const bottom = (places.get(lower)?.y ?? top) - 1;
        const x = columns.get(link.id) ?? stem;
        drawDrop(
          sketch,
          x,
          top,
          bottom,
          linkMark(snapshot?.links.find(l => l.id === link.id)),
          link.id === selected,
          { left: 0, right: 99 },
        );
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
    const mark = linkMark(snapshot?.links.find(candidate => candidate.id === link.id));
    const top = from.y + from.form + lane + 1;
    drawDrop(sketch, x, top, to.y - 1, mark, link.id === selected, spaceBeside(x, taken, sketch.width));
  }
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
function placeColumns(plan: TopologyPlan, width: number): ReadonlyMap<string, number> | undefined {
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
