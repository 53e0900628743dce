import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { copiedLab, emptyFolder, program } from '../test-support/program.ts';

it.each([
  [['frobnicate'], 'there is no command "frobnicate"; there are learn, play, lessons, '],
  [['plya'], 'there is no command "plya"'],
  [['lesson'], 'there is no command "lesson"; did you mean "lessons"?'],
  [['play', '--repot', 'tap'], 'there is no option --repot; did you mean --report?'],
  [['play', '--report', 'xml'], '--report xml: it is one of tap, json, markdown'],
  [['play', '--report'], '--report needs a value: --report FORMAT'],
  [['play'], 'play which lesson? --all, or some of '],
  [['play', '77'], 'there is no lesson "77"; there are 00-why'],
  [['doctor', '--all'], 'doctor has no option --all'],
  [['doctor', 'please'], 'too many words: please'],
  [['show'], 'show which table?'],
  [['show', 'sesions'], 'there is no table "sesions"; did you mean "sessions"?'],
  [['show', 'sessions', '--until', 'fabrik'], 'there is no stage "fabrik"; did you mean "fabric"?'],
  [['show', 'routes', '--node', 'LEAF-DC-3'], 'there is no switch "LEAF-DC-3"; did you mean'],
  [['show', 'routes', '--instance', 'x'], 'there is no network-instance "x" on BORDER-DC; one of '],
  [['show', 'timeline', '--break', 'link-cut A B'], '--break: '],
  [['show', 'build', '--json', '--csv'], 'either --json or --csv'],
  [['lessons', 'lint'], 'lessons lint: it is list or check'],
  [['learn', '05-serviec'], 'there is no lesson "05-serviec"; did you mean "05-service"?'],
  [['show', 'build', '--seed', 'x'], '--seed x: it is a number'],
  [['--lab', 'toaster'], '--lab toaster: it is '],
])('%j is answered with what is meant, and 2', async (argv, message) => {
  const { code, stdout, stderr } = await program(argv);
  expect(stderr).toContain(`srklab-tutor: ${message}`);
  expect([code, stdout]).toEqual([2, '']);
});

it.each([
  ['broken YAML', 'srklab.yml', 'clusters:', 'clusters: [', 'srklab.yml:'],
  ['an unknown key', 'srklab.yml', 'clabTopology:', 'clabTopolgy:', '"clabTopolgy"'],
  ['a node named twice', 'topo.yml', '    LEAF-DC-2:', '    LEAF-DC-1:', 'topo.yml:'],
  ['an endpoint that does not exist', 'topo.yml', /"SPINE-DC-2:/, '"SPINE-DC-9:', 'SPINE-DC-9'],
  [
    'a line of configuration that does not parse',
    'fabric/LEAF-DC-1.cfg',
    'admin-state enable',
    'admin-state maybe',
    'fabric/LEAF-DC-1.cfg:',
  ],
  [
    'an address that is none',
    'fabric/LEAF-DC-1.cfg',
    '10.1.1.1/31',
    '10.1.1.300/31',
    'fabric/LEAF-DC-1.cfg:',
  ],
  ['addresses that overlap', 'fabric/LEAF-DC-1.cfg', '10.2.1.1/31', '10.1.1.1/31', '10.1.1.1/31'],
  ['a VLAN out of range', 'fabric/BORDER-DC.cfg', 'vlan-id 1001', 'vlan-id 5000', 'fabric/BORDER-DC.cfg:'],
  [
    'a manifest of an unknown kind',
    'app/hello.yaml',
    'kind: Deployment',
    'kind: Deplyoment',
    'app/hello.yaml:',
  ],
])('%s in the lab is shown with its place, and ends with 3', async (_, file, from, to, expected) => {
  const lab = copiedLab();
  lab.change(file, from, to);
  const { code, stdout, stderr } = await program(['show', 'build', '-c', 'srklab.yml'], { cwd: lab.folder });
  expect(stderr).toContain(expected);
  expect(stderr).toMatch(/^[\w./-]+:\d+:\d+: error: /m);
  expect(stderr).toMatch(/^ {2}\d+ \| /m);
  expect([code, stdout]).toEqual([3, '']);
});

it.each([
  ['missing', () => undefined],
  ['too large', (path: string) => writeFileSync(path, `# ${'x'.repeat(10_000_000)}\n`)],
  ['binary garbage', (path: string) => writeFileSync(path, Buffer.from([0, 255, 1, 254, 0]))],
  ['no UTF-8', (path: string) => writeFileSync(path, Buffer.from([0x6e, 0xff, 0xfe, 0x0a]))],
  ['a folder', (path: string) => mkdirSync(path)],
  ['empty', (path: string) => writeFileSync(path, '')],
])('a lab file that is %s ends with 3 and a sentence', async (_, spoil) => {
  const folder = emptyFolder();
  const path = join(folder, 'srklab.yml');
  spoil(path);
  for (const argv of [
    ['show', 'build', '-c', path],
    ['play', '--all', '-c', path],
    ['learn', '-c', path],
  ]) {
    const { code, stdout, stderr } = await program(argv);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('srklab.yml');
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});

it('what the embedded lab does not model is said with its place, and done without', async () => {
  const lab = copiedLab();
  lab.change('fabric/LEAF-DC-1.cfg', /$/, 'set / acl ipv4-filter x\n');
  const warned = /^fabric\/LEAF-DC-1\.cfg:\d+:7: warning: "acl" is not modelled, ignored/;
  const show = await program(['show', 'build', '--until', 'network'], { cwd: lab.folder });
  expect([show.code, show.stdout.length > 0]).toEqual([0, true]);
  expect(show.stderr).toMatch(warned);
  expect(show.stderr).toContain('\n1 warning in the lab ');
  const plain = await program(['learn'], { cwd: lab.folder, input: 'quit\n' });
  expect(plain.stderr).toMatch(warned);
  const doctor = await program(['doctor'], { cwd: lab.folder });
  expect(doctor.stdout).toMatch(/^warn {2}lab files .*, 1 warning$/m);
});

it('a file with a byte order mark is read like any other', async () => {
  const lab = copiedLab();
  lab.change('srklab.yml', /^/, '\ufeff');
  const { code, stderr } = await program(['show', 'build', '--until', 'network'], { cwd: lab.folder });
  expect([code, stderr]).toEqual([0, '']);
});

it('a lesson with an unknown probe is shown with its place, in every command that reads lessons', async () => {
  const lab = copiedLab();
  lab.change('lessons/05-service/lesson.md', '- service.address:', '- service.adress:');
  for (const argv of [['play', '--all'], ['lessons', 'list'], ['learn']]) {
    const { code, stderr } = await program(argv, { cwd: lab.folder });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^lessons\/05-service\/lesson\.md:\d+:\d+: error: /m);
    expect(stderr).toContain('did you mean "service.address"?');
  }
});

it('a folder without lessons, or none at all, ends with 3', async () => {
  for (const folder of [emptyFolder(), '/nowhere/at/all']) {
    const { code, stderr } = await program(['lessons', 'list', '--lessons', folder]);
    expect(code).toBe(3);
    expect(stderr).toContain(folder);
  }
});

it('a corrupt progress file is said, set aside, and the tutorial goes on', async () => {
  const home = emptyFolder();
  mkdirSync(join(home, '.local/state/srklab-tutor'), { recursive: true });
  writeFileSync(join(home, '.local/state/srklab-tutor/progress.json'), 'garbage\u0000');
  const { code, stdout } = await program(['learn'], { home, input: 'quit\n' });
  expect(stdout).toContain('The progress file could not be understood (it is not JSON). It was set aside');
  expect(code).toBe(0);
});

it('a state folder that cannot be written is said, and the tutorial goes on', async () => {
  const home = emptyFolder();
  writeFileSync(join(home, '.local'), 'in the way');
  const { code, stdout } = await program(['learn', '1'], { home, input: 'hint\nquit\n' });
  expect(stdout).toContain('Progress is not kept: ');
  expect(stdout).toContain('hint: ');
  expect(code).toBe(0);
});

it('whoever reads our output may leave: silence and 0', async () => {
  const closed = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const { code, stderr } = await program(['--help'], { stdout: closed });
  expect([code, stderr]).toEqual([0, '']);
});

it('output that cannot be written is said, and ends with 4', async () => {
  const full = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
    },
  });
  const { code, stderr } = await program(['--help'], { stdout: full });
  expect([code, stderr]).toEqual([4, 'srklab-tutor: cannot write: ENOSPC: no space left on device, write\n']);
});

