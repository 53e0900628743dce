import { currentLesson, currentStep, type TutorState } from '../../tutor/state.ts';
import { onJourney } from '../../tutor/work.ts';
import { type Line, line, lineWidth, type Span, span } from '../cells/line.ts';
import { clipText } from '../cells/text.ts';
import { clockText, durationText } from '../wording/amount.ts';

/** A recording says so on every screen, however narrow. */
function engine(state: TutorState, width: number): Line {
  if (state.engine.name === 'recording') return line(span('  RECORDED ', 'bar-warning'));
  return line(width >= 90 ? span(`   ${state.engine.name} lab `, 'dim') : ' ');
}

/** The first row: which lab, how its time goes, where in which lesson, what is broken. */
export function headerLine(state: TutorState, width: number): Line {
  const left = line(
    span(' srklab-tutor', 'bar-strong'),
    ...engine(state, width),
    ' ',
    ...clock(state),
    ...past(state),
    span(`  ${clockText(state.view?.at ?? 0)}`, 'plain'),
  );
  const right = faults(state, width);
  const lesson = currentLesson(state);
  const number = lesson?.id.match(/^\d+/)?.[0];
  const steps = lesson === undefined ? '' : `step ${(state.lesson?.step ?? 0) + 1}/${lesson.steps.length}`;
  const room = width - lineWidth(left) - lineWidth(right) - 4;
  const title = lesson === undefined ? '' : `${number === undefined ? '' : `${number} `}${lesson.title}`;
  const titleRoom = room - steps.length - 3;
  const middle: Line =
    lesson === undefined || currentStep(state) === undefined || room < steps.length
      ? []
      : titleRoom < 8
        ? line(steps)
        : line(span(clipText(title, titleRoom), 'bar-strong'), span(`  ${steps}`, 'dim'));
  const gap = Math.max(2, width - lineWidth(left) - lineWidth(middle) - lineWidth(right) - 1);
  const before = Math.floor(gap / 2);
  return line(left, ' '.repeat(before), middle, ' '.repeat(gap - before), right);
}

function clock(state: TutorState): Span[] {
  if (state.clock === undefined) return [];
  if (onJourney(state.work)) return [span('▶▶ on its way', 'accent')];
  switch (state.clock.mode) {
    case 'paused':
      return [span('‖ paused', 'pending')];
    case 'until-quiet':
      return [span('▶▶ until quiet', 'accent')];
    case 'running':
      return [span(`▶ ${speedText(state.clock.speed)}`, state.clock.speed === 1 ? 'plain' : 'accent')];
  }
}

/** How far before the present. */
function past(state: TutorState): Span[] {
  const { view } = state;
  if (view?.past === undefined) return [];
  return [span(` ◀ ${durationText(view.past.presentAt - view.at)} ago `, 'bar-warning')];
}

/** "1.0×", "0.05×", "30×". */
export function speedText(speed: number): string {
  if (speed >= 10) return `${speed}×`;
  return `${Number.isInteger(speed * 10) ? speed.toFixed(1) : speed.toFixed(2)}×`;
}

function faults(state: TutorState, width: number): Line {
  const count = state.view?.faults.length ?? 0;
  if (count === 0) return width < 100 ? [] : line(span('no faults', 'dim'));
  return line(span(count === 1 ? '✘ 1 fault' : `✘ ${count} faults`, 'bar-warning'));
}
