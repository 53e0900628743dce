import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGrid, rowText } from '../../renderer/grid.ts';
import { createSurface } from '../../renderer/surface.ts';
import { leafStoppedEvents } from '../../test-support/leaf-stopped-events.ts';
import { everythingUp, leafStopped, nothingBuilt } from '../../test-support/snapshots.ts';
import { inLesson } from '../../test-support/tutor-states.ts';
import { type PaneKind, paneKinds } from '../../tutor/layout.ts';
import type { TutorState } from '../../tutor/state.ts';
import { makeTheme } from '../theme.ts';
import { ChangeMemory } from './change-memory.ts';
import { lookAtPane, type PaneLook, paintPane, updatePane } from './paint-pane.ts';
import { PictureCache } from './picture-cache.ts';

const theme = makeTheme({ background: 'dark', depth: 0, unicode: true });

/** A pane painted alone, as text without styles. */
function painted(state: TutorState, pane: PaneKind, width: number, height: number): string[] {
  const grid = createGrid(width, height);
  const memory = { pictures: new PictureCache(), changes: new ChangeMemory() };
  const frame = { focused: true, above: 'none', bottom: true } as const;
  paintPane(createSurface(grid), theme, lookAtPane(state, pane, frame, grid, memory));
  return Array.from({ length: height }, (_, row) => rowText(grid, row).replace(/\x1b\[[0-9;]*m/g, ''));
}

const broken: TutorState = {
  ...inLesson(0, [], leafStopped),
  timeline: { events: leafStoppedEvents },
};

describe('a pane', () => {
  it.each(paneKinds)('keeps inside its frame at every size: %s', pane => {
    for (const state of [inLesson(0, [], nothingBuilt), inLesson(0, [], everythingUp), broken]) {
      for (const [width, height] of [
        [60, 14],
        [58, 6],
        [80, 22],
        [40, 5],
        [110, 40],
      ] as const) {
        const lines = painted(state, pane, width, height);
        expect(lines[0]).toMatch(/^┌─.*─┐$/);
        for (const line of lines.slice(1, -1)) expect(line).toMatch(/^│.*│$/);
        expect(lines.at(-1)).toMatch(/^└─*┘$/);
        for (const line of lines) expect([...line]).toHaveLength(width);
      }
    }
  });

  it.each(paneKinds)('says what would fill it before anything is built, or draws it: %s', pane => {
    const text = painted(inLesson(0, [], nothingBuilt), pane, 70, 20)
      .slice(1, -1)
      .join(' ');
    expect(text.replace(/[│\s]/g, '')).not.toBe('');
  });

  it('shows sessions with what matters most when it is narrow', () => {
    const lines = painted(inLesson(), 'sessions', 58, 6);
    expect(lines.slice(0, 3)).toEqual([
      '┌─ 3 BGP sessions · all switches ────────── 13 sessions ─┐',
      '│   state        node       peer        kind         for │',
      '│ ● established  BORDER-DC  SPINE-DC-1  IPv4  2 min 58 s┃│',
    ]);
  });

  it('tells a failover in numbers above its events', () => {
    const lines = painted(broken, 'timeline', 80, 14);
    expect(lines[1]).toMatch(/^│ Broken: LEAF-DC-1 is stopped +│$/);
    expect(lines.join('\n')).toContain('noticed after 0 ms by SPINE-DC-1 (its port lost carrier)');
    expect(lines.join('\n')).toContain('last forwarding change after 133 ms');
  });

  it('shows the end of the timeline until something is selected', () => {
    const last = painted(broken, 'timeline', 110, 14).at(-2);
    expect(last).toContain('requests are answered again after 132 ms');
  });

  it('marks the selected row with a symbol', () => {
    const key = 'BORDER-DC default 10.2.10.0';
    const state = inLesson(0, [
      { type: 'focus-asked', to: 'sessions' },
      { type: 'row-selected', pane: 'sessions', row: key },
    ]);
    expect(painted(state, 'sessions', 100, 10)[3]).toMatch(/^│▸● established {2}BORDER-DC {2}SPINE-DC-2 /);
  });

  it('shows what a filter finds, and how many that are', () => {
    const state = inLesson(0, [
      { type: 'focus-asked', to: 'sessions' },
      { type: 'pane-filtered', pane: 'sessions', filter: 'active leaf' },
    ]);
    const lines = painted(state, 'sessions', 90, 8);
    expect(lines[0]).toContain(' 1 of 13 sessions ');
    expect(lines[1]).toMatch(/^│ \/active leaf {3}Esc clears it +│$/);
    expect(lines[3]).toMatch(/^│ ○ active +LEAF-DC-2 +SPINE-DC-2 /);
  });

  it('changes what it shows into what painting it from blank shows, painting only rows that changed', () => {
    const views = [
      nothingBuilt,
      everythingUp,
      leafStopped,
      { ...everythingUp, at: everythingUp.at + 60_000 },
    ];
    const moment = fc.record({
      view: fc.constantFrom(...views),
      row: fc.constantFrom(undefined, 'BORDER-DC default 10.2.10.0', 'LEAF-DC-1', '3', '7'),
      filter: fc.constantFrom('', 'leaf', 'worker', 'nothing has this'),
      focused: fc.boolean(),
    });
    const run = fc.record({
      pane: fc.constantFrom(...paneKinds),
      size: fc.constantFrom({ width: 60, height: 9 }, { width: 90, height: 20 }, { width: 40, height: 5 }),
      moments: fc.array(moment, { minLength: 2, maxLength: 6 }),
    });
    let updated = 0;
    fc.assert(
      fc.property(run, ({ pane, size, moments }) => {
        const memory = { pictures: new PictureCache(), changes: new ChangeMemory() };
        const colourful = makeTheme({ background: 'dark', depth: 3, unicode: true });
        const kept = createGrid(size.width, size.height);
        let before: PaneLook | undefined;
        for (const { view, row, filter, focused } of moments) {
          const state = inLesson(
            0,
            [
              { type: 'pane-filtered', pane, filter },
              ...(row === undefined ? [] : [{ type: 'row-selected', pane, row } as const]),
            ],
            view,
          );
          const look = lookAtPane(state, pane, { focused, above: 'none', bottom: true }, size, memory);
          const fresh = createGrid(size.width, size.height);
          paintPane(createSurface(fresh), colourful, look);
          if (before !== undefined && updatePane(createSurface(kept), colourful, look, before)) updated++;
          else {
            createSurface(kept).fill(0, 0, size.width, size.height);
            paintPane(createSurface(kept), colourful, look);
          }
          expect(kept).toEqual(fresh);
          before = look;
        }
      }),
      { numRuns: 200 },
    );
    expect(updated).toBeGreaterThan(50);
  });
});
