import { describe, expect, it } from 'vitest';
import { leafStopped } from '../../test-support/snapshots.ts';
import { inLesson } from '../../test-support/tutor-states.ts';
import { lineText } from '../cells/line.ts';
import { headerLine, speedText } from './header-line.ts';

describe('the first row', () => {
  it('says which lab, how its time goes, where in which lesson, what is broken', () => {
    expect(lineText(headerLine(inLesson(0, [], leafStopped), 100))).toBe(
      ' srklab-tutor   embedded lab  ▶ 1.0×  00:03:21            01 A cable  step 1/4            ✘ 1 fault',
    );
  });

  it('gives up the title before anything else when it is narrow', () => {
    const text = lineText(headerLine(inLesson(0, [{ type: 'pause-asked' }], leafStopped), 60));
    expect(text.length).toBeLessThanOrEqual(60);
    expect(text).toContain('‖ paused');
    expect(text).toContain('✘ 1 fault');
  });

  it('shows speeds with their sign', () => {
    expect([0.01, 0.05, 0.25, 0.5, 1, 2, 30, 100].map(speedText)).toEqual([
      '0.01×',
      '0.05×',
      '0.25×',
      '0.5×',
      '1.0×',
      '2.0×',
      '30×',
      '100×',
    ]);
  });
});
