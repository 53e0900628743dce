import { describe, expect, it } from 'vitest';
import { parseLesson } from './parse-lesson.ts';
import type { Vocabulary } from './vocabulary.ts';

const written: Vocabulary = {
  switches: ['LEAF-DC-1'],
  nodes: ['LEAF-DC-1'],
  instances: new Map([['LEAF-DC-1', ['default']]]),
  links: [],
  clusters: [],
  stages: ['network', 'fabric'],
};
const scaledOut: Vocabulary = {
  ...written,
  switches: ['LEAF-DC-1', 'LEAF-DC-3'],
  nodes: ['LEAF-DC-1', 'LEAF-DC-3'],
};

describe('the lab of a lesson', () => {
  it('may be the one scaled out; its names are known there', () => {
    const parsed = lesson('lab: scaled-out\n', { ...written, scaledOut });
    expect('lesson' in parsed && parsed.lesson.lab).toBe('scaled-out');
  });

  it('is the one that was written unless the lesson says otherwise; names of the other are mistakes', () => {
    const parsed = lesson('', { ...written, scaledOut });
    expect('errors' in parsed && parsed.errors.map(({ message }) => message)).toEqual([
      'the pane sessions cannot show "LEAF-DC-3"',
    ]);
  });

  it('that has grown already is used as it is', () => {
    expect(lesson('lab: scaled-out\n', scaledOut)).toHaveProperty('lesson');
  });

  it('is none of another name', () => {
    const parsed = lesson('lab: bigger\n', written);
    expect('errors' in parsed && parsed.errors[0]).toMatchObject({
      message: 'there is no lab "bigger"',
      expected: 'lab: scaled-out',
      line: 6,
    });
  });
});

function lesson(frontMatter: string, vocabulary: Vocabulary) {
  const head = `---\nid: 42-x\ntitle: X\nminutes: 5\nstages: [fabric]\n${frontMatter}---\n\n# X\n\n`;
  const text = `${head}## A\n\nLook.\n\n\`\`\`watch\nsessions LEAF-DC-3\n\`\`\`\n`;
  return parseLesson(text, 'lessons/42-x/lesson.md', vocabulary);
}
