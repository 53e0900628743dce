import type { Prediction, Step } from '../../../course/lesson.ts';
import { currentSlide } from '../../../tutor/presenter.ts';
import { stepProgress } from '../../../tutor/progress.ts';
import { slideBlock } from '../../../tutor/slide-block.ts';
import type { Slide, SlideContent } from '../../../tutor/slides.ts';
import { currentLesson, currentStep, noAnswer, type TutorState } from '../../../tutor/state.ts';
import { type BigSize, bigHeight, bigLetters, bigWidth } from '../../cells/big-letters.ts';
import { inputLine } from '../../cells/input-line.ts';
import { blank, type Line, line, lineWidth, span } from '../../cells/line.ts';
import { wrapLine } from '../../cells/wrap.ts';
import { checkLines } from '../../lesson/check-lines.ts';
import { liveBlockLines } from '../../lesson/live-block-lines.ts';
import { markdownLines } from '../../lesson/markdown-lines.ts';
import { predictLines } from '../../lesson/predict-lines.ts';

export type SlideRoom = {
  readonly width: number;
  readonly height: number;
  /** Whether half blocks arrive. */
  readonly unicode: boolean;
};

/** The slide in the middle of its room: title, then its content with more air the more room there is. */
export function slideLines(state: TutorState, room: SlideRoom): Line[] {
  const slide = currentSlide(state);
  const step = currentStep(state);
  if (slide === undefined || step === undefined) return [];
  const width = textWidthOf(room.width);
  const content = contentLines(state, slide, step, width);
  const title = titleLines(state, slide, { ...room, width: room.width - 6 }, content.length);
  const gap = content.length === 0 ? 0 : title.length + content.length + 6 <= room.height ? 2 : 1;
  const all = [...title, ...Array<Line>(gap).fill(blank), ...content];
  const top = Math.max(0, Math.min(Math.floor((room.height - all.length) / 3), 8));
  const widest = Math.max(0, ...title.map(lineWidth), ...content.map(lineWidth));
  const left = Math.max(2, Math.floor((room.width - Math.max(width, widest)) / 2));
  const margin = ' '.repeat(left);
  return [...Array<Line>(top).fill(blank), ...all.map(of => (of.length === 0 ? of : line(margin, of)))];
}

/** Long lines are hard to read from the last row: at most 72 cells, with margins where they can be had. */
function textWidthOf(width: number): number {
  return Math.min(72, width <= 64 ? width - 4 : width - Math.floor(width / 7));
}

/** Big letters on the first slide of a step, where they leave room for the content; else the title with a rule. */
function titleLines(state: TutorState, slide: Slide, room: SlideRoom, content: number): Line[] {
  const number = currentLesson(state)?.id.match(/^\d+/)?.[0];
  const above =
    slide.opening && number !== undefined ? [line(span(`Lesson ${Number(number)}`, 'dim')), blank] : [];
  const big =
    slide.part === 1 && room.unicode ? bigTitle(slide.title, room, above.length + content) : undefined;
  if (big !== undefined) return [...above, ...big];
  const part = slide.parts > 1 && slide.part > 1 ? span(`  ${slide.part}/${slide.parts}`, 'dim') : '';
  const text = wrapLine(line(span(slide.title, 'title'), part), textWidthOf(room.width));
  const wide = Math.max(...text.map(lineWidth));
  return [...above, ...text, [span('━'.repeat(Math.min(wide, room.width)), 'accent')]];
}

/** A title in the largest letters that leave room for `others` rows and some air. */
function bigTitle(title: string, room: SlideRoom, others: number): Line[] | undefined {
  for (const size of ['huge', 'big'] as const) {
    const rows = bigRows(title, room.width, size);
    const letters = rows.flatMap(row => bigLetters(row, 'title', size) ?? []);
    const height = rows.length * (bigHeight[size] + 1) + 1;
    // Huge letters are for screens with room to spare.
    const most = size === 'huge' ? Math.floor(room.height * 0.8) : room.height - 1;
    if (rows.length === 0 || height + others > most) continue;
    return letters.flatMap((of, at) => (at > 0 && at % bigHeight[size] === 0 ? [blank, of] : [of]));
  }
  return undefined;
}

/** The words of a title on as few lines as it takes; none where a word is too wide or has no big form. */
function bigRows(title: string, width: number, size: BigSize): string[] {
  const rows: string[] = [];
  for (const word of title.split(' ')) {
    const last = rows.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    const wide = bigWidth(longer, size);
    if (wide === undefined || (bigWidth(word, size) ?? width + 1) > width) return [];
    if (last !== undefined && wide <= width) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows.length > (size === 'huge' ? 2 : 3) ? [] : rows;
}

function contentLines(state: TutorState, slide: Slide, step: Step, width: number): Line[] {
  const lines: Line[] = [];
  for (const content of slide.content) {
    const of = linesOf(state, step, content, width);
    if (of.length === 0) continue;
    if (lines.length > 0) lines.push(blank);
    lines.push(...of);
  }
  return lines;
}

function linesOf(state: TutorState, step: Step, content: SlideContent, width: number): Line[] {
  if (content.type === 'prose') return markdownLines(content.markdown, width);
  const block = step.blocks[content.block];
  if (block === undefined || state.lesson === undefined) return [];
  // On stage the block in question is the slide's own, whatever a learner would have to do first.
  const current = slideBlock(state);
  const { current: _, ...lesson } = state.lesson;
  const onSlide: TutorState = {
    ...state,
    lesson: current === undefined ? lesson : { ...lesson, current },
  };
  switch (block.type) {
    case 'run':
    case 'stage':
    case 'break':
    case 'heal':
      return liveBlockLines(onSlide, step, block, content.block, { width, beside: false, onStage: true });
    case 'predict':
      return questionLines(state, step, block, content.block, width);
    case 'check':
      return checkLines(state, block, width);
    default:
      return [];
  }
}

/** A question for the room; the presenter's answer and what was measured once there are any. */
function questionLines(
  state: TutorState,
  step: Step,
  prediction: Prediction,
  index: number,
  width: number,
): Line[] {
  const { lesson, ...rest } = state;
  const answered = stepProgress(state.progress, lesson?.id ?? '', step.id).predictions[prediction.id];
  if (answered !== undefined) return predictLines(state, step, prediction, index, width);
  const { current: _, ...undecided } = lesson ?? { id: '', step: 0, scroll: 0, answer: noAnswer, before: {} };
  const question = predictLines({ ...rest, lesson: undecided }, step, prediction, index, width);
  const given = slideBlock(state) === index ? lesson?.answer : undefined;
  if (prediction.answer.kind === 'number') {
    if (given === undefined) return question;
    const { unit } = prediction.answer;
    const field = inputLine(given.input, { prompt: '= ', width: 14, hint: 'your guess?' });
    return [...question, line('  ', field, span(` ${unit}`, 'dim'))];
  }
  const pointed = given?.choice;
  const choices = prediction.answer.choices.flatMap((choice, at) =>
    wrapLine(line(span(choice.text, at === pointed ? 'chosen' : 'plain')), width - 5).map((of, row) =>
      line('  ', row > 0 ? '  ' : span(at === pointed ? '● ' : '○ ', at === pointed ? 'chosen' : 'dim'), of),
    ),
  );
  return [...question, ...choices];
}
