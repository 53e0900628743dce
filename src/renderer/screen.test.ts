import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleDemo } from '../test-support/bundled-demo.ts';
import { launch, type TestTerminal } from '../test-support/terminal.ts';

let demo: Awaited<ReturnType<typeof bundleDemo>>;
let terminal: TestTerminal;
const start = async (options: Parameters<typeof launch>[1] = {}): Promise<TestTerminal> => {
  terminal = launch(demo.argv, { columns: 60, rows: 12, ...options });
  // The whole of the first frame: stock Ink's comes in pieces.
  await terminal.until(screen => screen.includes('ticks 0') && screen.includes('╯'));
  return terminal;
};
afterEach(() => terminal.stop());

describe.each([
  { ink: 'the renderer beneath it', stockInk: false },
  { ink: 'its own output stage', stockInk: true },
])('a screen drawn by Ink with $ink', ({ stockInk }) => {
  beforeAll(async () => {
    demo = await bundleDemo({ stockInk });
  });
  afterAll(() => demo.remove());

  it('places canvas and text, wide characters included', async () => {
    const { lines } = await start();
    expect(terminal.lines().slice(0, 3)).toEqual([
      `╭${'─'.repeat(58)}╮`,
      '│demo 60×12 typed                                          │',
      '│ticks 0                                                   │',
    ]);
    expect(terminal.cell(1, 2)).toMatchObject({ text: 't', fg: 2, bold: true });
    expect(lines.call(terminal)[4]).toContain('日本');
    expect(terminal.alternate).toBe(true);
  });

  it('shows every one of several keys that arrive glued together', async () => {
    await start();
    terminal.press('tttxyz');
    await terminal.until(screen => screen.includes('ticks 3') && screen.includes('typed xyz'));
  });

  it('draws a dialog over a canvas and the canvas again when it is gone', async () => {
    await start();
    terminal.press('d');
    await terminal.until('║dialog║');
    terminal.press('t');
    await terminal.until('ticks 1');
    expect(terminal.text()).toContain('║dialog║');
    terminal.press('d');
    await terminal.until(screen => !screen.includes('dialog'));
    expect(terminal.lines()[4]).toContain('日本');
  });

  it('follows the size of the terminal, smaller and larger', async () => {
    await start();
    terminal.resize(40, 8);
    await terminal.until('demo 40×8');
    await terminal.until(() => terminal.lines()[6]?.endsWith('╯') === true);
    terminal.resize(100, 30);
    await terminal.until('demo 100×30');
    await terminal.until(() => terminal.lines()[28]?.endsWith('╯') === true);
    expect(terminal.lines().filter(line => line.includes('demo')).length).toBe(1);
  });

  it('takes mouse reports out of the keys', async () => {
    await start();
    terminal.press('m', 'a', '\x1b[<0;5;3M', 'z', '\x1b[<65;7;4M');
    await terminal.until('mouse wheel none 6,3 1');
    terminal.press('c');
    await terminal.until('typed azc');
  });

  it('asks for the background colour without mistaking the answer for keys', async () => {
    await start();
    terminal.press('b');
    await terminal.until(/background (dark|light|undefined)/);
    expect(terminal.text()).not.toContain('rgb');
  });

  it('lends the terminal and takes it back', async () => {
    await start();
    terminal.press('l');
    await terminal.until(() => terminal.raw.includes('lent') && terminal.alternate);
    terminal.press('x');
    await terminal.until('typed x');
  });

  it.each([
    ['q', 0],
    ['e', 1],
    ['p', 1],
  ])('gives the terminal back when it ends by the key %s', async (key, exitCode) => {
    await start();
    terminal.press(key);
    expect(await terminal.exited).toMatchObject({ exitCode });
    expect(terminal.alternate).toBe(false);
    expectRestored();
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('gives the terminal back on %s', async (signal, exitCode) => {
    await start();
    terminal.kill(signal);
    expect(await terminal.exited).toMatchObject({ exitCode });
    expect(terminal.alternate).toBe(false);
    expectRestored();
  });

  it('stops on Ctrl+Z with the terminal restored, and is back after fg', async () => {
    terminal = launch(['--norc', '-i'], { program: '/bin/bash', columns: 60, rows: 12, env: { PS1: '$ ' } });
    await terminal.until('$ ');
    terminal.press(`${process.execPath} ${demo.argv[0]}`, 'Enter');
    await terminal.until('ticks 0');
    terminal.press('t', 'Ctrl+Z');
    await terminal.until(screen => screen.includes('Stopped') && !terminal.alternate);
    terminal.press('fg', 'Enter');
    await terminal.until('ticks 1');
    terminal.press('t');
    await terminal.until('ticks 2');
    terminal.press('q');
    await terminal.until(() => !terminal.alternate);
  });
});

/** Everything that was switched on is off again: autowrap, cursor, mouse. */
function expectRestored(): void {
  const last = (on: string, off: string): string =>
    terminal.raw.lastIndexOf(on) > terminal.raw.lastIndexOf(off) ? on : off;
  expect(last('\x1b[?7l', '\x1b[?7h')).toBe('\x1b[?7h');
  expect(last('\x1b[?25l', '\x1b[?25h')).toBe('\x1b[?25h');
  expect(last('\x1b[?1002h', '\x1b[?1002l')).toBe('\x1b[?1002l');
}
