import { describe, expect, it } from 'vitest';
import { smallCourse } from '../test-support/small-course.ts';
import { firstSlideOf, plannedBetween, slidesOf } from './slides.ts';

const [cable] = smallCourse.lessons;
if (cable === undefined) throw new Error('the small course has lessons');

describe('the slides of a lesson', () => {
  it('begin with the title and go step by step', () => {
    expect(slidesOf(cable).map(slide => `${slide.step} ${slide.title} ${slide.part}/${slide.parts}`)).toEqual(
      ['0 A cable 1/1', '0 Build it 1/1', '1 Say hello 1/1', '2 Cut it 1/2', '2 Cut it 2/2', '3 Mend it 1/1'],
    );
  });

  it('ask the question on one slide and do the deed on the next, with its check', () => {
    const types = slidesOf(cable)
      .slice(3, 5)
      .map(slide =>
        slide.content.map(each =>
          each.type === 'prose' ? 'prose' : cable.steps[slide.step]?.blocks[each.block]?.type,
        ),
      );
    expect(types).toEqual([['predict'], ['break', 'check']]);
  });

  it('hold every live block and check of the lesson exactly once', () => {
    for (const lesson of smallCourse.lessons) {
      for (const [index, step] of lesson.steps.entries()) {
        const shown = slidesOf(lesson)
          .filter(slide => slide.step === index && !slide.opening)
          .flatMap(slide => slide.content.flatMap(each => (each.type === 'block' ? [each.block] : [])));
        const wanted = [...step.blocks.keys()].filter(at =>
          ['run', 'stage', 'predict', 'break', 'heal', 'check'].includes(step.blocks[at]?.type ?? ''),
        );
        expect(shown).toEqual(wanted);
      }
    }
  });

  it('know where a step begins', () => {
    expect([0, 1, 2, 3].map(step => firstSlideOf(cable, step))).toEqual([1, 2, 3, 5]);
  });
});

describe('planned time', () => {
  const first = { ...cable.steps[0], blocks: [{ type: 'notes', line: 1, markdown: '', minutes: 2 }] };
  const lesson = { ...cable, steps: [first, first, first] } as typeof cable;
  const course = { lessons: [lesson, { ...lesson, id: '02' }] };

  it('sums what lies between two steps, also across lessons, and is negative backwards', () => {
    const at = (id: string, step: number) => ({ lesson: id, step });
    expect(plannedBetween(course, at('01-cable', 0), at('01-cable', 2))).toBe(240_000);
    expect(plannedBetween(course, at('01-cable', 1), at('02', 1))).toBe(360_000);
    expect(plannedBetween(course, at('02', 0), at('01-cable', 2))).toBe(-120_000);
  });
});
