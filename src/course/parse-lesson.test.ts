import { describe, expect, it } from 'vitest';
import { formatFileError } from '../lab/lab-error.ts';
import { blocksOf, type Lesson, solutionOf, startOf } from './lesson.ts';
import { parseLesson } from './parse-lesson.ts';
import type { Vocabulary } from './vocabulary.ts';

/*
 *   SPINE            LEAF has two links to TWIN: a link between these two has to be named by its ends
 *     |
 *   LEAF ==== TWIN   worker
 */
const vocabulary: Vocabulary = {
  switches: ['LEAF', 'SPINE', 'TWIN'],
  nodes: ['LEAF', 'SPINE', 'TWIN', 'worker'],
  instances: new Map([
    ['LEAF', ['default', 'tenant']],
    ['SPINE', ['default']],
    ['TWIN', ['default']],
  ]),
  links: ['LEAF:e1-1 SPINE:e1-1', 'LEAF:e1-2 TWIN:e1-1', 'LEAF:e1-3 TWIN:e1-2'],
  clusters: ['datacenter', 'client'],
  stages: ['network', 'fabric'],
};

const frontMatter = '---\nid: 01-fabric\ntitle: A fabric\nminutes: 5\nstages: [network]\n---\n';

describe('a lesson that is right', () => {
  it('has what its front matter says, an introduction, and a step for each second-level heading', () => {
    const lesson = read('# A fabric\n\nWelcome.\n\n## First things\n\nLook.\n\n## Second\n\nLook again.\n');

    expect(lesson).toMatchObject({ id: '01-fabric', title: 'A fabric', minutes: 5, stages: ['network'] });
    expect(lesson.introduction).toEqual([{ type: 'prose', markdown: 'Welcome.', line: 9 }]);
    expect(lesson.steps).toEqual([
      {
        id: 'first-things',
        title: 'First things',
        line: 11,
        blocks: [{ type: 'prose', markdown: 'Look.', line: 13 }],
      },
      {
        id: 'second',
        title: 'Second',
        line: 15,
        blocks: [{ type: 'prose', markdown: 'Look again.', line: 17 }],
      },
    ]);
    expect(startOf(lesson)).toBe('network');
  });

  it('starts with nothing built when it names no stage', () => {
    expect(startOf(read('## A\n\nb\n', '---\nid: 00-a\ntitle: A\nminutes: 1\n---\n'))).toBe('empty');
  });

  it('has one run block for each command, with the options of the fence', () => {
    expect(
      blocks('```run cluster=client on=worker\nkubectl get pods\nkubectl get \\\n  services\n```'),
    ).toEqual([
      { type: 'run', line: 10, commandLine: 'kubectl get pods', cluster: 'client', on: 'worker' },
      { type: 'run', line: 11, commandLine: 'kubectl get services', cluster: 'client', on: 'worker' },
    ]);
  });

  it('knows commands whose point is that they fail', () => {
    expect(blocks('```run on=worker expect=failure\nping 1.1.1.1\n```')).toEqual([
      { type: 'run', line: 10, commandLine: 'ping 1.1.1.1', on: 'worker', failing: true },
    ]);
  });

  it('reads stages, faults and what heals them', () => {
    expect(
      blocks(
        '```stage\nfabric\n```\n```break\nlink-cut SPINE LEAF\n```\n```heal\nlink-cut LEAF SPINE\n```\n```heal\nall\n```',
      ),
    ).toEqual([
      { type: 'stage', line: 10, stage: 'fabric' },
      { type: 'break', line: 13, fault: { kind: 'link-cut', link: 'LEAF:e1-1 SPINE:e1-1' } },
      { type: 'heal', line: 16, fault: 'link-cut LEAF:e1-1 SPINE:e1-1' },
      { type: 'heal', line: 19, fault: 'all' },
    ]);
  });

  it('turns the direction of a silent loss when the link is named from its other end', () => {
    expect(blocks('```break\nsilent-loss SPINE LEAF a-to-b\n```')).toMatchObject([
      { fault: { kind: 'silent-loss', link: 'LEAF:e1-1 SPINE:e1-1', direction: 'b-to-a' } },
    ]);
  });

  it('keeps ordinary code blocks, lists and tables as prose', () => {
    const text = 'Like this:\n\n```yaml\na: 1\n```\n\n- one\n- two';
    expect(blocks(text)).toEqual([{ type: 'prose', markdown: text, line: 9 }]);
  });

  it('numbers the hints of a step, and its predictions over the whole course', () => {
    const step = read(
      '## One\n\n```hint\nLook.\n```\n\n```hint\nLook *there*.\n```\n\n```predict\nquestion: How many?\nkind: number\nanswer-from: {measure: sessions, node: LEAF}\n```\n',
    ).steps[0];
    if (step === undefined) throw new Error('no step');

    expect(blocksOf(step, 'hint').map(hint => [hint.level, hint.markdown])).toEqual([
      [1, 'Look.'],
      [2, 'Look *there*.'],
    ]);
    expect(blocksOf(step, 'predict')).toMatchObject([
      {
        id: '01-fabric/one/1',
        question: 'How many?',
        answer: { kind: 'number', unit: 'sessions', measurement: { measure: 'sessions', node: 'LEAF' } },
      },
    ]);
  });

  it('reads choices as ranges of a measured number, or as probes', () => {
    const text = `\`\`\`predict
question: How soon?
kind: choice
answer-from: {measure: detection}
choices:
  - {text: at once, to: 50}
  - {text: later, from: 51}
  - text: never
    when: {fault.none: }
\`\`\``;
    expect(blocks(text)).toMatchObject([
      {
        answer: {
          kind: 'choice',
          measurement: { measure: 'detection' },
          choices: [
            { text: 'at once', when: { type: 'range', to: 50 } },
            { text: 'later', when: { type: 'range', from: 51 } },
            { text: 'never', when: { type: 'probe', probe: { probe: 'fault.none' } } },
          ],
        },
      },
    ]);
  });

  it('reads a check with its time, probes and their hints', () => {
    const text = `\`\`\`check within=2m
- bgp.session: {node: LEAF, peer: SPINE, count: 1}
  hint: Wait.
- rib.route: {node: LEAF, instance: tenant, prefix: 10.0.0.0/24, absent: true}
- flow.spread: {client: 10.1.4.20, address: 10.9.9.9, port: 80, over: LEAF tenant, members: 2, least: 0.4}
\`\`\``;
    expect(blocks(text)).toEqual([
      {
        type: 'check',
        line: 9,
        within: 120_000,
        items: [
          { probe: { probe: 'bgp.session', node: 'LEAF', peer: 'SPINE', count: 1 }, hint: 'Wait.' },
          {
            probe: {
              probe: 'rib.route',
              node: 'LEAF',
              instance: 'tenant',
              prefix: '10.0.0.0/24',
              absent: true,
            },
          },
          {
            probe: {
              probe: 'flow.spread',
              client: '10.1.4.20',
              address: '10.9.9.9',
              port: 80,
              over: { node: 'LEAF', instance: 'tenant' },
              members: 2,
              least: 0.4,
            },
          },
        ],
      },
    ]);
  });

  it('reads the panes to watch and what to look at in them', () => {
    expect(blocks('```watch\ntopology\nroutes LEAF tenant 10.0.0.0/24\ncluster datacenter\n```')).toEqual([
      {
        type: 'watch',
        line: 9,
        panes: [
          { pane: 'topology' },
          { pane: 'routes', node: 'LEAF', instance: 'tenant', prefix: '10.0.0.0/24' },
          { pane: 'cluster', node: 'datacenter' },
        ],
      },
    ]);
  });

  it('has the commands and faults of its text as solution, unless one is written down', () => {
    const derived = read('## A\n\n```stage\nfabric\n```\n```run on=worker\nip route\n```\n').steps[0];
    const written = read(
      '## A\n\n```run\nls\n```\n```solution\n$ pwd\ncluster=client $ kubectl get pods\nbreak node-stopped LEAF\nheal all\ntraffic on 20\ntraffic off\nstage fabric\n```\n',
    ).steps[0];

    expect(derived && solutionOf(derived)).toEqual([
      { verb: 'stage', stage: 'fabric' },
      { verb: 'run', commandLine: 'ip route', on: 'worker' },
    ]);
    expect(written && solutionOf(written)).toEqual([
      { verb: 'run', commandLine: 'pwd' },
      { verb: 'run', commandLine: 'kubectl get pods', cluster: 'client' },
      { verb: 'break', fault: { kind: 'node-stopped', node: 'LEAF' } },
      { verb: 'heal', fault: 'all' },
      { verb: 'traffic', on: true, ratePerClient: 20 },
      { verb: 'traffic', on: false },
      { verb: 'stage', stage: 'fabric' },
    ]);
  });

  it('is the same with line ends of Windows and with a byte order mark', () => {
    const text = `${frontMatter}## A\n\n\`\`\`run\nls\n\`\`\`\n`;
    const windows = parseLesson(
      `\uFEFF${text.replaceAll('\n', '\r\n')}`,
      'lessons/01-fabric/lesson.md',
      vocabulary,
    );
    expect(windows).toEqual(parseLesson(text, 'lessons/01-fabric/lesson.md', vocabulary));
  });
});

