import type { KeyRow } from './keymap.ts';

export const shellKeys: readonly KeyRow[] = [
  {
    place: 'shell',
    keys: ['enter'],
    group: 'Shell',
    help: 'Run the command',
    bar: { rank: 0, label: 'run' },
    command: () => ({ type: 'shell-entered' }),
  },
  {
    place: 'shell',
    keys: ['up'],
    group: 'Shell',
    help: 'The command before',
    bar: { rank: 1, label: 'history', keys: '↑/↓' },
    command: () => ({ type: 'shell-history-asked', direction: 'older' }),
  },
  {
    place: 'shell',
    keys: ['down'],
    group: 'Shell',
    help: 'The command after',
    command: () => ({ type: 'shell-history-asked', direction: 'newer' }),
  },
  {
    place: 'shell',
    keys: ['ctrl-l'],
    group: 'Shell',
    help: 'Clear the shell',
    command: () => ({ type: 'shell-cleared' }),
  },
  {
    place: 'shell',
    keys: ['esc'],
    group: 'Shell',
    help: 'Back to the lesson',
    bar: { rank: 2, label: 'lesson' },
    command: () => ({ type: 'back-asked' }),
  },
];
