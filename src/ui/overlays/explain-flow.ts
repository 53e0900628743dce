import { type FlowHop, rowsOf } from '../../lab/snapshot.ts';
import { flowText } from '../../net/flow.ts';
import { flowsOf } from '../../tutor/pane-subject.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { addressNamer, type NameAddress } from '../wording/address-owner.ts';
import { portText } from '../wording/names.ts';
import { compareFlows } from './compare-flows.ts';
import type { OverlayPicture } from './overlay-picture.ts';

/** Where one flow goes, hop by hop: which entry matched, what was hashed, which bucket, which member. */
export function explainFlow(
  state: TutorState,
  of: { readonly sourcePort: number; readonly against?: number },
  width: number,
): Pick<OverlayPicture, 'title' | 'lines' | 'foot'> {
  const ref = flowsOf(state);
  const rows = ref === undefined || state.view === undefined ? undefined : rowsOf(state.view, ref);
  const flow = rows?.find(row => row.flow.sourcePort === of.sourcePort);
  if (flow === undefined)
    return {
      title: 'Where does this flow go?',
      lines: [line(span('This flow is no longer looked at.', 'dim'))],
      foot: [],
    };
  const name = addressNamer(state.lab);
  const other = rows?.find(row => row.flow.sourcePort === of.against);
  if (other !== undefined)
    return { title: 'Two flows side by side', lines: compareFlows(flow, other, { width, name }), foot: [] };
  const end: Line =
    flow.outcome === 'answered'
      ? line(
          span('✔ ', 'up'),
          `answered by ${flow.pod ?? 'a pod'}`,
          span(flow.podNode === undefined ? '' : ` on ${flow.podNode}`, 'dim'),
        )
      : line(span('✘ ', 'down'), `${flow.outcome} at ${flow.endedAt ?? '?'}: ${flow.because ?? 'unknown'}`);
  const hashes = flow.hops.some(hop => hop.choice !== undefined);
  return {
    title: 'Where does this flow go?',
    lines: [
      line(span(flowText(flow.flow), 'strong')),
      blank,
      ...flow.hops.flatMap((hop, index) => hopLines(hop, { before: flow.hops.slice(0, index), width, name })),
      line('   ', end),
      ...(flow.reply.length === 0
        ? []
        : [
            blank,
            ...wrapLine(line(span('The answer comes back: ', 'strong'), nodesOf(flow.reply)), width),
            blank,
            ...flow.reply.flatMap((hop, index) =>
              hopLines(hop, { before: flow.reply.slice(0, index), width, name }),
            ),
          ]),
    ],
    foot: hashes
      ? [
          blank,
          ...wrapLine(
            line(
              span(
                'What a real ASIC computes is not public: the numbers are this lab’s own, the way they are used is RFC 2992’s.',
                'dim',
              ),
            ),
            width,
          ),
        ]
      : [],
  };
}

function nodesOf(hops: readonly FlowHop[]): string {
  return hops
    .map(hop => hop.node)
    .filter((node, index, all) => all[index - 1] !== node)
    .join(' → ');
}

/** One hop; a node's second network-instance stands below its first, under the same number. */
function hopLines(
  hop: FlowHop,
  of: { readonly before: readonly FlowHop[]; readonly width: number; readonly name: NameAddress },
): Line[] {
  const { before, width, name } = of;
  const stays = before.at(-1)?.node === hop.node;
  const number = new Set([...before, hop].map(each => each.node)).size;
  const instance = hop.instance ?? '';
  const lines: Line[] = stays
    ? before.at(-1)?.instance === hop.instance
      ? []
      : [line('   ', span(instance === '' ? 'then on the node itself' : `then in ${instance}`, 'dim'))]
    : [
        line(
          span(`${number}`.padStart(2), 'dim'),
          ' ',
          span(hop.node, 'strong'),
          span(` ${instance}`, 'dim'),
        ),
      ];
  const detail = (of: Line) =>
    lines.push(...wrapLine(of, width - 6).map((each, row) => line(row === 0 ? '     ' : '       ', each)));
  if (hop.prefix !== undefined) detail(line(span('matches ', 'dim'), hop.prefix));
  const { choice } = hop;
  if (choice !== undefined) {
    const members = choice.members
      .map(member => portText(name(member)))
      .map((member, index) =>
        choice.members[index] === choice.chosen ? span(member, 'chosen') : span(member, 'dim'),
      );
    detail(line(span('hashes ', 'dim'), choice.fields.join('  '), span(`  seed ${choice.seed}`, 'dim')));
    detail(
      line(
        span(`${choice.algorithm}: `, 'dim'),
        `hash 0x${choice.hash.toString(16)}`,
        span(' → ', 'dim'),
        `bucket ${choice.bucket + 1} of ${choice.buckets}`,
        span(' → ', 'dim'),
        ...members.flatMap((member, index) => (index === 0 ? [member] : [span(' | ', 'dim'), member])),
      ),
    );
  }
  if (hop.encapsulation !== undefined) {
    const { vni, from, to, sourcePort } = hop.encapsulation;
    detail(
      line(
        span('into VXLAN ', 'dim'),
        `VNI ${vni}, ${name(from)} → ${name(to)}`,
        span(`, UDP source port ${sourcePort} carries the hash of the flow`, 'dim'),
      ),
    );
  }
  if (hop.note !== undefined) detail(line(hop.note));
  if (hop.outPort !== undefined) detail(line(span('leaves by ', 'dim'), portText(hop.outPort)));
  return lines;
}
