import type { FlowHop, FlowRow } from '../../lab/snapshot.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { showTable, type Table } from '../panes/table.ts';
import type { NameAddress } from '../wording/address-owner.ts';
import { portText } from '../wording/names.ts';

/** Two flows side by side: what each choice on their ways was made of, and where they part. */
export function compareFlows(
  one: FlowRow,
  other: FlowRow,
  options: { readonly width: number; readonly name: NameAddress },
): Line[] {
  const { width, name } = options;
  const rows = aspects(one, other, name);
  const parting = rows.find(row => row.choice === true && row.one !== row.other);
  const shown = showTable(table(one, other), rows, { width });
  return [
    shown.header,
    ...shown.rows.map(row => row.line),
    blank,
    ...wrapLine(
      parting === undefined
        ? line('They go the same way everywhere.')
        : line(
            'They part at ',
            span(parting.place, 'strong'),
            `: ${parting.one} here, ${parting.other} there.`,
          ),
      width,
    ),
  ];
}

type Aspect = {
  readonly place: string;
  readonly what: string;
  readonly one: string;
  readonly other: string;
  /** A member was picked. */
  readonly choice?: true;
};

function aspects(one: FlowRow, other: FlowRow, name: NameAddress): Aspect[] {
  const both = (place: string, what: string, of: (flow: FlowRow) => string): Aspect => ({
    place,
    what,
    one: of(one),
    other: of(other),
  });
  return [
    ...places(one.hops, other.hops).flatMap(key => choiceAspects(key, one.hops, other.hops, name)),
    waysApart('way', without(one.hops, one.node), without(other.hops, other.node)),
    both('', 'node', flow => flow.node ?? '–'),
    both('', 'answer', flow => (flow.outcome === 'answered' ? (flow.pod ?? 'a pod') : flow.outcome)),
    ...places(one.reply, other.reply).flatMap(key =>
      choiceAspects(key, one.reply, other.reply, name, 'reply: '),
    ),
    waysApart('way back', without(one.reply, one.node), without(other.reply, other.node)),
  ];
}

/** Where either of the flows had a choice, in the order of their ways. */
function places(one: readonly FlowHop[], other: readonly FlowHop[]): string[] {
  const chosen = [...one, ...other].filter(hop => hop.choice !== undefined).map(placeOf);
  return [...new Set(chosen)];
}

function placeOf({ node, instance }: FlowHop): string {
  return `${node} ${instance ?? ''}`.trim();
}

function choiceAspects(
  place: string,
  one: readonly FlowHop[],
  other: readonly FlowHop[],
  name: NameAddress,
  direction = '',
): Aspect[] {
  const at = (hops: readonly FlowHop[]) =>
    hops.find(hop => placeOf(hop) === place && hop.choice !== undefined);
  const [first, second] = [at(one), at(other)];
  const both = (what: string, of: (hop: FlowHop) => string | undefined): Aspect => ({
    place: direction + place,
    what,
    one: (first && of(first)) ?? '–',
    other: (second && of(second)) ?? '–',
  });
  const encapsulated = first?.encapsulation !== undefined || second?.encapsulation !== undefined;
  return [
    both('hash', hop => hop.choice && `0x${hop.choice.hash.toString(16).padStart(8, '0')}`),
    both('bucket', hop => hop.choice && `${hop.choice.bucket + 1} of ${hop.choice.buckets}`),
    { ...both('takes', hop => hop.choice && portText(name(hop.choice.chosen))), choice: true },
    ...(encapsulated
      ? [both('VXLAN port', hop => hop.encapsulation && `${hop.encapsulation.sourcePort}`)]
      : []),
  ];
}

/** The Kubernetes node has a row of its own. */
function without(hops: readonly FlowHop[], node: string | undefined): FlowHop[] {
  return hops.filter(hop => hop.node !== node);
}

/** The nodes that just one of the two ways passes: the others tell nothing. */
function waysApart(what: string, one: readonly FlowHop[], other: readonly FlowHop[]): Aspect {
  const apart = (own: readonly FlowHop[], others: readonly FlowHop[]) => {
    const nodes = [...new Set(own.map(hop => hop.node))];
    return nodes.filter(node => !others.some(hop => hop.node === node)).join(' → ') || '(the same)';
  };
  return { place: '', what, one: apart(one, other), other: apart(other, one) };
}

function table(one: FlowRow, other: FlowRow): Table<Aspect> {
  const cell = (of: (row: Aspect) => string) => (row: Aspect) =>
    line(span(of(row), row.one === row.other ? 'dim' : 'plain'));
  return {
    keyOf: ({ place, what }) => `${place} ${what}`,
    columns: [
      { id: 'place', title: 'where', priority: 1, least: 10, cell: row => line(span(row.place, 'dim')) },
      { id: 'what', title: '', priority: 0, cell: row => line(span(row.what, 'dim')) },
      {
        id: 'one',
        title: `from :${one.flow.sourcePort}`,
        priority: 0,
        least: 12,
        cell: cell(row => row.one),
      },
      {
        id: 'differs',
        title: '',
        priority: 0,
        cell: row => (row.one === row.other ? line('=') : line(span('≠', 'accent'))),
      },
      {
        id: 'other',
        title: `from :${other.flow.sourcePort}`,
        priority: 0,
        least: 12,
        cell: cell(row => row.other),
      },
    ],
  };
}
