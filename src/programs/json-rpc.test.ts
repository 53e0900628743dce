import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JsonRpcSwitch } from '../test-support/json-rpc-switch.ts';
import { JsonRpcClient } from './json-rpc.ts';

let server: JsonRpcSwitch;
let url: string;
const clients: JsonRpcClient[] = [];

function clientWith(password: string, timeout?: number): JsonRpcClient {
  const client = new JsonRpcClient({ url, user: 'admin', password }, timeout);
  clients.push(client);
  return client;
}

beforeEach(async () => {
  server = new JsonRpcSwitch({
    'srl_nokia-interfaces:interface': [
      { name: 'ethernet-1/1', 'admin-state': 'enable', 'oper-state': 'up' },
      { name: 'ethernet-1/2', 'admin-state': 'enable', 'oper-state': 'down' },
    ],
  });
  url = await server.listen();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.close();
});

describe('A client of JSON-RPC', () => {
  test('asks several paths in one request and gets their answers in order', async () => {
    const answer = await clientWith('right').state([
      '/interface[name=ethernet-1/2]/oper-state',
      '/interface[name=*]/admin-state',
    ]);
    expect(answer).toMatchObject({
      outcome: 'answered',
      value: [
        'down',
        {
          'srl_nokia-interfaces:interface': [
            { name: 'ethernet-1/1', 'admin-state': 'enable' },
            { name: 'ethernet-1/2', 'admin-state': 'enable' },
          ],
        },
      ],
    });
    expect(server.requests).toHaveLength(1);
  });

  test('changes in one transaction, of which nothing is done when the server refuses a part', async () => {
    const answer = await clientWith('right').set([
      { action: 'update', path: '/interface[name=ethernet-1/1]/admin-state', value: 'disable' },
      { action: 'update', path: '/interface[name=ethernet-9/9]/admin-state', value: 'disable' },
    ]);
    expect(answer).toEqual({
      outcome: 'refused',
      because: 'Path not valid - /interface[name=ethernet-9/9]/admin-state',
    });
    expect(server.at('/interface[name=ethernet-1/1]/admin-state')).toBe('enable');
  });

  test('gets the text of a command line', async () => {
    expect(await clientWith('right').cli(['show version'])).toMatchObject({
      outcome: 'answered',
      value: ['you typed show version\n'],
    });
  });

  test('says that the switch does not let it in, and never with which password it tried', async () => {
    const answer = await clientWith('sesame-4711').state(['/interface[name=*]']);
    expect(answer).toEqual({ outcome: 'refused', because: 'the switch does not let admin in (HTTP 401)' });
    expect(JSON.stringify(answer)).not.toContain('sesame-4711');
  });

  test('gives up after its time limit, and after that the next question is asked on a fresh connection', async () => {
    const client = clientWith('right', 60);
    server.deaf = true;
    expect(await client.state(['/interface[name=*]'])).toEqual({
      outcome: 'silent',
      because: 'no answer for 0.06 s',
    });
    server.deaf = false;
    expect(await client.state(['/interface[name=*]/oper-state'])).toMatchObject({ outcome: 'answered' });
  });

  test('says that nobody listens while a switch is down, and finds it again', async () => {
    const client = clientWith('right');
    await client.state(['/interface[name=*]']);
    await server.close();
    expect(await client.state(['/interface[name=*]'])).toMatchObject({ outcome: 'silent' });
    expect(await client.state(['/interface[name=*]'])).toEqual({
      outcome: 'silent',
      because: 'nobody listens there yet',
    });
    await server.listen();
    expect(await client.state(['/interface[name=*]'])).toMatchObject({ outcome: 'answered' });
  });

  test('is not taken in by a web page', async () => {
    const { createServer } = await import('node:http');
    const page = createServer((_, response) => response.end('<html>'));
    await new Promise<void>(resolve => page.listen(0, '127.0.0.1', resolve));
    const { port } = page.address() as { port: number };
    const client = new JsonRpcClient({ url: `http://127.0.0.1:${port}/`, user: 'admin', password: 'x' });
    expect(await client.state(['/interface'])).toEqual({
      outcome: 'silent',
      because: 'HTTP 200, and what came is not JSON',
    });
    client.close();
    page.closeAllConnections();
    page.close();
  });
});
