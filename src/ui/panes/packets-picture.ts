import { clusterNodesOf } from '../../lab/lab.ts';
import type { PacketRow } from '../../lab/packet-row.ts';
import { rowsOf, type Snapshot } from '../../lab/snapshot.ts';
import type { PaneView } from '../../tutor/layout.ts';
import { packetsOf } from '../../tutor/pane-subject.ts';
import type { TutorState } from '../../tutor/state.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { amountText } from '../wording/amount.ts';
import { linkText, nodeShortText } from '../wording/names.ts';
import { fieldLines, isQuiet, packetsTable } from './packets-rows.ts';
import { chosenItem, keysOf, type Picture, type Room } from './picture.ts';
import { filterHead, nothingMatches, notYet, titled } from './picture-words.ts';
import { showTable } from './table.ts';

/** Rows made at once; a filter reaches older ones. */
const SHOWN = 400;

/** BGP messages as they travelled, above the selected one field by field. */
export function packetsPicture(state: TutorState, snapshot: Snapshot, view: PaneView, room: Room): Picture {
  const ref = packetsOf(state);
  const about = ref.link !== undefined ? linkText(ref.link) : (ref.node ?? 'the whole lab');
  const title = titled('packets', about);
  const packets = rowsOf(snapshot, ref);
  if (packets === undefined)
    return {
      ...notYet('packets', 'Only the embedded lab writes its packets down: on routers, use tcpdump.'),
      title,
    };
  const wanted = view.filter === '' ? packets.filter(row => !isQuiet(row)) : packets;
  const some = view.filter === '' ? wanted.slice(-SHOWN) : wanted;
  const short = (node: string) => nodeShortText(node, state.lab.clusters);
  const shown = showTable(packetsTable(short), some, {
    width: room.width,
    filter: view.filter,
    order: view.sort,
  });
  // A message never changes, and that it is new is to be seen from its place.
  const rows = shown.rows.slice(-SHOWN).map(({ says: _, ...row }) => row);
  const items = keysOf(rows);
  const selected = view.selected === undefined ? undefined : chosenItem(items, view.selected, 'last');
  const decoded = packets.find(row => `${row.id}` === (selected ?? items.at(-1)));
  const head = [...filterHead(view), ...(rows.length > 0 ? [shown.header] : [])];
  return {
    title,
    corner: packets.length === 0 ? undefined : amountText(packets.length, 'packet'),
    head,
    rows,
    foot: decoded === undefined ? [] : decodedLines(decoded, short, room, head.length),
    items,
    selected,
    follows: true,
    empty:
      view.filter !== ''
        ? nothingMatches(view)
        : packets.length > 0
          ? 'Only KEEPALIVEs so far: / finds them.'
          : `BGP messages appear here when speakers talk: ${clusterNodesOf(state.lab).length > 0 ? 'build the fabric' : 'start the switches'}.`,
  };
}

/** The lower half: whose message it is, and what it says. */
function decodedLines(row: PacketRow, short: (node: string) => string, room: Room, head: number): Line[] {
  const most = Math.floor((room.height - head) * (room.height > 16 ? 0.55 : 0.45)) - 1;
  if (most < 2) return [];
  const way = row.nodes.map(short).join(' → ');
  const title = line(span(row.kind, 'title'), span(`  ${way}`, 'dim'));
  return [blank, title, ...fieldLines(row, room.width, most - 1)];
}
