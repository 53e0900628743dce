import { armedLeft, talkTime } from '../../../tutor/presenter.ts';
import { slidesOf } from '../../../tutor/slides.ts';
import { currentLesson, type TutorState } from '../../../tutor/state.ts';
import { onJourney } from '../../../tutor/work.ts';
import { type Line, line, lineWidth, span, spread } from '../../cells/line.ts';
import { clipText } from '../../cells/text.ts';
import { clockText } from '../../wording/amount.ts';
import { speedText } from '../header-line.ts';

/** The only row on stage that is not the slide: where we are, what is armed or broken; what the program has to say. */
export function stageLine(state: TutorState, width: number): Line {
  const { presenter } = state;
  const lesson = currentLesson(state);
  if (presenter === undefined || lesson === undefined) return [];
  const right = line(
    ...labSigns(state),
    span(`${clockText(talkTime(state).elapsedMs).replace(/^00:/, '')}  `, 'dim'),
    span(`${presenter.slide + 1}/${slidesOf(lesson).length} `, 'dim'),
  );
  const left = armedLeft(presenter);
  const armed =
    left > 0
      ? line(span(` ARMED ${Math.ceil(left / 1_000)} s `, 'selected'), span(' a disarms', 'dim'), '  ')
      : line(' ');
  const notice = state.notices.at(-1);
  const room = width - lineWidth(armed) - lineWidth(right) - 2;
  const words =
    notice === undefined
      ? span(clipText(lesson.title, room), 'dim')
      : span(clipText(notice.text, room), notice.tone === 'info' ? 'plain' : 'pending');
  return spread(line(armed, words), right, width);
}

function labSigns(state: TutorState): Line {
  const faults = state.view?.faults.length ?? 0;
  const speed = state.clock?.speed ?? 1;
  return line(
    state.engine.name === 'recording' ? span('RECORDED  ', 'bar-warning') : '',
    faults > 0 ? span(`✘ ${faults === 1 ? '1 fault' : `${faults} faults`}  `, 'down') : '',
    onJourney(state.work) ? span('▶▶ the lab is on its way  ', 'accent') : '',
    state.clock?.mode === 'paused' ? span('‖ lab paused  ', 'pending') : '',
    state.clock?.mode === 'running' && speed !== 1 ? span(`▶ ${speedText(speed)}  `, 'accent') : '',
  );
}
