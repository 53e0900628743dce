import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labOfTheTalk } from '../test-support/lab-of-the-talk.ts';
import { faultKinds } from './fault-text.ts';
import { paneNames } from './lesson.ts';
import { liveBlockNames } from './live-block.ts';
import { parseLesson } from './parse-lesson.ts';
import { measurementFields, probeFields } from './probe-fields.ts';
import { vocabularyOf } from './vocabulary.ts';

const guide = readFileSync(new URL('../../docs/writing-lessons.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/^````markdown\n([\s\S]*?)^````$/gm)].map(match => match[1] ?? '');

describe('the guide to writing lessons', () => {
  it.each(examples.map((text, index) => [index + 1, text] as const))('example %i is a lesson', (_, text) => {
    const whole = text.startsWith('---') ? text : `---\nid: 42-a\ntitle: A\nminutes: 1\n---\n${text}`;
    const parsed = parseLesson(whole, 'lessons/42-a/lesson.md', vocabularyOf(labOfTheTalk));
    expect('errors' in parsed ? parsed.errors : []).toEqual([]);
  });

  it.each([
    ...liveBlockNames,
    ...paneNames,
    ...faultKinds,
    ...Object.keys(probeFields),
    ...Object.keys(measurementFields),
  ])('mentions %s', name => {
    expect(guide).toMatch(new RegExp(`(\`|\n|- |measure: )${name}\\b`));
  });

  it('names every field of every probe and measurement in its row', () => {
    for (const [name, fields] of [...Object.entries(probeFields), ...Object.entries(measurementFields)]) {
      const row = guide.split('\n').find(line => line.startsWith('|') && line.includes(`\`${name}\``)) ?? '';
      const missing = Object.keys(fields).filter(field => !row.includes(`\`${field}\``));
      expect([name, missing]).toEqual([name, []]);
    }
  });
});
