import type { Message } from '../../tutor/message.ts';
import { armedLeft } from '../../tutor/presenter.ts';
import { stageFocus } from '../../tutor/presenter-panes.ts';
import { slideBlock } from '../../tutor/slide-block.ts';
import type { KeyContext } from './key-context.ts';
import type { KeyRow } from './keymap.ts';
import { selectedRow } from './row-keys.ts';
import { downKeys, upKeys } from './scroll.ts';

/** Keys on stage. Clickers send PgDn and PgUp, and "b" or the full stop for the black screen. */
export const presenterKeys: readonly KeyRow[] = [
  {
    place: 'presenter',
    keys: ['pagedown', 'right', 'n'],
    group: 'Stage',
    help: 'The next slide; a clicker’s forward key',
    bar: { rank: 1, label: 'slide', keys: '←/→' },
    command: () => ({ type: 'slide-asked', to: 'next' }),
  },
  {
    place: 'presenter',
    keys: ['pageup', 'left', 'p'],
    group: 'Stage',
    help: 'The slide before; a clicker’s back key',
    command: () => ({ type: 'slide-asked', to: 'previous' }),
  },
  {
    place: 'presenter',
    keys: ['space'],
    group: 'Stage',
    help: 'The next slide, too',
    command: () => ({ type: 'slide-asked', to: 'next' }),
  },
  {
    place: 'presenter',
    keys: ['b', '.'],
    group: 'Stage',
    help: 'Black screen; any of these keys, or going on, brings the slide back',
    bar: { rank: 7, label: 'black' },
    command: () => ({ type: 'black-asked' }),
  },
  {
    place: 'presenter',
    keys: ['enter'],
    group: 'Stage',
    help: 'Do what the slide shows (armed: run, build, break, heal); with nothing to do, the next slide',
    bar: { rank: 0, label: context => (slideBlock(context.state) === undefined ? 'go on' : 'do it') },
    command: () => ({ type: 'do-asked' }),
  },
  {
    place: 'presenter',
    keys: ['a'],
    group: 'Stage',
    help: 'Arm the keys that change the lab, for 30 seconds; again, disarm them',
    bar: { rank: 2, label: ({ state }) => (state.presenter?.armedUntil === undefined ? 'arm' : 'disarm') },
    command: () => ({ type: 'arm-asked' }),
  },
  {
    place: 'presenter',
    keys: ['F'],
    group: 'Stage',
    help: 'The lab fails: the recording goes on in its place, at the stage that was reached',
    disabledBecause: ({ state }) =>
      state.presenter?.fallback === undefined
        ? 'no recording stands by: present --fallback FILE'
        : state.presenter.fallback === 'used'
          ? 'the recording runs already'
          : undefined,
    command: () => ({ type: 'fallback-asked' }),
  },
  {
    place: 'presenter',
    keys: ['v'],
    group: 'Stage',
    help: 'Panes: beside the slide, one alone, none',
    bar: { rank: 3, label: 'panes' },
    command: () => ({ type: 'view-asked' }),
  },
  {
    place: 'presenter',
    keys: ['z'],
    group: 'Stage',
    help: 'One pane alone, and back to the slide',
    command: ({ state }) => ({
      type: 'view-asked',
      view: state.presenter?.view === 'pane' ? 'slide' : 'pane',
    }),
  },
  {
    place: 'presenter',
    keys: ['tab'],
    group: 'Stage',
    help: 'The next pane',
    command: context => paneAfter(context, 1),
    disabledBecause: withoutPanes,
  },
  {
    place: 'presenter',
    keys: ['shift-tab'],
    group: 'Stage',
    help: 'The pane before',
    command: context => paneAfter(context, -1),
    disabledBecause: withoutPanes,
  },
  {
    place: 'presenter',
    keys: upKeys,
    group: 'Stage',
    help: 'The row or node above; without panes, the choice above, else the slide before',
    command: context => moved(context, -1),
  },
  {
    place: 'presenter',
    keys: downKeys,
    group: 'Stage',
    help: 'The row or node below; without panes, the choice below, else the next slide',
    command: context => moved(context, 1),
  },
  {
    place: 'presenter',
    keys: ['f'],
    group: 'Stage',
    help: 'Spotlight: only the selected row or node stays bright; ↑ ↓ move it',
    bar: { rank: 4, label: 'spotlight' },
    command: () => ({ type: 'spotlight-asked' }),
  },
  {
    place: 'presenter',
    keys: ['o'],
    group: 'Stage',
    help: 'All slides of the lesson at a glance',
    bar: { rank: 5, label: 'overview' },
    command: () => ({ type: 'overview-asked' }),
  },
  {
    place: 'presenter',
    keys: [':', '/', 'ctrl-p'],
    group: 'Stage',
    help: 'Jump: to a slide or a lesson, by number or by name',
    bar: { rank: 6, label: 'jump', keys: ':' },
    command: () => jump(''),
  },
  {
    place: 'presenter',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    group: 'Stage',
    help: 'Jump to a slide: its number, then Enter',
    command: (_, key) => jump(key),
  },
  {
    place: 'presenter',
    keys: ['home', 'g'],
    group: 'Stage',
    help: 'The first slide of the lesson',
    command: () => ({ type: 'slide-asked', to: 'first' }),
  },
  {
    place: 'presenter',
    keys: ['end', 'G'],
    group: 'Stage',
    help: 'The last slide of the lesson',
    command: () => ({ type: 'slide-asked', to: 'last' }),
  },
  {
    place: 'presenter',
    keys: ['u'],
    group: 'Stage',
    help: 'Heal everything (armed)',
    command: () => ({ type: 'heal-asked', fault: 'all' }),
    disabledBecause: unarmed,
  },
  {
    place: 'presenter',
    keys: ['s'],
    group: 'Stage',
    help: 'Do the rest of the step (armed)',
    command: () => ({ type: 'solution-asked' }),
    disabledBecause: unarmed,
  },
  {
    place: 'presenter',
    keys: ['T'],
    group: 'Stage',
    help: 'Let the clients ask, or stop them (armed)',
    command: ({ state }) => ({ type: 'traffic-asked', on: state.view?.traffic.on !== true }),
    disabledBecause: unarmed,
  },
  {
    place: 'presenter',
    keys: ['L'],
    group: 'Stage',
    help: 'Bring the lab to where this slide’s step begins (armed)',
    command: () => ({ type: 'lab-for-slide-asked' }),
    disabledBecause: unarmed,
  },
  {
    place: 'presenter',
    keys: ['['],
    group: 'Stage',
    help: 'Lab time slower: slow motion',
    command: () => ({ type: 'speed-asked', to: 'slower' }),
  },
  {
    place: 'presenter',
    keys: [']'],
    group: 'Stage',
    help: 'Lab time faster',
    command: () => ({ type: 'speed-asked', to: 'faster' }),
  },
  {
    place: 'presenter',
    keys: ['P'],
    group: 'Stage',
    help: 'Stop lab time, or let it go on',
    command: () => ({ type: 'pause-asked' }),
  },
  {
    place: 'presenter',
    keys: ['R'],
    group: 'Stage',
    help: 'The talk begins now: timer and pace start here',
    command: () => ({ type: 'timer-restarted' }),
  },
  {
    place: 'presenter',
    keys: ['esc'],
    group: 'Stage',
    help: 'Back to the slide alone; never leaves',
    command: ({ state }) => (state.presenter?.black === true ? { type: 'black-asked' } : slideAlone(state)),
  },
];

