import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { program, repository } from '../test-support/program.ts';
import { launch, type TestTerminal } from '../test-support/terminal.ts';

const launcher = join(repository, 'dist/launcher.cjs');
let folder: string;
const terminals: TestTerminal[] = [];

beforeEach(() => {
  // Short, as the names of sockets are cut.
  folder = mkdtempSync(join(tmpdir(), 'stage-'));
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(...argv: string[]): TestTerminal {
  const env = { XDG_RUNTIME_DIR: folder, XDG_CACHE_HOME: folder, HOME: folder, LANG: 'C.UTF-8' };
  const terminal = launch([launcher, ...argv], { columns: 110, rows: 32, env, cwd: repository });
  terminals.push(terminal);
  return terminal;
}

describe('a talk in two terminals', () => {
  it('notes follow and drive, and both survive the other’s crash', async () => {
    const notes = start('notes');
    await notes.until('Waiting for a presenter');
    const stage = start('present', '01');
    await stage.until('A fabric from a file');
    await notes.until(/● presenter \d+/);

    stage.press('PageDown');
    await notes.until('slide 2/');
    notes.press('PageDown');
    await stage.until(/ 3\/\d+ *$/m);
    await notes.until('slide 3/');

    notes.press('b');
    await stage.until(screen => screen.trim() === '');
    await notes.until('the screen is black');
    stage.press('PageDown');
    await stage.until(/ 3\/\d+ *$/m);

    stage.kill('SIGKILL');
    await notes.until('the presenter is gone');
    const again = start('present', '02');
    await again.until('Lesson 2');
    await notes.until(/● presenter \d+/);
    await notes.until('slide 1/');

    notes.kill('SIGKILL');
    await notes.exited;
    again.press('PageDown');
    await again.until(/ 2\/\d+ *$/m);
    const fresh = start('notes');
    await fresh.until('slide 2/');
    fresh.press('q');
    expect(await fresh.exited).toMatchObject({ exitCode: 0 });
  }, 60_000);

  it('a second presenter hears who holds the stage', async () => {
    const first = start('present', '01');
    await first.until('A fabric from a file');
    const second = start('present', '01');
    expect(await second.exited).toMatchObject({ exitCode: 4 });
    expect(second.text().replace(/\s+/g, ' ')).toContain(`Process ${first.pid} presents on`);
    expect(second.text()).toContain('--socket FILE');
  }, 60_000);

  it('Enter does nothing to the lab until a has armed it', async () => {
    const stage = start('present', '01');
    await stage.until('A fabric from a file');
    for (let count = 0; count < 12 && !stage.text().includes('▸ build'); count++) {
      stage.press('PageDown');
      await stage.until(new RegExp(` ${count + 2}/\\d+ *$`, 'm'));
    }
    stage.press('Enter');
    await stage.until('Safe: this would change the lab');
    stage.press('a');
    await stage.until(/ARMED (30|29) s/);
    stage.press('Enter');
    await stage.until('✔');
  }, 60_000);

  it('is refused where there is no terminal', async () => {
    const outcome = await program(['present']);
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('needs a terminal');
  });
});
