import { rowsOf } from '../../lab/snapshot.ts';
import { packetsOf } from '../../tutor/pane-subject.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { allFieldLines } from '../panes/packets-rows.ts';
import { amountText, momentText } from '../wording/amount.ts';
import { linkText } from '../wording/names.ts';
import type { OverlayPicture } from './overlay-picture.ts';

/** One packet: where it went, TCP's numbers, every field with the octets where it stands, and the octets. */
export function explainPacket(
  state: TutorState,
  of: { readonly id: number },
  width: number,
): Pick<OverlayPicture, 'title' | 'lines' | 'foot'> {
  const rows = state.view === undefined ? undefined : rowsOf(state.view, packetsOf(state));
  const row = rows?.find(({ id }) => id === of.id);
  if (row === undefined)
    return { title: 'Packet', lines: [line(span('This packet is no longer kept.', 'dim'))], foot: [] };
  const { flow } = row;
  const fact = (name: string, value: string): Line[] =>
    wrapLine(line(value), width - LABEL).map((part, index) =>
      line(span((index === 0 ? name : '').padEnd(LABEL), 'dim'), part),
    );
  return {
    title: `${row.kind} ${row.from} → ${row.to}`,
    lines: [
      ...fact('sent', momentText(row.at)),
      ...fact('way', row.nodes.join(' → ')),
      ...row.links.flatMap((link, index) => fact(index === 0 ? 'links' : '', linkText(link))),
      ...fact('IP', `${flow.sourceAddress} → ${flow.destinationAddress}, ttl ${row.ttl}`),
      ...fact(
        'TCP',
        `${flow.sourcePort} → ${flow.destinationPort}, sequence ${row.sequence}, acknowledgment ${row.acknowledgment}, ${amountText(row.length, 'octet')}`,
      ),
      ...(row.length === 0
        ? [blank, line(span('It carries nothing: it opens, confirms or ends the connection.', 'dim'))]
        : [
            blank,
            line(span('octets   field', 'column')),
            ...allFieldLines(row, width),
            blank,
            ...octetLines(row.octets, width),
          ]),
    ],
    foot: [],
  };
}

const LABEL = 7;

/** Offset and octets, as many in a line as fit, in eights. */
function octetLines(octets: string, width: number): Line[] {
  const perLine = width >= 9 + 16 * 3 ? 16 : 8;
  const lines: Line[] = [];
  for (let at = 0; at * 2 < octets.length; at += perLine) {
    const part = octets.slice(at * 2, (at + perLine) * 2).match(/../g) ?? [];
    lines.push(line(span(`${at}`.padEnd(9), 'dim'), span(part.join(' '), 'code')));
  }
  return lines;
}
