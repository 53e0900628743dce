import type { Block, Lesson, Step } from '../../course/lesson.ts';
import { actionsLeft } from '../../tutor/actions-left.ts';
import { isPassed } from '../../tutor/live-blocks.ts';
import { stepProgress } from '../../tutor/progress.ts';
import { currentLesson, currentStep, type TutorState } from '../../tutor/state.ts';
import { flowEntries } from '../cells/flow-entries.ts';
import { blank, type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { checkLines } from './check-lines.ts';
import { liveBlockLines } from './live-block-lines.ts';
import { markdownLines } from './markdown-lines.ts';
import { predictLines } from './predict-lines.ts';

/** The step as the learner reads it. */
export type LessonText = {
  readonly lines: readonly Line[];
  /** Lines [from, to) of what Enter acts on now, to be kept in sight. */
  readonly current?: { readonly from: number; readonly to: number };
};

/** `beside`: panes are in sight next to the text. */
export function lessonText(state: TutorState, width: number, beside = false): LessonText {
  const lesson = currentLesson(state);
  const step = currentStep(state);
  if (lesson === undefined || step === undefined) return { lines: [] };
  const lines: Line[] = [];
  let current: LessonText['current'];
  const add = (of: readonly Line[]) => {
    if (of.length === 0) return;
    if (lines.length > 0) lines.push(blank);
    lines.push(...of);
  };
  if (state.lesson?.step === 0) add(introductionLines(lesson, width));
  add(wrapLine(line(span(step.title, 'title')), width));
  for (const [index, block] of step.blocks.entries()) {
    const of = blockLines(state, lesson, step, block, index, { width, beside });
    if (of.length === 0) continue;
    add(of);
    if (index === state.lesson?.current) current = { from: lines.length - of.length, to: lines.length };
  }
  add(endLines(state, lesson, step, width));
  return { lines, ...(current !== undefined && { current }) };
}

function introductionLines(lesson: Lesson, width: number): Line[] {
  const all: Line[] = [];
  for (const block of lesson.introduction) {
    if (block.type !== 'prose') continue;
    if (all.length > 0) all.push(blank);
    all.push(...markdownLines(block.markdown, width));
  }
  return all;
}

function blockLines(
  state: TutorState,
  lesson: Lesson,
  step: Step,
  block: Block,
  index: number,
  room: { readonly width: number; readonly beside: boolean },
): Line[] {
  const { width } = room;
  switch (block.type) {
    case 'prose':
      return markdownLines(block.markdown, width);
    case 'run':
    case 'stage':
    case 'break':
    case 'heal':
      return liveBlockLines(state, step, block, index, room);
    case 'predict':
      return predictLines(state, step, block, index, width);
    case 'check':
      return checkLines(state, block, width);
    case 'hint': {
      const { hints } = stepProgress(state.progress, lesson.id, step.id);
      if (block.level > hints) return [];
      return markdownLines(block.markdown, width - 2).map((of, row) =>
        line(span(row === 0 ? '? ' : '  ', 'accent'), of),
      );
    }
    case 'watch':
    case 'solution':
    case 'notes':
      return [];
  }
}

/** What to do when there is nothing to do: go on, or ask for a hint. */
function endLines(state: TutorState, lesson: Lesson, step: Step, width: number): Line[] {
  const last = (state.lesson?.step ?? 0) >= lesson.steps.length - 1;
  if (isPassed(state)) {
    const { outcome } = stepProgress(state.progress, lesson.id, step.id);
    const did = outcome === 'skipped' ? line(span('✔ skipped', 'dim')) : line(span('✔ done', 'up'));
    const on = line(span('→', 'key'), ' ', last ? 'ends the lesson' : 'next step');
    return flowEntries([did, on], width, line('   '));
  }
  const hints = step.blocks.filter(block => block.type === 'hint').length;
  const { hints: opened } = stepProgress(state.progress, lesson.id, step.id);
  const hint =
    opened < hints ? line(span('h', 'key'), ' hint', hints > 1 ? ` ${opened + 1} of ${hints}` : '') : line();
  const solve = actionsLeft(state, step).length > 0 ? line(span('s', 'key'), ' do it for me') : line();
  return flowEntries([hint, solve, line(span('K', 'key'), ' skip')], width, line('   '));
}
