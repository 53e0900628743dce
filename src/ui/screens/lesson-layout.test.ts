import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstLayout, type Layout, paneKinds } from '../../tutor/layout.ts';
import { lessonLayout } from './lesson-layout.ts';

describe('the places on the lesson screen', () => {
  it('are two columns where there is room', () => {
    expect(lessonLayout(firstLayout, { columns: 120, rows: 36 })).toEqual({
      kind: 'columns',
      lessonWidth: 50,
      panesWidth: 70,
      height: 34,
      panes: [
        { pane: 'topology', height: 21 },
        { pane: 'timeline', height: 13 },
      ],
      hidden: [],
    });
  });

  it('are one place with tabs at 80×24 and when zoomed', () => {
    expect(lessonLayout(firstLayout, { columns: 80, rows: 24 })).toMatchObject({
      kind: 'tabs',
      shown: 'lesson',
    });
    expect(
      lessonLayout({ ...firstLayout, zoomed: true, focus: 'timeline' }, { columns: 160, rows: 45 }),
    ).toMatchObject({
      kind: 'tabs',
      shown: 'timeline',
      tabs: ['lesson', 'topology', 'timeline'],
    });
  });

  it('do not exist below 60×16', () => {
    expect(lessonLayout(firstLayout, { columns: 60, rows: 16 }).kind).toBe('tabs');
    expect(lessonLayout(firstLayout, { columns: 59, rows: 16 }).kind).toBe('too-small');
    expect(lessonLayout(firstLayout, { columns: 60, rows: 15 }).kind).toBe('too-small');
  });

  it('always keep the focused pane in sight', () => {
    const layout: Layout = {
      ...firstLayout,
      shown: ['topology', 'routes', 'evpn', 'timeline'],
      focus: 'timeline',
    };
    const places = lessonLayout(layout, { columns: 120, rows: 16 });
    expect(places.kind === 'columns' && places.panes.map(({ pane }) => pane)).toEqual([
      'topology',
      'timeline',
    ]);
  });

  it('fill the height exactly, whatever is shown and however it is weighed', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...paneKinds), { minLength: 1 }),
        fc.dictionary(fc.constantFrom(...paneKinds), fc.double({ min: 0.25, max: 6, noNaN: true })),
        fc.integer({ min: 16, max: 80 }),
        fc.integer({ min: 100, max: 240 }),
        (shown, weights, rows, columns) => {
          const places = lessonLayout({ ...firstLayout, shown, weights }, { columns, rows });
          if (places.kind !== 'columns') throw new Error(`expected columns, found ${places.kind}`);
          const heights = places.panes.map(({ height }) => height);
          expect(heights.reduce((sum, height) => sum + height, 0)).toBe(rows - 2);
          for (const height of heights) expect(height).toBeGreaterThanOrEqual(5);
          expect(places.lessonWidth + places.panesWidth).toBe(columns);
        },
      ),
    );
  });
});
