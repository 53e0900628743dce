import { describe, expect, test } from 'vitest';
import { AnsweringShell } from './answering-shell.ts';
import type { Listeners } from './conversation.ts';
import { Vtysh } from './vtysh.ts';

/** Conversations that were begun, and which of them go on. */
function begun() {
  const all: { running: boolean; listeners: Listeners }[] = [];
  return {
    all,
    begin(listeners: Listeners) {
      const one = { running: true, listeners };
      all.push(one);
      return {
        write: () => {},
        stop: () => {
          one.running = false;
        },
      };
    },
  };
}

describe('Who was stopped begins nothing any more, whoever is still asking: a program in a container would go on, and we with it', () => {
  test('a vtysh', async () => {
    const { all, begin } = begun();
    const vtysh = new Vtysh(begin);
    const waiting = vtysh.ask('show version');
    vtysh.stop();
    expect(await waiting).toEqual({ outcome: 'silent', because: 'stopped' });
    expect(await vtysh.ask('show version')).toEqual({ outcome: 'silent', because: 'stopped' });
    expect(all.map(({ running }) => running)).toEqual([false]);
  });

  test('a shell', async () => {
    const { all, begin } = begun();
    const shell = new AnsweringShell((_, listeners) => begin(listeners));
    const waiting = shell.script('true');
    shell.stop();
    expect(await waiting).toEqual({ exitCode: 1, output: 'stopped' });
    expect(await shell.script('true')).toEqual({ exitCode: 1, output: 'stopped' });
    expect(all.map(({ running }) => running)).toEqual([false]);
  });
});

test('A vtysh that is to find new daemons is started again with the next question', async () => {
  const { all, begin } = begun();
  const vtysh = new Vtysh(begin);
  void vtysh.ask('show daemons');
  vtysh.restart();
  void vtysh.ask('show daemons');
  expect(all.map(({ running }) => running)).toEqual([false, true]);
  vtysh.stop();
});