function jump(text: string): Message {
  return {
    type: 'overlay-asked',
    overlay: { name: 'palette', input: { text, cursor: text.length }, cursor: 0 },
  };
}

function unarmed({ state }: KeyContext): string | undefined {
  const { presenter } = state;
  return presenter !== undefined && armedLeft(presenter) > 0
    ? undefined
    : 'it would change the lab; a arms the keys for 30 seconds';
}

function withoutPanes({ state }: KeyContext): string | undefined {
  return state.presenter?.view === 'slide' ? 'no pane is shown; v brings them up' : undefined;
}

function slideAlone(state: KeyContext['state']): Message | readonly Message[] | undefined {
  if (state.presenter?.spotlight === true) return { type: 'spotlight-asked' };
  return state.presenter?.view === 'slide' ? undefined : { type: 'view-asked', view: 'slide' };
}

function paneAfter({ state }: KeyContext, by: number): Message | undefined {
  const { shown } = state.layout;
  const focus = stageFocus(state);
  const at = focus === undefined ? -1 : shown.indexOf(focus);
  const pane = shown[(at + by + shown.length) % Math.max(1, shown.length)];
  return pane === undefined ? undefined : { type: 'focus-asked', to: pane };
}

/** Up and down mean what is in sight: rows of a pane, choices of a question, else slides. */
function moved({ state }: KeyContext, by: number): Message | undefined {
  const focus = stageFocus(state);
  if (state.presenter?.view !== 'slide' && focus !== undefined) return selectedRow(state, focus, by);
  const at = slideBlock(state);
  const lesson = state.course.lessons.find(each => each.id === state.lesson?.id);
  const block = at === undefined ? undefined : lesson?.steps[state.lesson?.step ?? 0]?.blocks[at];
  if (block?.type === 'predict' && block.answer.kind === 'choice') {
    const last = block.answer.choices.length - 1;
    const choice = (state.lesson?.answer.choice ?? 0) + by;
    return { type: 'choice-moved', to: Math.min(last, Math.max(0, choice)) };
  }
  return { type: 'slide-asked', to: by < 0 ? 'previous' : 'next' };
}
