import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { VtyClient } from './vty.ts';

/** A daemon's side of a vty socket: answers each command by what the test says, in pieces if it likes. */
function daemon(answer: (command: string, socket: Socket) => void): {
  path: string;
  server: Server;
  heard: string[];
} {
  const folder = mkdtempSync(join(tmpdir(), 'vty-'));
  const path = join(folder, 'bgpd.vty');
  const heard: string[] = [];
  const server = createServer(socket => {
    let rest = '';
    socket.on('error', () => {});
    socket.on('data', data => {
      rest += data.toString();
      const commands = rest.split('\0');
      rest = commands.pop() ?? '';
      for (const command of commands) {
        heard.push(command);
        if (command === 'enable') socket.write('\0\0\0\0');
        else answer(command, socket);
      }
    });
  }).listen(path);
  server.once('close', () => rmSync(folder, { recursive: true, force: true }));
  return { path, server, heard };
}

let open: Server | undefined;
afterEach(() => open?.close());

describe('The vty client', () => {
  test('asks one command after the other over one connection and tells answers and return codes apart', async () => {
    const { path, server, heard } = daemon((command, socket) =>
      socket.write(command === 'bad' ? '% Unknown command\n\0\0\0\x02' : `said ${command}\n\0\0\0\0`),
    );
    open = server;
    const client = new VtyClient(path);
    const answers = await Promise.all([client.ask('one'), client.ask('bad'), client.ask('two')]);
    expect(answers).toEqual([
      { outcome: 'said', text: 'said one\n', code: 0 },
      { outcome: 'said', text: '% Unknown command\n', code: 2 },
      { outcome: 'said', text: 'said two\n', code: 0 },
    ]);
    expect(heard).toEqual(['enable', 'one', 'bad', 'two']);
    client.close();
  });

  test('puts together an answer that comes in pieces, the end mark torn in two', async () => {
    const { path, server } = daemon((_, socket) => {
      socket.write('{"a":');
      setImmediate(() => {
        socket.write('1}\0\0');
        setImmediate(() => socket.write('\0\0'));
      });
    });
    open = server;
    const client = new VtyClient(path);
    expect(await client.json('show json')).toEqual({ a: 1 });
    client.close();
  });

  test('is told nothing by a daemon that hangs up, and asks the next one anew', async () => {
    let first = true;
    const { path, server } = daemon((_, socket) => {
      if (first) socket.destroy();
      else socket.write('here\0\0\0\0');
      first = false;
    });
    open = server;
    const client = new VtyClient(path);
    expect(await client.ask('one')).toMatchObject({ outcome: 'silent' });
    expect(await client.ask('two')).toEqual({ outcome: 'said', text: 'here', code: 0 });
    client.close();
  });

  test('does not wait for ever for a daemon that is stopped', async () => {
    const { path, server } = daemon(() => {});
    open = server;
    const client = new VtyClient(path, 20);
    expect(await client.ask('show')).toEqual({ outcome: 'silent', because: 'no answer for 0.02 s' });
  });

  test('says that there is no daemon when there is no socket', async () => {
    const client = new VtyClient('/nowhere/bgpd.vty');
    expect(await client.ask('show')).toMatchObject({ outcome: 'silent' });
  });
});
