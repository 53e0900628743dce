import type { Check } from '../../lab/probe.ts';
import type { TutorState } from '../../tutor/state.ts';
import { type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';

/** Probe by probe: holds, does not yet (and what is seen instead), or not any more in time (with its hint). */
export function checkLines(state: TutorState, check: Check, width: number): Line[] {
  const progress = state.lesson?.check;
  return check.items.flatMap((item, index): Line[] => {
    const verdict = progress?.verdicts[index];
    if (verdict === undefined) return index === 0 ? [line(span('… looking at the lab', 'dim'))] : [];
    const held = verdict.holds || progress?.passed === true;
    const mark = held
      ? span('✔ ', 'up')
      : progress?.overdue === true
        ? span('✘ ', 'down')
        : span('… ', 'pending');
    const expected = wrapLine(line(span(verdict.expected, held ? 'plain' : 'strong')), width - 2).map(
      (of, row) => line(row === 0 ? mark : '  ', of),
    );
    if (held) return expected;
    const now = wrapLine(line(span(`now: ${verdict.observed}`, 'dim')), width - 4).map(of =>
      line('    ', of),
    );
    const hint =
      progress?.overdue === true && item.hint !== undefined
        ? wrapLine(line(item.hint), width - 6).map((of, row) =>
            line(row === 0 ? span('    ? ', 'accent') : '      ', of),
          )
        : [];
    return [...expected, ...now, ...hint];
  });
}
