import { describe, expect, it } from 'vitest';
import { type CourseSurroundings, checkCourse } from './check-course.ts';
import { parseCourse } from './parse-course.ts';
import type { Vocabulary } from './vocabulary.ts';

const vocabulary: Vocabulary = {
  switches: ['LEAF'],
  nodes: ['LEAF'],
  instances: new Map([['LEAF', ['default']]]),
  links: [],
  clusters: ['datacenter'],
  stages: ['fabric'],
};

const surroundings: CourseSurroundings = {
  fileExists: path => ['topo.yml', 'lessons/01-one/lesson.md'].includes(path),
  misunderstood: ({ commandLine }) => (commandLine.startsWith('kubectl') ? undefined : 'no such command'),
  linesTooMany: (_, step) => (step.title === 'Long' ? 3 : 0),
};

const goodStep = `## Deploy

See [the topology](../../topo.yml) and [the web](https://example.org).

\`\`\`stage
fabric
\`\`\`

\`\`\`check
- stage.done: {stage: fabric}
  hint: Build it.
\`\`\`

\`\`\`hint
Press Enter.
\`\`\`
`;

describe('what is wrong with a course', () => {
  it('nothing, when it is right', () => {
    expect(check({ 'lessons/01-one/lesson.md': lesson('01-one', goodStep) })).toEqual([]);
  });

  it('two lessons with one id', () => {
    const files = {
      'lessons/01-one/lesson.md': lesson('01-one', goodStep),
      'lessons/02-two/lesson.md': lesson('01-one', goodStep),
    };
    expect(check(files)).toEqual([
      'lessons/02-two/lesson.md:2 repeated-id: the id "01-one" is used by lessons/01-one/lesson.md too',
      'lessons/02-two/lesson.md:2 id-and-folder: the id "01-one" is not the folder\'s name',
    ]);
  });

  it('an id without a place in the order', () => {
    expect(check({ 'lessons/one/lesson.md': lesson('one', goodStep) })).toEqual([
      'lessons/one/lesson.md:2 order: the id "one" does not say where the lesson comes',
    ]);
  });

  const broken: [string, string, string][] = [
    [
      'a live block before the first step',
      '```stage\nfabric\n```\n\n## A\n\ntext\n',
      '8 block-outside-step: a stage block stands before the first step',
    ],
    ['a step that shows nothing', '## A\n\n```notes\nHi.\n```\n', '7 empty-step: the step "A" shows nothing'],
    [
      'a check that nothing makes hold',
      '## A\n\n```check\n- fault.none:\n  hint: Heal.\n```\n\n```hint\nHeal.\n```\n',
      '9 no-solution: nothing in this step makes its check hold',
    ],
    [
      'two checks',
      goodStep.replace('```hint', '```check\n- fault.none:\n  hint: Heal.\n```\n\n```hint'),
      '20 two-checks: a step has one check',
    ],
    [
      'a probe without hint',
      goodStep.replace('  hint: Build it.\n', ''),
      '15 no-hint: the probe stage.done has no hint',
    ],
    [
      'a check without hints',
      goodStep.replace(/```hint[\s\S]*$/, ''),
      '15 no-hint: a step with a check has a hint block',
    ],
    [
      'a prediction after the fact',
      '## A\n\n```stage\nfabric\n```\n\n```predict\nquestion: How many?\nkind: number\nanswer-from: {measure: sessions}\n```\n',
      '13 late-prediction: a prediction comes before what it is about',
    ],
    [
      'a command that the embedded lab does not know',
      '## A\n\n```run\nkubectl get pods\nfrobnicate\n```\n',
      '11 unknown-command: the embedded lab does not understand "frobnicate": no such command',
    ],
    [
      'such a command in a solution',
      '## A\n\ntext\n\n```solution\n$ frobnicate\n```\n',
      '11 unknown-command: the embedded lab does not understand "frobnicate": no such command',
    ],
    [
      'a link that leads nowhere',
      '## A\n\nSee\n[this](../02-two/lesson.md).\n',
      '10 dead-link: the link to ../02-two/lesson.md leads nowhere',
    ],
    [
      'a link out of the repository',
      '## A\n\n[this](../../../secret)\n',
      '9 dead-link: the link to ../../../secret leads nowhere',
    ],
    [
      'a step that does not fit the smallest screen',
      '## Long\n\ntext\n',
      '7 too-long: the step "Long" needs 3 lines more than an 80×24 screen has',
    ],
  ];

  it.each(broken)('%s', (_, body, shown) => {
    expect(check({ 'lessons/01-one/lesson.md': lesson('01-one', body) })).toEqual([
      `lessons/01-one/lesson.md:${shown}`,
    ]);
  });

  it('lessons that cannot be read do not hide the others', () => {
    const files = [
      { file: 'lessons/01-one/lesson.md', text: 'nonsense' },
      { file: 'lessons/02-two/lesson.md', text: lesson('02-two', goodStep) },
    ];
    const { course, errors } = parseCourse(files, vocabulary);
    expect(course.lessons.map(({ id }) => id)).toEqual(['02-two']);
    expect(errors.map(({ file, code }) => [file, code])).toEqual([
      ['lessons/01-one/lesson.md', 'front-matter'],
    ]);
  });
});

function lesson(id: string, body: string): string {
  return `---\nid: ${id}\ntitle: One\nminutes: 5\n---\n\n${body}`;
}

function check(files: Record<string, string>): string[] {
  const parsed = parseCourse(
    Object.entries(files).map(([file, text]) => ({ file, text })),
    vocabulary,
  );
  expect(parsed.errors).toEqual([]);
  return checkCourse(parsed.course, surroundings).map(
    error => `${error.file}:${error.line} ${error.code}: ${error.message}`,
  );
}
