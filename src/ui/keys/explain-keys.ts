import { rowsOf } from '../../lab/snapshot.ts';
import { failoverOfTimeline } from '../../tutor/failover-markdown.ts';
import { paneView } from '../../tutor/layout.ts';
import type { Message } from '../../tutor/message.ts';
import { flowsOf } from '../../tutor/pane-subject.ts';
import type { TutorState } from '../../tutor/state.ts';
import { failoversOf } from '../../tutor/timeline.ts';
import { pathOf } from '../panes/ecmp-rows.ts';
import type { KeyContext } from './key-context.ts';
import type { KeyRow } from './keymap.ts';

/** Keys that explain what is shown: comparisons, the way back in time, a failover to take along. */
export const explainKeys: readonly KeyRow[] = [
  {
    place: 'timeline',
    keys: ['t'],
    group: 'Time',
    help: 'Back in time: the lab as it was just after the selected event',
    bar: { rank: 2, label: 'back to it' },
    command: ({ state }) => {
      const event = Number(paneView(state.layout, 'timeline').selected);
      return { type: 'travel-asked', event };
    },
    disabledBecause: ({ state }) =>
      state.engine.travels !== true
        ? 'this lab cannot go back in time'
        : paneView(state.layout, 'timeline').selected === undefined
          ? 'select an event first (↑ ↓)'
          : undefined,
  },
  {
    place: 'ecmp',
    keys: ['c'],
    group: 'Rows',
    help: 'What if a member leaves or joins: the ways of hashing side by side; and back to the flows',
    bar: { rank: 3, label: ({ state }) => (comparesNow(state) ? 'flows' : 'compare') },
    command: ({ state }) => ({
      type: 'subject-chosen',
      pane: 'ecmp',
      subject: { compares: !comparesNow(state) },
    }),
  },
  {
    place: 'timeline',
    keys: ['M'],
    group: 'Rows',
    help: 'Copy the newest failover as Markdown: who noticed, who withdrew what, what it cost, what you predicted',
    command: ({ state }) => {
      const text = failoverOfTimeline(state);
      return text === undefined ? undefined : { type: 'copy-asked', text };
    },
    disabledBecause: ({ state }) =>
      failoversOf(state.timeline).length === 0 ? 'nothing was broken yet' : undefined,
  },
  {
    place: 'explain',
    keys: ['c'],
    group: 'Menu',
    help: 'Beside the next flow that goes another way; once more, the one after it',
    bar: { rank: 2, label: 'compare' },
    command: context => besideNext(context),
    disabledBecause: context =>
      besideNext(context) === undefined ? 'there is nothing to compare this with' : undefined,
  },
];

/** The flow explained, against the next one that takes another way. */
function besideNext({ state }: KeyContext): Message | undefined {
  const { overlay } = state;
  const ref = flowsOf(state);
  if (overlay.name !== 'flow' || ref === undefined || state.view === undefined) return undefined;
  const rows = rowsOf(state.view, ref) ?? [];
  const way = (port: number) => {
    const row = rows.find(each => each.flow.sourcePort === port);
    return row === undefined ? '' : pathOf(row).join(' ');
  };
  const now = rows.findIndex(row => row.flow.sourcePort === (overlay.against ?? overlay.sourcePort));
  const after = [...rows.slice(now + 1), ...rows.slice(0, now + 1)];
  const next = after.find(({ flow }) => way(flow.sourcePort) !== way(overlay.sourcePort));
  return next === undefined
    ? undefined
    : { type: 'overlay-asked', overlay: { ...overlay, against: next.flow.sourcePort, scroll: 0 } };
}

function comparesNow(state: TutorState): boolean {
  return paneView(state.layout, 'ecmp').subject?.compares === true;
}
