import { describe, expect, it } from 'vitest';
import { leafStopped } from '../../test-support/snapshots.ts';
import { tutorState, after as when } from '../../test-support/tutor-states.ts';
import { notesModel } from '../../tutor/notes-model.ts';
import { lineText, lineWidth } from '../cells/line.ts';
import { minutesText, notesLines, paceText } from './notes-lines.ts';

const state = when(tutorState([], leafStopped), [
  { type: 'presenter-started', lesson: '01-cable' },
  { type: 'presenter-ticked', now: 130_000 },
  { type: 'slide-asked', to: 'next' },
]);
const model = notesModel(state);
if (model === undefined) throw new Error('somebody presents');
const view = { link: { state: 'connected', pid: 42 }, model } as const;
const shown = (columns: number, rows: number) => notesLines(view, { columns, rows }, 0).map(lineText);

describe('the notes', () => {
  it('tell time and pace', () => {
    expect([130_000, 3_730_000].map(minutesText)).toEqual(['2:10', '1:02:10']);
    expect([130_000, -65_000, 2_000].map(paceText)).toEqual(['+2:10 behind', '1:05 ahead', 'on time']);
  });

  it.each([
    [80, 24],
    [120, 36],
    [160, 45],
    [60, 16],
  ])('fill %i×%i and not one cell more', (columns, rows) => {
    const lines = notesLines(view, { columns, rows }, 0);
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('say where we are, what is next, and that the lab is hurt', () => {
    const lines = shown(80, 24);
    expect(lines[0]).toMatch(/^ 01 A cable {3}slide 2\/6 {3}step 1\/4 +● presenter 42 $/);
    expect(lines[1]).toMatch(/^ 2:10 .* \+2:10 behind $/);
    const text = lines.join('\n');
    expect(text).toContain('Next\n  Say hello');
    expect(text).toContain('✘ Stop LEAF-DC-1');
  });

  it('keep what they know when the presenter is gone, and say so', () => {
    const lost = { link: { state: 'waiting', lost: true }, model } as const;
    const lines = notesLines(lost, { columns: 80, rows: 24 }, 0).map(lineText);
    expect(lines[0]).toContain('the presenter is gone; looking for it');
    expect(lines.join('\n')).toContain('Build it');
  });

  it('say how to start a presenter when there is none', () => {
    const none = { link: { state: 'waiting', lost: false } } as const;
    expect(notesLines(none, { columns: 80, rows: 24 }, 0).map(lineText).join('\n')).toContain(
      'srklab-tutor present',
    );
  });
});
