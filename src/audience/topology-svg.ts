import type { Lab, LabNode } from '../lab/lab.ts';
import type { LinkState, NodeState, Snapshot } from '../lab/snapshot.ts';
import { topologyPlan } from '../ui/panes/topology-plan.ts';
import { rateText } from '../ui/wording/amount.ts';
import { nodeShortText, portText } from '../ui/wording/names.ts';
import { element, type PageElement } from './element.ts';

const box = { width: 148, height: 46, gap: 26, floor: 122 };

/** The fabric as SVG: spines on top; links show state and traffic, nodes their sessions. State by word and colour. */
export function topologySvg(lab: Lab, snapshot: Snapshot | undefined): PageElement {
  const plan = topologyPlan(lab);
  const widest = Math.max(1, ...plan.tiers.map(tier => tier.length));
  const width = widest * (box.width + box.gap) + box.gap;
  const height = Math.max(1, plan.tiers.length) * box.floor - (box.floor - box.height) + 2 * box.gap;
  const places = new Map<string, { readonly x: number; readonly y: number }>();
  for (const [row, tier] of plan.tiers.entries()) {
    for (const [index, node] of tier.entries())
      places.set(node.name, {
        x: (width * (index + 0.5)) / tier.length,
        y: box.gap + row * box.floor + box.height / 2,
      });
  }
  const drawn = lab.links.flatMap(link => {
    const a = places.get(link.a.node);
    const b = places.get(link.b.node);
    if (a === undefined || b === undefined) return [];
    const state = snapshot?.links.find(each => each.id === link.id);
    return [
      linkElement(
        a,
        b,
        state,
        `${link.a.node} ${portText(link.a.port)} – ${link.b.node} ${portText(link.b.port)}`,
      ),
    ];
  });
  const nodes = plan.tiers.flat().map(node => {
    const at = places.get(node.name) ?? { x: 0, y: 0 };
    return nodeElement(lab, node, at, snapshot);
  });
  return element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'Topology of the lab' },
    ...drawn,
    ...nodes,
  );
}

type Point = { readonly x: number; readonly y: number };

function linkElement(a: Point, b: Point, state: LinkState | undefined, title: string): PageElement {
  const { kind, words } = linkLook(state);
  const [upper, lower] = a.y <= b.y ? [a, b] : [b, a];
  // Words stand nearer to the lower end, where links of different nodes do not meet.
  const at = { x: upper.x + (lower.x - upper.x) * 0.7, y: upper.y + (lower.y - upper.y) * 0.7 };
  return element(
    'g',
    { class: `link ${kind}` },
    element('title', {}, words === '' ? title : `${title}: ${words}`),
    element('line', { x1: `${round(a.x)}`, y1: `${round(a.y)}`, x2: `${round(b.x)}`, y2: `${round(b.y)}` }),
    ...(words === ''
      ? []
      : [element('text', { x: `${round(at.x)}`, y: `${round(at.y) + 4}`, 'text-anchor': 'middle' }, words)]),
  );
}

function linkLook(state: LinkState | undefined): { readonly kind: string; readonly words: string } {
  if (state === undefined || state.state === 'absent') return { kind: 'absent', words: '' };
  if (state.state === 'down') return { kind: 'down', words: '✘ down' };
  if (state.state === 'silent') return { kind: 'down', words: '✘ silent' };
  const rate = state.rateAToB + state.rateBToA;
  if (state.bgp === 'down' || state.bgp === 'partly')
    return { kind: 'pending', words: state.bgp === 'down' ? 'no BGP' : 'BGP partly' };
  return rate > 0 ? { kind: 'busy', words: rateText(rate) } : { kind: 'up', words: '' };
}

function nodeElement(lab: Lab, node: LabNode, at: Point, snapshot: Snapshot | undefined): PageElement {
  const state = snapshot?.nodes.find(each => each.name === node.name);
  const silent = snapshot?.faults.some(
    ({ fault }) => fault.kind === 'node-silent' && fault.node === node.name,
  );
  const { kind, words } = silent === true ? { kind: 'down', words: '✘ silent' } : nodeLook(state);
  const [x, y] = [round(at.x - box.width / 2), round(at.y - box.height / 2)];
  return element(
    'g',
    { class: `node ${kind}` },
    element('rect', { x: `${x}`, y: `${y}`, width: `${box.width}`, height: `${box.height}`, rx: '8' }),
    element(
      'text',
      { class: 'name', x: `${round(at.x)}`, y: `${y + 20}`, 'text-anchor': 'middle' },
      shownName(lab, node),
    ),
    element('text', { class: 'state', x: `${round(at.x)}`, y: `${y + 37}`, 'text-anchor': 'middle' }, words),
  );
}

/** A control plane on the fabric stands for its whole cluster. */
function shownName(lab: Lab, node: LabNode): string {
  return node.kind === 'cluster-node' && node.role === 'control-plane'
    ? node.cluster
    : nodeShortText(node.name, lab.clusters);
}

function nodeLook(node: NodeState | undefined): { readonly kind: string; readonly words: string } {
  if (node === undefined || node.state === 'absent') return { kind: 'absent', words: '○ not built yet' };
  if (node.state === 'stopped') return { kind: 'down', words: '✘ stopped' };
  if (node.state === 'starting') return { kind: 'pending', words: '◐ starting' };
  if (node.unknown !== undefined) return { kind: 'pending', words: '? no answer' };
  const { sessions } = node;
  if (sessions === undefined || sessions.configured === 0) return { kind: 'up', words: '● running' };
  const { established, configured } = sessions;
  return established === configured
    ? { kind: 'up', words: `● BGP ${established}/${configured}` }
    : { kind: 'pending', words: `◐ BGP ${established}/${configured}` };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
