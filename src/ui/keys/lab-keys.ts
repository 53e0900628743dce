import { emptyInput } from '../../tutor/screen.ts';
import type { KeyContext } from './key-context.ts';
import type { KeyRow } from './keymap.ts';

export const labKeys: readonly KeyRow[] = [
  {
    place: 'lesson-screen',
    keys: ['b'],
    group: 'Lab',
    help: 'Break something: links, switches, nodes, speakers, pods',
    bar: { rank: 4, label: 'break' },
    command: () => ({ type: 'overlay-asked', overlay: { name: 'breaks', input: emptyInput, cursor: 0 } }),
  },
  {
    place: 'lesson-screen',
    keys: ['u'],
    group: 'Lab',
    help: 'Heal what is broken',
    bar: { rank: 5, label: 'heal' },
    command: () => ({ type: 'overlay-asked', overlay: { name: 'heals', cursor: 0 } }),
    disabledBecause: ({ state }) =>
      (state.view?.faults.length ?? 0) === 0 ? 'nothing is broken' : undefined,
  },
  {
    place: 'lesson-screen',
    keys: ['T'],
    group: 'Lab',
    help: 'Let the clients ask, or stop them',
    command: ({ state }) => ({ type: 'traffic-asked', on: state.view?.traffic.on !== true }),
    disabledBecause: ({ state }) =>
      state.engine.absent.get('traffic') ??
      ((state.view?.traffic.clients.length ?? 0) === 0
        ? 'there are no clients yet: they come with the clients stage'
        : undefined),
  },
  {
    place: 'lesson-screen',
    keys: ['S'],
    group: 'Lab',
    help: 'A shell: any command, whenever you like',
    bar: { rank: 9, label: 'shell' },
    command: () => ({ type: 'shell-asked' }),
    disabledBecause: ({ state }) => state.engine.absent.get('run'),
  },
  {
    place: 'lesson-screen',
    keys: ['space'],
    group: 'Time',
    help: 'Stop lab time, or let it go on',
    bar: { rank: 8, label: 'pause' },
    command: () => ({ type: 'pause-asked' }),
    disabledBecause: withoutClock,
  },
  {
    place: 'lesson-screen',
    keys: ['.'],
    group: 'Time',
    help: 'One event further',
    command: () => ({ type: 'clock-step-asked' }),
    disabledBecause: withoutClock,
  },
  {
    place: 'lesson-screen',
    keys: ['['],
    group: 'Time',
    help: 'Lab time slower',
    command: () => ({ type: 'speed-asked', to: 'slower' }),
    disabledBecause: withoutClock,
  },
  {
    place: 'lesson-screen',
    keys: [']'],
    group: 'Time',
    help: 'Lab time faster',
    command: () => ({ type: 'speed-asked', to: 'faster' }),
    disabledBecause: withoutClock,
  },
  {
    place: 'lesson-screen',
    keys: ['>'],
    group: 'Time',
    help: 'As fast as possible until nothing changes any more',
    command: () => ({ type: 'until-quiet-asked' }),
    disabledBecause: withoutClock,
  },
];

function withoutClock({ state }: KeyContext): string | undefined {
  if (state.clock !== undefined) return undefined;
  return state.engine.absent.get('clock') ?? 'time cannot be stopped in this lab';
}
