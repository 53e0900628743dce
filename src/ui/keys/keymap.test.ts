import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafStopped, nothingBuilt } from '../../test-support/snapshots.ts';
import { inLesson, tutorState } from '../../test-support/tutor-states.ts';
import { emptyInput } from '../../tutor/screen.ts';
import type { TutorState } from '../../tutor/state.ts';
import { lineText } from '../cells/line.ts';
import { keyBar, keysNow } from './key-bar.ts';
import { commandOfKey, rowOfKey } from './key-command.ts';
import { keyHelpLines, keyTableMarkdown } from './key-help.ts';
import { keyPresses } from './key-press.ts';
import { keymap } from './keymap.ts';

const size = { columns: 80, rows: 24 };
const command = (key: string, state: TutorState) => commandOfKey(key, { state, size });

/** Every kind of place a key can be pressed in. */
const states: readonly (readonly [string, TutorState])[] = [
  ['the home screen', tutorState()],
  ['a lesson', inLesson()],
  ['a number asked for', inLesson(2)],
  ['the topology', inLesson(0, [{ type: 'focus-asked', to: 'topology' }])],
  ['the timeline', inLesson(0, [{ type: 'focus-asked', to: 'timeline' }])],
  ['the shell', inLesson(0, [{ type: 'shell-asked' }])],
  ['the routes', inLesson(0, [{ type: 'focus-asked', to: 'routes' }])],
  ['typing', inLesson(1, [{ type: 'typing-asked' }])],
  [
    'the palette',
    inLesson(0, [{ type: 'overlay-asked', overlay: { name: 'palette', input: emptyInput, cursor: 0 } }]),
  ],
  ['the help', inLesson(0, [{ type: 'overlay-asked', overlay: { name: 'help', scroll: 0 } }])],
  ['leaving', inLesson(0, [{ type: 'quit-asked' }])],
];

describe('the keymap', () => {
  it('gives each key one meaning in each place', () => {
    const seen = new Map<string, string>();
    for (const row of keymap) {
      for (const key of row.keys) {
        const where = `${row.place} ${key}`;
        expect(seen.get(where), where).toBeUndefined();
        seen.set(where, row.help);
      }
    }
  });

  it('says what every key does, in a phrase', () => {
    for (const row of keymap) {
      expect(row.keys.length, row.help).toBeGreaterThan(0);
      expect(row.help).toMatch(/^\p{Lu}.*[^.]$/u);
    }
  });

  it.each(states)('survives every key of the map in %s', (_, state) => {
    for (const key of new Set(keymap.flatMap(row => row.keys))) {
      const asked = command(key, state);
      if (asked === undefined) continue;
      expect('type' in asked || Array.isArray(asked)).toBe(true);
    }
  });

  it.each(states)('always knows how to get help or out in %s', (_, state) => {
    const out = ['?', 'esc', 'q'].some(key => rowOfKey(key, state) !== undefined);
    expect(out).toBe(true);
    expect(rowOfKey('ctrl-c', state)?.command({ state, size }, 'ctrl-c')).toEqual({
      type: 'interrupt-asked',
    });
  });

  it.each(states)('shows a key bar that fits in %s', (_, state) => {
    for (const width of [58, 78, 158]) {
      const text = lineText(keyBar({ state, size }, width));
      expect(text.length).toBeLessThanOrEqual(width);
      expect(text).not.toBe('');
    }
  });

  it('tells only of keys that work where the learner is', () => {
    const home = keyHelpLines({ state: tutorState(), size }, 76).map(lineText).join('\n');
    expect(home).toContain('Open the lesson');
    expect(home).not.toContain('Sort by');
  });

  it('says why a key cannot work, in the help and when it is pressed', () => {
    const state = inLesson();
    expect(command('u', state)).toEqual({
      type: 'notice-given',
      tone: 'info',
      text: 'u: nothing is broken.',
    });
    expect(keyHelpLines({ state, size }, 76).map(lineText).join('\n')).toContain(
      'not now: nothing is broken',
    );
    expect(command('u', inLesson(0, [], leafStopped))).toEqual({
      type: 'overlay-asked',
      overlay: { name: 'heals', cursor: 0 },
    });
  });

  it('lists every key once for the README', () => {
    const table = keyTableMarkdown();
    expect(table.split('\n')[0]).toBe('| key | what it does |');
    expect(table).toContain('| `Space` | Stop lab time, or let it go on |');
    for (const row of keymap) expect(table).toContain(row.help);
  });
});

