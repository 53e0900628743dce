import type { Lab } from '../../lab/lab.ts';
import type { Snapshot } from '../../lab/snapshot.ts';
import type { Line, Look } from '../cells/line.ts';
import { Sketch } from '../cells/sketch.ts';
import { clipText } from '../cells/text.ts';
import { type Mark, nodeMark } from './topology-marks.ts';
import { type Place, placeNodes } from './topology-places.ts';
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
): Line[] | undefined {
  const plan = topologyPlan(lab);
  const places = placeNodes(lab, plan, room);
  if (places === undefined) return undefined;
  const sketch = new Sketch(room.width, places.height);
  for (const [name, place] of places.nodes) {
    const node = snapshot?.nodes.find(candidate => candidate.name === name);
    const mark = nodeMark(node, snapshot?.faults ?? []);
    const shown = places.names.get(name) ?? name;
    drawNode(sketch, place, shown, mark, infoOf(snapshot, name, mark), name === selected);
  }
  for (const tier of plan.tiers.keys()) drawWires(sketch, plan, tier, places, { snapshot, selected });
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

/** What a node announces reaches nobody while its cable is dead. */
function hasLink(snapshot: Snapshot | undefined, name: string): boolean {
  const links =
    snapshot?.links.filter(link => link.id.split(' ').some(end => end.split(':')[0] === name)) ?? [];
  return links.some(link => link.state === 'up');
}