describe('a mistake is shown with its place and what was expected', () => {
  const cases: [what: string, body: string, shown: string][] = [
    ['an unknown block', '```chek\n- a\n```', '9:4 unknown block "chek"; did you mean "check"?'],
    [
      'an option that the block does not have',
      '```stage on=LEAF\nfabric\n```',
      '9:4 the block stage has no option "on=LEAF"; no options',
    ],
    [
      'an expectation that does not exist',
      '```run expect=luck\nls\n```',
      '9:1 "luck" cannot be expected; expect=failure',
    ],
    ['an unknown stage', '```stage\nfabrik\n```', '10:1 there is no stage "fabrik"; did you mean "fabric"?'],
    [
      'an unknown cluster',
      '```run cluster=dc\nls\n```',
      '9:1 there is no cluster "dc"; one of datacenter, client',
    ],
    [
      'an unknown pane',
      '```watch\ntopologie\n```',
      '10:1 unknown pane "topologie"; did you mean "topology"?',
    ],
    [
      'an unknown instance in a pane',
      '```watch\nroutes SPINE tenant\n```',
      '10:1 the pane routes cannot show "tenant"; one of default',
    ],
    [
      'an unknown probe',
      '```check\n- bgp.sesion: {node: LEAF}\n```',
      '10:3 unknown probe "bgp.sesion"; did you mean "bgp.session"?',
    ],
    [
      'an unknown node in a probe',
      '```check\n- bgp.session: {node: LEEF}\n```',
      '10:23 there is no switch "LEEF"; did you mean "LEAF"?',
    ],
    [
      'an unknown field in a probe',
      '```check\n- bgp.session: {node: LEAF, pear: SPINE}\n```',
      '10:29 the probe bgp.session has no field "pear"; did you mean "peer"?',
    ],
    [
      'a missing field in a probe',
      '```check\n- rib.route: {node: LEAF, instance: tenant}\n```',
      '10:14 the probe rib.route needs the field "prefix"',
    ],
    [
      'an instance that the switch does not have',
      '```check\n- rib.route: {node: SPINE, instance: tenant, prefix: 10.0.0.0/8}\n```',
      '10:38 SPINE has no network-instance "tenant"; one of default',
    ],
    [
      'a prefix with host bits',
      '```check\n- rib.route: {node: LEAF, instance: tenant, prefix: 10.0.0.1/8}\n```',
      '10:53 "10.0.0.1/8" is not a prefix; 10.254.254.240/32',
    ],
    [
      'an unknown state',
      '```check\n- link.state: {link: LEAF SPINE, state: broken}\n```',
      '10:41 "broken" is not possible here; one of absent, up, down, silent',
    ],
    [
      'a time without unit',
      '```check within=30\n- fault.none:\n```',
      '9:4 "30" is not a duration; within=30s',
    ],
    [
      'two probes in one item',
      '```check\n- fault.none:\n  traffic.running:\n```',
      '11:3 "traffic.running" stands beside the probe fault.none; one probe in each item, and beside it hint',
    ],
    [
      'a link that is not there',
      '```break\nlink-cut SPINE TWIN\n```',
      '10:1 there is no link between SPINE and TWIN; a link of SPINE: "LEAF:e1-1 SPINE:e1-1"',
    ],
    [
      'a link of which there are two',
      '```break\nlink-cut LEAF TWIN\n```',
      '10:1 there are 2 links between LEAF and TWIN; one of "LEAF:e1-2 TWIN:e1-1", "LEAF:e1-3 TWIN:e1-2"',
    ],
    [
      'an unknown fault',
      '```break\nlink-cutt LEAF SPINE\n```',
      '10:1 unknown fault "link-cutt"; did you mean "link-cut"?',
    ],
    [
      'a solution line of no kind',
      '```solution\nkubectl get pods\n```',
      '10:1 "kubectl get pods" is not understood; $ <command>, stage, break, heal or traffic',
    ],
    [
      'a prediction that nothing answers',
      '```predict\nquestion: How?\nkind: number\n```',
      '10:1 nothing says where the answer comes from; answer-from: {measure: …}',
    ],
    [
      'a choice that is never right',
      '```predict\nquestion: How?\nkind: choice\nchoices: [{text: so}, {text: or so}]\n```',
      '12:11 nothing says when "so" is right; when: with a probe',
    ],
    [
      'an unknown measurement',
      '```predict\nquestion: How?\nkind: number\nanswer-from: {measure: detektion}\n```',
      '12:24 unknown measurement "detektion"; did you mean "detection"?',
    ],
    [
      'broken YAML',
      '```check\n- bgp.session: {node: LEAF\n```',
      '10:27 Flow map in block collection must be sufficiently indented and end with a }',
    ],
    ['an empty hint', '```hint\n\n```', '9:1 this hint block is empty'],
    ['a block that is never closed', '```run\nls\n', '9:1 this block is never closed; ```'],
    [
      'minutes that are no number',
      '```notes minutes=few\nHi\n```',
      '9:4 "few" is not a number of minutes; minutes=3',
    ],
  ];

  it.each(cases)('%s', (_, body, shown) => {
    expect(mistakes(`${frontMatter}## A\n\n${body}\n`)).toEqual([shown]);
  });

  it('every mistake of a lesson is told at once, in order of lines', () => {
    expect(
      mistakes(`${frontMatter}## A\n\n\`\`\`stage\nx\n\`\`\`\n\n## A\n\n\`\`\`watch\nfoo\n\`\`\`\n`),
    ).toEqual([
      '10:1 there is no stage "x"; one of network, fabric',
      '13:4 a step of this title begins in line 7 already',
      '16:1 unknown pane "foo"; one of topology, sessions, routes, evpn, forwarding, ecmp, cluster, traffic, timeline, packets, build, shell',
    ]);
  });

  it('front matter: missing, not closed, incomplete, with unknown keys', () => {
    expect(mistakes('## A\n')[0]).toContain('1:1 a lesson begins with front matter');
    expect(mistakes('---\nid: a\n## A\n')[0]).toContain('1:1 a lesson begins with front matter');
    expect(mistakes('---\nid: 01-a\nminutes: soon\ntitel: A\n---\n## A\n\nb\n')).toEqual([
      "2:1 the lesson's title is missing",
      '4:1 a lesson has no field "titel"; did you mean "title"?',
    ]);
    expect(mistakes('---\nid: Fabric 1\ntitle: A\nminutes: 1\n---\n## A\n\nb\n')).toEqual([
      '2:5 "Fabric 1" cannot be an id; lower case words and hyphens, as 05-service',
    ]);
  });

  it('a file that is no lesson at all', () => {
    expect(mistakes('\0\x01\x02')[0]).toContain('1:1 this is not a text file');
    expect(mistakes('x'.repeat(10_000_000))[0]).toContain('1:1 the file has 10000000 characters');
    expect(mistakes(`${frontMatter}just text\n`)).toEqual([
      '7:1 the lesson has no step; ## Title of the first step',
    ]);
  });

  it('is printed with an excerpt and a caret', () => {
    const text = `${frontMatter}## A\n\n\`\`\`check\n- bgp.session: {node: LEEF}\n\`\`\`\n`;
    const parsed = parseLesson(text, 'lessons/01-fabric/lesson.md', vocabulary);
    const first = 'errors' in parsed ? parsed.errors[0] : undefined;
    expect(first && formatFileError(first, text)).toBe(
      [
        'lessons/01-fabric/lesson.md:10:23: error: there is no switch "LEEF" [wrong-value]',
        '  10 | - bgp.session: {node: LEEF}',
        '                             ^',
        '  expected: did you mean "LEAF"?',
      ].join('\n'),
    );
  });
});

function read(body: string, head = frontMatter): Lesson {
  const parsed = parseLesson(head + body, 'lessons/01-fabric/lesson.md', vocabulary);
  if ('errors' in parsed) throw new Error(parsed.errors.map(error => error.message).join('\n'));
  return parsed.lesson;
}

function blocks(body: string) {
  return read(`## A\n\n${body}\n`).steps[0]?.blocks;
}

function mistakes(text: string): string[] {
  const parsed = parseLesson(text, 'lessons/01-fabric/lesson.md', vocabulary);
  if (!('errors' in parsed)) return [];
  return parsed.errors.map(
    error =>
      `${error.line}:${error.column} ${error.message}${error.expected === undefined ? '' : `; ${error.expected}`}`,
  );
}
