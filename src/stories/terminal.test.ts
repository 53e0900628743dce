import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LaunchOptions, launch, type TestTerminal } from '../test-support/terminal.ts';

const launcher = join(import.meta.dirname, '../../dist/launcher.cjs');
const home = 'Why should I care?';
let folder: string;
let terminal: TestTerminal | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srklab-story-'));
});
afterEach(async () => {
  await terminal?.stop();
  terminal = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function open(argv: readonly string[] = [], options: LaunchOptions = {}): TestTerminal {
  terminal = launch([launcher, ...argv], {
    cwd: folder,
    ...options,
    env: { HOME: folder, XDG_STATE_HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), ...options.env },
  });
  return terminal;
}

function pipe(commandLine: string, env: Readonly<Record<string, string>> = {}) {
  return spawnSync(
    '/bin/bash',
    ['-o', 'pipefail', '-c', commandLine.replaceAll('srklab-tutor', `"${process.execPath}" "${launcher}"`)],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'C.UTF-8', ...env },
    },
  );
}

describe('the tutorial on a terminal', () => {
  it('shows what the picture in README.md says it shows', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const [, picture = ''] = /<!-- picture: [^>]*>([\s\S]*?)<!-- end of picture -->/.exec(readme) ?? [];
    const words = [...new Set(picture.match(/[\p{L}-]{4,}/gu) ?? [])].filter(word => word !== 'text');
    expect(words.length).toBeGreaterThan(80);
    open(['learn', '06-load-balancing'], { columns: 118, rows: 34 });
    const missing = () => words.filter(word => terminal?.text().includes(word) !== true);
    await terminal?.until(() => missing().length === 0).catch(() => {});
    expect(missing()).toEqual([]);
  });

  it('paints a skeleton before anything is loaded, then the lessons, and leaves no trace', async () => {
    const { raw, ...screen } = await shown(open());
    expect(raw.indexOf('Opening the lab')).toBeGreaterThan(0);
    expect(raw.indexOf('Opening the lab')).toBeLessThan(raw.indexOf('\x1b[?2026h'));
    expect(screen.text).not.toContain('Opening the lab');
    terminal?.press('q');
    await leave();
    expect(await terminal?.exited).toMatchObject({ exitCode: 0 });
    expect(terminal?.alternate).toBe(false);
    expect(terminal?.text()).not.toContain(home);
  });

  it('starts as well without a folder for compiled code, and with a broken one', async () => {
    writeFileSync(join(folder, 'file'), '');
    await shown(open([], { env: { XDG_CACHE_HOME: join(folder, 'file') } }));
    await terminal?.stop();
    const cache = join(folder, 'cache/srklab-tutor');
    await shown(open());
    terminal?.kill('SIGTERM');
    await terminal?.exited;
    const [name] = spawnSync('ls', [cache], { encoding: 'utf8' }).stdout.split('\n');
    expect(name).toMatch(/^[\w.-]+\.v8$/);
    writeFileSync(join(cache, name ?? ''), 'this is not compiled code');
    await shown(open());
  });

  it('takes the compiled code that an earlier start kept, however short that was', async () => {
    const cache = join(folder, 'cache/srklab-tutor');
    const kept = () => readdirSync(cache).map(name => [name, statSync(join(cache, name)).ino]);
    await shown(open());
    terminal?.kill('SIGTERM');
    await terminal?.exited;
    const before = kept();
    expect(before).toHaveLength(1);
    await shown(open());
    terminal?.press('q');
    await leave();
    await terminal?.exited;
    // What V8 refuses is compiled and written anew.
    expect(kept()).toEqual(before);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('is gone without a trace when %s comes while it loads', async (signal, exitCode) => {
    open();
    await terminal?.until('Opening the lab');
    terminal?.kill(signal);
    expect(await terminal?.exited).toMatchObject({ exitCode });
    expect(terminal?.alternate).toBe(false);
  });

  it('is gone without a trace when SIGTERM comes while it runs', async () => {
    await shown(open());
    terminal?.kill('SIGTERM');
    expect(await terminal?.exited).toMatchObject({ exitCode: 143 });
    expect(terminal?.alternate).toBe(false);
  });

  it.each([
    [20, 5],
    [59, 24],
    [80, 15],
  ])('says in %i×%i cells that it needs more, and goes on when it gets them', async (columns, rows) => {
    open([], { columns, rows });
    await terminal?.until(screen => screen.replaceAll(/\s+/g, ' ').includes('too small'));
    terminal?.resize(80, 24);
    await terminal?.until(home);
  });

  it('is fully there at 60×16', async () => {
    const { text } = await shown(open([], { columns: 60, rows: 16 }));
    expect(text).toContain('Break a leaf');
  });

  it('writes no colour with NO_COLOR', async () => {
    const { raw } = await shown(open([], { env: { NO_COLOR: '1' } }));
    expect(raw).not.toMatch(/\x1b\[[\d;]*(3[0-7]|4[0-7]|9[0-7]|38|48)[\d;]*m/);
  });

  it('takes every key of several that arrive at once', async () => {
    await shown(open());
    terminal?.press(':traffic');
    await terminal?.until(/: traffic/);
  });

  it('writes lines without control codes on a dumb terminal', async () => {
    open([], { env: { TERM: 'dumb' } });
    await terminal?.until(home);
    expect(terminal?.raw).not.toContain('\x1b');
  });

  it('shows a broken lab file on the normal screen', async () => {
    mkdirSync(join(folder, 'lab'));
    writeFileSync(join(folder, 'lab/srklab.yml'), 'clabTopology: [\n');
    open(['-c', 'lab/srklab.yml'], { columns: 120 });
    expect(await terminal?.exited).toMatchObject({ exitCode: 3 });
    expect(terminal?.alternate).toBe(false);
    expect(terminal?.text()).toContain('lab/srklab.yml');
  });
});

describe('a command in a pipe', () => {
  it('ends in silence when nobody reads on', () => {
    const { stdout, stderr } = pipe('srklab-tutor show routes --until fabric | head -n 1');
    expect(stdout).toMatch(/^PREFIX.*\n$/);
    expect(stderr).toBe('');
  });

  it.each(['--version', '--help', 'lessons list'])('ends in silence when nobody read at all: %s', words => {
    const { stderr, status } = pipe(`exec 3> >(true); wait $!; srklab-tutor ${words} >&3`);
    expect([stderr, status]).toEqual(['', 0]);
  });

  it.each(['--version', '--help', 'lessons list'])('says that a disk is full, without a stack: %s', words => {
    const { stderr, status } = pipe(`srklab-tutor ${words} > /dev/full`);
    expect(stderr).toMatch(/^srklab-tutor: cannot write: ENOSPC: .*\n$/);
    expect(status).toBe(4);
  });

  it.each(['srklab-tutor show sessions --until fabric', 'srklab-tutor lessons list', 'srklab-tutor --help'])(
    'writes no control code: %s',
    commandLine => {
      const { stdout, status } = pipe(`${commandLine} | cat`, { FORCE_COLOR: '3' });
      expect(status).toBe(0);
      expect(stdout.length).toBeGreaterThan(100);
      expect(stdout).not.toContain('\x1b');
    },
  );

  it('says the version in one line', () => {
    expect(pipe('srklab-tutor --version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

async function shown(opened: TestTerminal): Promise<{ text: string; raw: string }> {
  await opened.until(home);
  return { text: opened.text(), raw: opened.raw };
}

/** q asks first where a lab runs. */
async function leave(): Promise<void> {
  await terminal?.until(screen => !terminal?.alternate || screen.includes('yes'));
  if (terminal?.alternate) terminal.press('Enter');
}
