import type { Lab, LinkEnd } from '../../lab/lab.ts';
import type { FlowHop, FlowRow } from '../../lab/snapshot.ts';
import type { Share } from '../../lab/traffic-state.ts';
import { addressOf } from '../../net/prefix.ts';
import { derived } from '../../values/derived.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import type { NameAddress } from '../wording/address-owner.ts';
import { amountText } from '../wording/amount.ts';
import { nodeShortText, portText } from '../wording/names.ts';
import { type ShownRow, showTable, type Table } from './table.ts';
import { longestName, shareBars } from './traffic-rows.ts';

/** How the looked-at flows fall on the members of every choice on their way, then each flow by itself. */
export function ecmpRows(
  flows: readonly FlowRow[],
  options: {
    readonly width: number;
    readonly filter: string;
    readonly name: NameAddress;
    readonly lab: Lab;
  },
): ShownRow[] {
  const { width, name, lab } = options;
  const rows: ShownRow[] = [];
  const choices = choicesOf(flows, name, lab);
  let longest = 0;
  for (const { shares } of choices) longest = Math.max(longest, longestName(shares));
  for (const choice of choices) {
    rows.push(
      plainRow(line(span(choice.title, 'strong'), span(`  ${choice.detail}`, 'dim'))),
      ...shareBars(choice.shares, width, longest).map(plainRow),
      plainRow(blank),
    );
  }
  rows.push(
    plainRow(line(span('Flow by flow', 'strong'), span('  Enter explains one', 'dim'))),
    ...showTable(flowsTable(lab.clusters, commonNodes(flows)), flows, { width, filter: options.filter }).rows,
  );
  return rows;
}

/** A place where flows part: who picks, by what, and how many flows each member got. */
export type Choice = { readonly title: string; readonly detail: string; readonly shares: readonly Share[] };

export function choicesOf(flows: readonly FlowRow[], name: NameAddress, lab: Lab): Choice[] {
  const places = new Map<string, { hop: FlowHop; counts: Map<string, number> }>();
  const nodes = new Map<string, number>();
  const pods = new Map<string, number>();
  for (const flow of flows) {
    for (const { key, hop, members, chosen } of pickedOn(flow)) {
      let place = places.get(key);
      if (place === undefined) {
        place = { hop, counts: new Map(members.map(member => [member, 0])) };
        places.set(key, place);
      }
      place.counts.set(chosen, (place.counts.get(chosen) ?? 0) + 1);
    }
    if (flow.node !== undefined) nodes.set(flow.node, (nodes.get(flow.node) ?? 0) + 1);
    if (flow.pod !== undefined) pods.set(flow.pod, (pods.get(flow.pod) ?? 0) + 1);
  }
  const choices = [...places.values()].map(({ hop, counts }): Choice => {
    const owner = hop.prefix?.endsWith('/32') ? name(addressOf(hop.prefix)) : undefined;
    const aim = owner === undefined || owner === addressOf(hop.prefix ?? '/') ? hop.prefix : owner;
    const to = aim === undefined ? '' : ` for ${aim}`;
    return {
      title: `${hop.node} picks${to}`,
      detail: `${hop.choice?.algorithm ?? ''}, ${amountText(counts.size, 'member')}`,
      shares: [...counts].map(([member, count]) => ({
        name: memberText(hop.node, member, name, lab),
        count,
      })),
    };
  });
  if (nodes.size > 0)
    choices.push({
      title: 'Kubernetes node',
      detail: 'that took it from the fabric',
      shares: sharesOf(nodes),
    });
  if (pods.size > 0) choices.push({ title: 'Pod', detail: 'that answered', shares: sharesOf(pods) });
  return choices;
}

type Picked = {
  readonly key: string;
  readonly hop: FlowHop;
  readonly members: readonly string[];
  readonly chosen: string;
};

/** The choices on a flow's way, each with a key of the place where it is made. */
const pickedOn = derived(({ hops }: FlowRow): readonly Picked[] => hops.filter(isParting).map(pickAt));

type Parting = FlowHop & { readonly choice: NonNullable<FlowHop['choice']> };

