import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDocker } from './docker.ts';

const limits = { question: 100, change: 150, begin: 200 };

describe('A Docker that takes what it is asked and never answers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'srklab-silent-'));
  const socket = join(folder, 'docker.sock');
  const endpoint = `unix://${socket}`;
  const docker = createDocker({ DOCKER_HOST: endpoint }, limits);
  const open = new Set<object>();
  let server: Server;

  beforeAll(async () => {
    server = createServer(connection => {
      open.add(connection);
      connection.resume();
      connection.on('error', () => {});
      connection.on('close', () => open.delete(connection));
    });
    await new Promise<void>(resolve => server.listen(socket, resolve));
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const silent = (seconds: number) => `Docker at ${endpoint} has not answered for ${seconds} s`;
  const network = { name: 'kind', prefix: '172.18.0.0/16', labels: {} };

  test.each([
    ['its version', () => docker.version(), 0.1],
    ['its networks', () => docker.networks(), 0.1],
    ['one network', () => docker.network('kind'), 0.1],
    ['a new network', () => docker.createNetwork(network), 0.15],
    ['a network less', () => docker.removeNetwork('kind'), 0.15],
    ['its containers', () => docker.containers(), 0.1],
    ['one container', () => docker.container('leaf'), 0.1],
    ['a start', () => docker.start('leaf'), 0.15],
    ['a stop with a time of its own', () => docker.stop('leaf', 1), 1.15],
    ['a kill', () => docker.kill('leaf'), 0.15],
    ['a pause', () => docker.pause('leaf'), 0.15],
    ['its going on', () => docker.unpause('leaf'), 0.15],
    ['a removal', () => docker.remove('leaf'), 0.15],
    ['a log', () => docker.logs('leaf', 5), 0.1],
    ['its images', () => docker.images(), 0.1],
    ['one image', () => docker.image('alpine'), 0.1],
    ['a pull', () => docker.pull('alpine'), 0.2],
  ])('is given up when asked for %s', async (_, ask, seconds) => {
    expect(await ask()).toEqual({ outcome: 'failed', because: silent(seconds) });
  });

  test('runs no program, and that is said', async () => {
    expect(await docker.exec('leaf', ['true'])).toMatchObject({ exitCode: undefined, problem: silent(0.1) });
  });

  test('begins no conversation, and its end says why', async () => {
    const because = await new Promise(resolve => {
      docker.converse('leaf', ['vtysh'], { onOutput: () => {}, onEnd: resolve });
    });
    expect(because).toBe(silent(0.1));
  });

  test('tells no events, and that is said', async () => {
    const { signal } = new AbortController();
    expect(await docker.events(() => {}, { signal })).toBe(silent(0.2));
  });

  test('keeps no connection open once it was given up', async () => {
    await expect.poll(() => open.size).toBe(0);
  });

  test('a program that was interrupted before it began was interrupted, no more', async () => {
    const controller = new AbortController();
    const running = docker.exec('leaf', ['true'], { signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ exitCode: undefined, problem: 'interrupted' });
  });
});
