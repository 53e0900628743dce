import type { Lab } from '../../lab/lab.ts';
import type { Snapshot } from '../../lab/snapshot.ts';
import type { Line, Look } from '../cells/line.ts';
import { Sketch } from '../cells/sketch.ts';
import { clipText } from '../cells/text.ts';
import { type Mark, nodeMark } from './topology-marks.ts';
import { type Place, type Places, placeNodes } from './topology-places.ts';
import { topologyPlan } from './topology-plan.ts';
import { drawWires } from './topology-wires.ts';

/*
 *        ┌────────────┐         ┌────────────┐
 *        │● SPINE-1   │         │● SPINE-2   │      a tier: boxes, or one line each where it is low
 *        └─────┬──────┘         └─────┬──────┘
 *     ┌────────┴────────┐             │             a lane for each upper node, so that every link
 *     │  ┌──────────────│──┬──────────┘             has a piece that belongs to it alone
 *     ┃  ┃ 31/s         ┃  ┃ 22/s                   that piece shows state and traffic
 *   ┌────────────┐    ┌────────────┐
 */

/** The drawing, or undefined when there is not enough room for one. */
export function drawTopology(
  lab: Lab,
  snapshot: Snapshot | undefined,
  room: { readonly width: number; readonly height: number },
  selected: string | undefined,
): readonly Line[] | undefined {
  const plan = topologyPlan(lab);
  const places = placeNodes(lab, plan, room);
  if (places === undefined) return undefined;
  const sketch = new Sketch(room.width, places.height);
  const nodes = new Map(snapshot?.nodes.map(node => [node.name, node]));
  const links = new Map(snapshot?.links.map(link => [link.id, link]));
  const reached = new Set(
    lab.links.flatMap(({ id, a, b }) => (links.get(id)?.state === 'up' ? [a.node, b.node] : [])),
  );
  for (const [name, place] of places.nodes) {
    const mark = nodeMark(nodes.get(name), snapshot?.faults ?? []);
    const shown = places.names.get(name) ?? name;
    // What a node announces reaches nobody while its cable is dead.
    const announces = mark.look === 'up' && reached.has(name);
    const info = (announces ? announcedBy(snapshot, name) : undefined) ?? mark.words;
    drawNode(sketch, place, shown, mark, info, name === selected);
  }
  for (const tier of plan.tiers.keys()) drawWires(sketch, plan, tier, places, { links, selected });
  const lines = sketch.lines(drawn.get(places));
  drawn.set(places, sketch);
  return lines;
}

/** What was drawn last in those places: most rows of the next drawing say the same. */
const drawn = new WeakMap<Places, Sketch>();

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

/** The service address that a node announces: the second line of its box. */
function announcedBy(snapshot: Snapshot | undefined, name: string): string | undefined {
  for (const cluster of snapshot?.clusters ?? []) {
    const announced = cluster.announcements.find(row => row.node === name && row.announced);
    if (announced === undefined) continue;
    const service = cluster.services.find(({ namespace, name: its }) =>
      [its, `${namespace}/${its}`].includes(announced.service),
    );
    return `▲ ${service?.externalIp ?? announced.service}`;
  }
  return undefined;
}