it('Ctrl-C ends a run with 130', async () => {
  const controller = new AbortController();
  controller.abort();
  const { code } = await program(['play', '1'], { interrupted: controller.signal });
  expect(code).toBe(130);
});

it('Ctrl-C ends the line mode with 130', async () => {
  const controller = new AbortController();
  const running = program(['learn'], { interrupted: controller.signal, input: 'home\n$ sleep 1000\n' });
  setImmediate(() => controller.abort());
  expect((await running).code).toBe(130);
});

it('without a terminal there is never a control code', async () => {
  const outputs = await Promise.all(
    [
      ['--help'],
      ['lessons', 'list'],
      ['doctor'],
      ['show', 'topology', '--until', 'network'],
      ['learn', '1'],
    ].map(argv => program(argv, { input: '\n\nquit\n', env: { FORCE_COLOR: '1' } })),
  );
  for (const { stdout, stderr } of outputs) {
    expect(stdout + stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
  }
});

it('our own mistakes are said without a stack, unless it is asked for', async () => {
  const broken = () =>
    new Writable({
      write() {
        throw new Error('the sink is on fire');
      },
    });
  const quiet = await program(['--help'], { stdout: broken() });
  expect(quiet.code).toBe(70);
  expect(quiet.stderr).toContain('srklab-tutor met a bug in itself: the sink is on fire');
  expect(quiet.stderr).not.toMatch(/\n\s+at /);
  const loud = await program(['--help'], { stdout: broken(), env: { SRKLAB_DEBUG: '1' } });
  expect(loud.stderr).toMatch(/\n\s+at /);
});

it.skipIf(process.platform !== 'linux').each([
  ['nothing', () => {}, 'no FRR: looked for '],
  [
    'bgpd without its libraries',
    (root: string) => {
      mkdirSync(join(root, 'usr/lib/frr'), { recursive: true });
      writeFileSync(join(root, 'usr/lib/frr/bgpd'), '');
    },
    'its libraries are to be unpacked beside it',
  ],
])(
  'an FRR that SRKLAB_FRR_ROOT names and of which there is %s is answered with what to do',
  async (_, make, because) => {
    const root = emptyFolder();
    make(root);
    const env = { SRKLAB_FRR_ROOT: root };
    const played = await program(['play', '05-service', '--lab', 'frr'], { env });
    expect(played.stderr).toContain(because);
    expect(played.stderr).toContain('unset SRKLAB_FRR_ROOT');
    expect([played.code, played.stdout]).toEqual([4, '']);
    const doctored = await program(['doctor', '--lab', 'frr'], { env });
    expect(doctored.stdout).toMatch(/^FAIL +FRR /m);
    expect(doctored.code).toBe(1);
  },
);