describe('pressing keys', () => {
  it('takes keys apart that arrived glued together', () => {
    expect(keyPresses('jjj', noKey)).toEqual(['j', 'j', 'j']);
    expect(keyPresses('ls -l\r', noKey)).toEqual(['l', 's', 'space', '-', 'l', 'enter']);
    expect(keyPresses('c', { ...noKey, ctrl: true })).toEqual(['ctrl-c']);
    expect(keyPresses('', { ...noKey, tab: true, shift: true })).toEqual(['shift-tab']);
    expect(keyPresses('路', noKey)).toEqual(['路']);
  });

  it('types into the shell what would be a command elsewhere', () => {
    const shell = inLesson(0, [{ type: 'shell-asked' }]);
    expect(command('q', shell)).toEqual({ type: 'shell-edited', input: { text: 'q', cursor: 1 } });
    expect(command('space', shell)).toEqual({ type: 'shell-edited', input: { text: ' ', cursor: 1 } });
    expect(command('enter', shell)).toEqual({ type: 'shell-entered' });
    expect(command('tab', shell)).toEqual({ type: 'focus-asked', to: 'next' });
  });

  it('types digits into a number asked for and keeps the other keys', () => {
    const asked = inLesson(2);
    expect(command('4', asked)).toEqual({ type: 'answer-edited', input: { text: '4', cursor: 1 } });
    expect(command('.', asked)).toEqual({ type: 'answer-edited', input: { text: '.', cursor: 1 } });
    expect(command('b', asked)).toMatchObject({ type: 'overlay-asked', overlay: { name: 'breaks' } });
  });

  it('cuts the selected link and heals the one that is cut', () => {
    const link = 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1';
    const selected = inLesson(0, [
      { type: 'focus-asked', to: 'topology' },
      { type: 'row-selected', pane: 'topology', row: link },
    ]);
    expect(command('x', selected)).toEqual({ type: 'break-asked', fault: { kind: 'link-cut', link } });
    const stopped = { ...selected, view: leafStopped };
    const node = { type: 'row-selected', pane: 'topology', row: 'LEAF-DC-1' } as const;
    expect(command('x', inLesson(0, [{ type: 'focus-asked', to: 'topology' }, node], stopped.view))).toEqual({
      type: 'heal-asked',
      fault: 'node-stopped LEAF-DC-1',
    });
  });

  it('selects the rows of a pane one after the other and stops at the ends', () => {
    const topology = inLesson(0, [{ type: 'focus-asked', to: 'topology' }]);
    expect(command('down', topology)).toEqual({ type: 'row-selected', pane: 'topology', row: 'SPINE-DC-1' });
    const first = inLesson(0, [
      { type: 'focus-asked', to: 'topology' },
      { type: 'row-selected', pane: 'topology', row: 'SPINE-DC-1' },
    ]);
    expect(command('down', first)).toMatchObject({ row: 'SPINE-DC-2' });
    expect(command('up', first)).toMatchObject({ row: 'SPINE-DC-1' });
  });

  it('clears a filter before it leaves the pane', () => {
    const filtered = inLesson(0, [
      { type: 'focus-asked', to: 'sessions' },
      { type: 'pane-filtered', pane: 'sessions', filter: 'leaf' },
    ]);
    expect(command('esc', filtered)).toEqual({ type: 'pane-filtered', pane: 'sessions', filter: '' });
    expect(command('esc', inLesson(0, [{ type: 'focus-asked', to: 'sessions' }]))).toEqual({
      type: 'back-asked',
    });
  });

  it('never fails, whatever is pressed on whatever lab', () => {
    const keys = [...new Set(keymap.flatMap(row => row.keys)), 'a', '€', 'backspace', 'delete'];
    fc.assert(
      fc.property(
        fc.constantFrom(...states.map(([, state]) => state)),
        fc.constantFrom(nothingBuilt, leafStopped, undefined),
        fc.constantFrom(...keys),
        (state, view, key) => {
          const { view: _, ...rest } = state;
          const now: TutorState = view === undefined ? rest : { ...rest, view };
          command(key, now);
          keysNow({ state: now, size });
        },
      ),
    );
  });
});

const noKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};
