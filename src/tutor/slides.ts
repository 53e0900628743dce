import type { Block, Course, Lesson, Step } from '../course/lesson.ts';
import { derived } from '../values/derived.ts';
import { isLive } from './live-blocks.ts';

/** One screen of a lesson on stage: one idea. Where it is cut never depends on the size of a screen. */
export type Slide = {
  /** Index into the lesson's steps; the opening slide stands before step 0 and counts to it. */
  readonly step: number;
  readonly opening: boolean;
  /** Of the step (of the lesson on its opening slide). */
  readonly title: string;
  /** Counted from 1 among the slides of the step. */
  readonly part: number;
  readonly parts: number;
  readonly content: readonly SlideContent[];
};

export type SlideContent =
  | { readonly type: 'prose'; readonly markdown: string }
  /** Index into the step's blocks: a live block or a check. */
  | { readonly type: 'block'; readonly block: number };

/** The slides of a lesson, in order; at least the opening one. */
export const slidesOf = derived((lesson: Lesson): readonly Slide[] => [
  openingSlide(lesson),
  ...lesson.steps.flatMap(stepSlides),
]);

/** Index of the first slide of a step. */
export function firstSlideOf(lesson: Lesson, step: number): number {
  const at = slidesOf(lesson).findIndex(slide => !slide.opening && slide.step === step);
  return Math.max(0, at);
}

/** Planned minutes of a step on stage, 0 where its notes name none. */
export function plannedMinutes(step: Step): number {
  return step.blocks.reduce((sum, block) => sum + (block.type === 'notes' ? (block.minutes ?? 0) : 0), 0);
}

/** Planned milliseconds from the beginning of one step to the beginning of another, in the order of the course. */
export function plannedBetween(
  course: Course,
  from: { readonly lesson: string; readonly step: number },
  to: { readonly lesson: string; readonly step: number },
): number {
  const steps = course.lessons.flatMap(lesson =>
    lesson.steps.map((step, index) => ({ lesson: lesson.id, index, minutes: plannedMinutes(step) })),
  );
  const at = (place: { readonly lesson: string; readonly step: number }) =>
    steps.findIndex(step => step.lesson === place.lesson && step.index === place.step);
  const [first, last] = [at(from), at(to)];
  if (first < 0 || last < 0) return 0;
  const between = steps.slice(Math.min(first, last), Math.max(first, last));
  const minutes = between.reduce((sum, step) => sum + step.minutes, 0);
  return Math.sign(last - first) * minutes * 60_000;
}

/** Rows of text at 60 columns that a slide holds at most, unless one piece alone is longer. */
const most = 12;
const columns = 60;

function openingSlide(lesson: Lesson): Slide {
  const prose = lesson.introduction.flatMap(block =>
    block.type === 'prose' ? paragraphsOf(block.markdown) : [],
  );
  const content: SlideContent[] = [];
  let rows = 0;
  for (const markdown of prose) {
    rows += rowsOf(markdown);
    if (rows > most && content.length > 0) break;
    content.push({ type: 'prose', markdown });
  }
  return { step: 0, opening: true, title: lesson.title, part: 1, parts: 1, content };
}

function stepSlides(step: Step, index: number): Slide[] {
  const pages = pagesOf(step);
  return pages.map((content, at) => ({
    step: index,
    opening: false,
    title: step.title,
    part: at + 1,
    parts: pages.length,
    content,
  }));
}

/** Text is gathered until a page is full; something to do ends its page, and the check stands with the last thing to do. */
function pagesOf(step: Step): SlideContent[][] {
  const pages: SlideContent[][] = [];
  let page: SlideContent[] = [];
  let rows = 0;
  const turn = () => {
    if (page.length > 0) pages.push(page);
    page = [];
    rows = 0;
  };
  const add = (content: SlideContent, height: number) => {
    if (rows + height > most) turn();
    page.push(content);
    rows += height;
  };
  for (const [at, block] of step.blocks.entries()) {
    if (block.type === 'prose') {
      for (const markdown of paragraphsOf(block.markdown)) add({ type: 'prose', markdown }, rowsOf(markdown));
    } else if (isLive(block)) {
      add({ type: 'block', block: at }, blockRows(block));
      const next = step.blocks.slice(at + 1).find(later => later.type === 'check' || isLive(later));
      if (next?.type !== 'check') turn();
    } else if (block.type === 'check') {
      add({ type: 'block', block: at }, blockRows(block));
    }
  }
  turn();
  return pages.length === 0 ? [[]] : pages;
}

function blockRows(block: Block): number {
  switch (block.type) {
    case 'predict':
      return 3 + (block.answer.kind === 'choice' ? block.answer.choices.length : 1);
    case 'check':
      return Math.ceil(1 + block.items.length * 1.5);
    case 'run':
      return 5;
    default:
      return 3;
  }
}

/** Paragraphs, lists, tables and examples; a fence is never cut. */
function paragraphsOf(markdown: string): string[] {
  const paragraphs: string[] = [];
  let open: string[] = [];
  let fenced = false;
  for (const text of [...markdown.split('\n'), '']) {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    if (text.trim() === '' && !fenced) {
      if (open.length > 0) paragraphs.push(open.join('\n'));
      open = [];
    } else open.push(text);
  }
  if (open.length > 0) paragraphs.push(open.join('\n'));
  // A comment of the author is not for the room, nor is a heading that only repeats the title.
  return paragraphs.filter(text => !/^<!--[\s\S]*-->$/.test(text.trim()));
}

/** A paragraph flows; lists, tables and examples keep their lines. The blank line after it counts. */
function rowsOf(markdown: string): number {
  const lines = markdown.split('\n');
  const keepsLines = /^\s*(```|~~~|\||[-*+] |\d+[.)] |>)/.test(markdown);
  const height = (text: string) => Math.max(1, Math.ceil(text.length / columns));
  return 1 + (keepsLines ? lines.reduce((sum, text) => sum + height(text), 0) : height(lines.join(' ')));
}
