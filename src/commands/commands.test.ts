import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { copiedLab, emptyFolder, program, repository } from '../test-support/program.ts';
import { smallCourseFiles } from '../test-support/small-course.ts';
import { commands } from './command-table.ts';
import { parseArguments } from './parse-arguments.ts';

it('options stand before or after the verb, with their value beside or behind an equals sign', () => {
  const ways = [
    ['-c', 'lab.yml', 'play', '--report', 'json', '5'],
    ['play', '5', '-clab.yml', '--report=json'],
    ['--config=lab.yml', 'play', '--report=json', '--', '5'],
  ];
  for (const argv of ways) {
    const parsed = parseArguments(argv);
    expect(parsed).toMatchObject({
      outcome: 'command',
      spec: { name: 'play' },
      args: { operands: ['5'], values: { config: 'lab.yml', report: 'json' } },
    });
  }
});

it('no verb at all opens the tutorial', () => {
  expect(parseArguments([])).toMatchObject({ outcome: 'command', spec: { name: 'learn' } });
  expect(parseArguments(['--plain'])).toMatchObject({ outcome: 'command', spec: { name: 'learn' } });
});

it('every command explains itself, and every example of a help text is a command line that parses', async () => {
  for (const command of commands) {
    const { code, stdout } = await program([command.name, '--help']);
    expect([code, stdout.split('\n')[0]]).toEqual([0, `srklab-tutor ${command.name}: ${command.summary}`]);
    for (const { line } of command.examples) {
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(match => match[1] ?? match[2] ?? '');
      expect(parseArguments(words.slice(1))).toMatchObject({ outcome: 'command' });
    }
  }
});

it('the exit codes stand in the help', async () => {
  const { stdout } = await program(['--help']);
  expect(stdout).toMatch(/^ {2}130 {2}ended with Ctrl-C$/m);
});

it('a lab in the current folder is taken before the one that ships, and its paths are its own', async () => {
  const lab = copiedLab();
  lab.change('topo.yml', 'name: dc-k8s', 'name: my-lab');
  lab.change('srklab.yml', /clab-dc-k8s-/g, 'clab-my-lab-');
  const here = await program(['doctor'], { cwd: lab.folder });
  expect(here.stdout).toContain(`ok    lab files       ${join(lab.folder, 'srklab.yml')}: 9 nodes`);
  const elsewhere = await program(['doctor']);
  expect(elsewhere.stdout).toContain(`ok    lab files       ${join(repository, 'srklab.yml')}: 9 nodes`);
});

it('lessons in the current folder are taken before those that ship, and --lessons before both', async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'lessons'));
  cpSync(join(repository, 'lessons/01-fabric'), join(folder, 'lessons/01-fabric'), { recursive: true });
  const here = await program(['lessons', 'list', '--json'], { cwd: folder });
  expect(JSON.parse(here.stdout)).toMatchObject([{ id: '01-fabric' }]);
  const named = await program(['lessons', 'list', '--json', '--lessons', join(repository, 'lessons')], {
    cwd: folder,
  });
  expect(JSON.parse(named.stdout).length).toBeGreaterThan(1);
});

it('show prints a table as text, as JSON and as CSV', async () => {
  const text = await program(['show', 'sessions', '--until', 'fabric', '--node', 'SPINE-DC-1']);
  expect(text.code).toBe(0);
  expect(text.stdout.split('\n')[0]).toMatch(/^NODE +INSTANCE +PEER +ADDRESS +AS +STATE /);
  expect(text.stdout.trimEnd().split('\n')).toHaveLength(7);
  const csv = await program(['show', 'sessions', '--until', 'fabric', '--node', 'SPINE-DC-1', '--csv']);
  expect(csv.stdout.split('\n')[0]).toBe('node,instance,peer,address,as,state,since,rx/act/tx,bfd');
  const json = await program(['show', 'sessions', '--until', 'fabric', '--node', 'SPINE-DC-1', '--json']);
  expect(JSON.parse(json.stdout)).toHaveLength(6);
});