function isParting(hop: FlowHop): hop is Parting {
  return hop.choice !== undefined && hop.choice.members.length > 1;
}

/** Where a flow changed its way, the choices before that are as they were. */
const pickAt = derived((hop: Parting): Picked => {
  const { node, instance = '', prefix = '' } = hop;
  const { members, chosen } = hop.choice;
  return { key: `${node} ${instance} ${prefix}`, hop, members, chosen };
});

/** A member by the node it leads to; a port also by its own name. */
function memberText(node: string, member: string, name: NameAddress, lab: Lab): string {
  const port = portText(member).replace(/\.\d+$/, '');
  for (const { a, b } of lab.links) {
    if (isPort(a, node, port)) return `${b.node} (${port})`;
    if (isPort(b, node, port)) return `${a.node} (${port})`;
  }
  return portText(name(member));
}

function isPort(end: LinkEnd, node: string, port: string): boolean {
  return end.node === node && portText(end.port) === port;
}

function sharesOf(counts: ReadonlyMap<string, number>): Share[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function plainRow(of: Line): ShownRow {
  return { key: '', line: of };
}

type ClusterNames = readonly { readonly name: string }[];

/** The nodes that all flows pass: what is left of their ways is what differs. */
function commonNodes(flows: readonly FlowRow[]): ReadonlySet<string> {
  const common = new Set(flows[0] === undefined ? [] : pathOf(flows[0]));
  for (const flow of flows) {
    if (common.size === 0) break;
    const path = pathOf(flow);
    for (const node of common) if (!path.includes(node)) common.delete(node);
  }
  return common;
}

/** Each flow by its way without the nodes that are common to all. While those stay, so does what a flow says. */
function flowsTable(clusters: ClusterNames, common: ReadonlySet<string>): Table<FlowRow> {
  const names = [...common].join(' ');
  const known = flowsTables.get(clusters);
  if (known?.common === names) return known.table;
  const table = makeFlowsTable(clusters, common);
  flowsTables.set(clusters, { common: names, table });
  return table;
}

const flowsTables = new WeakMap<ClusterNames, { readonly common: string; readonly table: Table<FlowRow> }>();

function makeFlowsTable(clusters: ClusterNames, common: ReadonlySet<string>): Table<FlowRow> {
  const wayText = (flow: FlowRow): string => {
    const path = pathOf(flow);
    const differing = path.filter(node => !common.has(node));
    return (differing.length === 0 ? path : differing).map(node => nodeShortText(node, clusters)).join(' → ');
  };
  // Flows are many, what they say is not: each of it is kept once.
  const ports = new Map<number, Line>();
  const ways = new Map<string, Line>();
  const ends = new Map<string, Line>();
  return {
    known: new WeakMap(),
    keyOf: flow => `${flow.flow.sourcePort}`,
    columns: [
      {
        id: 'port',
        title: 'port',
        priority: 0,
        cell: ({ flow: { sourcePort } }) =>
          keptOnce(ports, sourcePort, () => line(span('from :', 'dim'), `${sourcePort}`)),
      },
      {
        id: 'path',
        title: 'path',
        priority: 0,
        least: 16,
        cell: flow => {
          const way = wayText(flow);
          return keptOnce(ways, way, () => line(way));
        },
      },
      {
        id: 'pod',
        title: 'pod',
        priority: 1,
        least: 8,
        cell: flow => {
          const answered = flow.outcome === 'answered';
          const end = answered
            ? (flow.pod ?? '')
            : `✘ ${flow.outcome} at ${flow.endedAt ?? '?'}: ${flow.because ?? ''}`;
          return keptOnce(ends, end, () => line(span(end, answered ? 'dim' : 'down')));
        },
      },
    ],
  };
}

function keptOnce<Key>(lines: Map<Key, Line>, key: Key, make: () => Line): Line {
  let known = lines.get(key);
  if (known === undefined) {
    known = make();
    lines.set(key, known);
  }
  return known;
}

/** Nodes on the way, each once. */
export const pathOf = derived(({ hops }: FlowRow): readonly string[] => {
  const nodes: string[] = [];
  for (const { node } of hops) if (node !== nodes.at(-1)) nodes.push(node);
  return nodes;
});
