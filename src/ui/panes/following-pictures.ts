import type { PaneView } from '../../tutor/layout.ts';
import type { TutorState } from '../../tutor/state.ts';
import { failoversOf } from '../../tutor/timeline.ts';
import { inputLine } from '../cells/input-line.ts';
import { line, span } from '../cells/line.ts';
import { addressNamer } from '../wording/address-owner.ts';
import { amountText } from '../wording/amount.ts';
import { paneTitles } from './pane-titles.ts';
import { chosenItem, keysOf, type Picture, type Room } from './picture.ts';
import { filterHead, nothingMatches } from './picture-words.ts';
import { shellRows } from './shell-rows.ts';
import { failoverLines, timelineRows } from './timeline-rows.ts';

/** Rows computed at once; older events stay in the state and the filter's reach. */
const timelineShown = 600;

/** Events as they come, below the newest failover in numbers. */
export function timelinePicture(state: TutorState, view: PaneView, room: Room): Picture {
  const name = addressNamer(state.lab);
  const { events } = state.timeline;
  const failover = failoversOf(state.timeline).at(-1);
  const summary = failover === undefined ? [] : failoverLines(failover, room.width, name);
  // Never more than the newest events leave room for.
  const head = summary.slice(0, Math.max(0, Math.floor((room.height - 3) / 2)));
  const rows = timelineRows(events.slice(-timelineShown), { width: room.width, filter: view.filter, name });
  const items = keysOf(rows);
  return {
    title: paneTitles.timeline,
    corner: events.length === 0 ? undefined : amountText(events.length, 'event'),
    head: [...head, ...(head.length > 0 ? [line()] : []), ...filterHead(view)],
    rows,
    foot: [],
    items,
    selected: view.selected === undefined ? undefined : chosenItem(items, view.selected, 'last'),
    follows: true,
    empty:
      view.filter === ''
        ? 'What happens in the lab is written here, each event below its cause.'
        : nothingMatches(view),
  };
}

/** Commands and what they printed, above the line being typed. */
export function shellPicture(state: TutorState, view: PaneView, room: Room): Picture {
  const { blocks, input } = state.shell;
  const focused = state.layout.focus === 'shell';
  const rows = shellRows(blocks.slice(-40), room.width);
  const items = keysOf(rows);
  const running = blocks.at(-1)?.exitCode === undefined && blocks.length > 0;
  const prompt = focused
    ? inputLine(input, {
        prompt: '▸ ',
        width: room.width,
        hint: 'kubectl, docker, containerlab, kind, ls, help …',
      })
    : line(span('▸ ', 'dim'), span('S to type a command', 'dim'));
  return {
    title: paneTitles.shell,
    corner: running ? '… running' : undefined,
    head: [],
    rows,
    foot: [prompt],
    items,
    selected: view.selected === undefined ? undefined : chosenItem(items, view.selected, 'last'),
    follows: true,
    empty: 'Commands and what they print appear here.',
  };
}