it('the same seed shows the same, byte for byte', async () => {
  const runs = await Promise.all(
    [1, 2].map(() => program(['show', 'timeline', '--until', 'fabric', '--json'])),
  );
  expect(runs[0]?.stdout.length).toBeGreaterThan(1000);
  expect(runs[0]?.stdout).toBe(runs[1]?.stdout);
});

it('show timeline says each fact in a sentence, with the number of its cause', async () => {
  const { stdout } = await program([
    ...['show', 'timeline', '--until', 'fabric', '--break', 'link-cut LEAF-DC-1 SPINE-DC-1'],
  ]);
  expect(stdout).toMatch(
    /^(\d+) +[\d.]+ s +fault-injected +you broke it: .*\n\d+ +[\d.]+ s +\1 +link-went-down +link LEAF-DC-1 e1-1 ↔ SPINE-DC-1 e1-1 went down$/m,
  );
  expect(stdout).not.toMatch(/undefined|[{}]/);
});

it('show breaks something first and tells what it did', async () => {
  const { stdout } = await program([
    ...['show', 'topology', '--until', 'fabric', '--break', 'link-cut LEAF-DC-1 SPINE-DC-1'],
  ]);
  expect(stdout).toMatch(/^link +LEAF-DC-1:e1-1 SPINE-DC-1:e1-1 +down/m);
  expect(stdout).toMatch(/^fault +link-cut LEAF-DC-1:e1-1 SPINE-DC-1:e1-1 +active/m);
});

it('play reports in TAP, one line for each step', async () => {
  const { code, stdout } = await program(['play', '1']);
  expect(stdout).toMatch(/^TAP version 14\n1\.\.\d+\nok 1 - 01-fabric: /);
  expect(stdout).toMatch(/\n# (\d+) of \1 steps passed in /);
  expect(code).toBe(0);
});

it('play reports as JSON and as Markdown', async () => {
  const json = await program(['play', '1', '--report', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    passed: true,
    lessons: [{ lesson: '01-fabric', passed: true }],
  });
  const markdown = await program(['play', '1', '--report', 'markdown']);
  expect(markdown.stdout).toContain('## 01-fabric A fabric from a file: passed');
});

it('a lesson whose solution does not do what its check asks fails, in play and in lessons check', async () => {
  const cwd = smallLessons('- stage.done: {stage: network}', '- stage.done: {stage: fabric}');
  const played = await program(['play', '1'], { cwd });
  expect(played.stdout).toMatch(/^not ok 1 - 01-cable: /m);
  expect(played.code).toBe(1);
  const checked = await program(['lessons', 'check', '1'], { cwd });
  expect(checked.stdout).toMatch(
    /^lessons\/01-cable\/lesson\.md:\d+:1: error: expected: .* \[does-not-play\]$/m,
  );
  expect(checked.code).toBe(1);
});

it('a command in a lesson that the embedded lab does not know is a mistake with its place', async () => {
  const cwd = smallLessons('echo hello', 'ehco hello');
  const { code, stdout } = await program(['lessons', 'check', '1', '--no-run'], { cwd });
  expect(stdout).toMatch(
    /^lessons\/01-cable\/lesson\.md:\d+:1: error: the embedded lab does not understand "ehco hello"/m,
  );
  expect(code).toBe(3);
});

/** A folder with two short lessons of one's own, the first one changed; the lab is the one that ships. */
function smallLessons(from: string, to: string): string {
  const folder = emptyFolder();
  for (const { file, text } of smallCourseFiles) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text.replace(from, to));
  }
  return folder;
}

it('the line mode takes a learner through a step', async () => {
  const { code, stdout } = await program(['learn', '1'], { input: '\n\nquit\n' });
  expect(stdout).toContain('> an empty line builds the stage network');
  expect(stdout).toContain('ok: stage network is done');
  expect(stdout).toContain('A fabric from a file, step 2 of 9: Deploy');
  expect(code).toBe(0);
});

it('progress of the line mode is there the next time', async () => {
  const home = emptyFolder();
  await program(['learn', '1'], { home, input: '\n\n' });
  const { stdout } = await program(['lessons', 'list'], { home });
  expect(stdout).toMatch(/^01-fabric .* 1\/9 steps$/m);
});
