import { describe, expect, test, vi } from 'vitest';
import { done, failed } from '../../../programs/answer.ts';
import type { ApiList, ApiObject, KubernetesApi, WatchEnd } from '../../../programs/kubernetes-api.ts';
import { watchKind } from './kind-watch.ts';

const pods = { kind: 'Pod', path: '/api/v1/pods' };

function pod(name: string): ApiObject {
  return { kind: 'Pod', apiVersion: 'v1', metadata: { name, namespace: 'default' } };
}

function listOf(version: string, ...names: string[]): ReturnType<typeof done<ApiList>> {
  return done({ resourceVersion: version, items: names.map(pod) });
}

/** Answers lists and watches in the order given, then nothing more; writes down what was asked. */
function scripted(
  lists: readonly Awaited<ReturnType<KubernetesApi['list']>>[],
  watches: readonly WatchEnd[],
): { readonly api: KubernetesApi; readonly asked: string[] } {
  const asked: string[] = [];
  const never = (signal: AbortSignal | undefined) =>
    new Promise<never>(() => signal?.addEventListener('abort', () => {}));
  const list = [...lists];
  const ends = [...watches];
  const unused = () => {
    throw new Error('not asked for here');
  };
  const api: KubernetesApi = {
    server: 'https://127.0.0.1',
    list: (_path, signal) => {
      asked.push('list');
      const next = list.shift();
      return next === undefined ? never(signal) : Promise.resolve(next);
    },
    watch: (_path, version, _listener, signal) => {
      asked.push(`watch from ${version}`);
      const next = ends.shift();
      return next === undefined ? never(signal) : Promise.resolve(next);
    },
    alive: unused,
    merge: unused,
    create: unused,
    delete: unused,
  };
  return { api, asked };
}

async function follow({ api, asked }: ReturnType<typeof scripted>, until: readonly string[]) {
  const stopping = new AbortController();
  const trouble: string[] = [];
  const lists: string[][] = [];
  void watchKind(
    api,
    pods,
    {
      onList: objects => lists.push(objects.map(({ metadata }) => metadata.name)),
      onChange: () => {},
      onTrouble: because => trouble.push(because),
    },
    stopping.signal,
  );
  await vi.waitFor(() => expect(asked).toEqual(until));
  stopping.abort();
  return { trouble, lists };
}

describe('Watching a kind', () => {
  test('goes on where the server closed the watch, without a new list', async () => {
    const script = scripted([listOf('7', 'a')], [{ resourceVersion: '12', because: 'closed' }]);
    const { trouble, lists } = await follow(script, ['list', 'watch from 7', 'watch from 12']);
    expect(lists).toEqual([['a']]);
    expect(trouble).toEqual([]);
  });

  test('lists again when the version it would go on from is too old', async () => {
    const script = scripted(
      [listOf('7', 'a', 'b'), listOf('90', 'b')],
      [{ resourceVersion: '7', because: 'gone' }],
    );
    const { trouble, lists } = await follow(script, ['list', 'watch from 7', 'list', 'watch from 90']);
    expect(lists).toEqual([['a', 'b'], ['b']]);
    expect(trouble).toEqual([]);
  });

  test('says that it was cut, and lists again as soon as there is an answer', async () => {
    const script = scripted(
      [listOf('7', 'a'), failed('nobody listens'), listOf('20')],
      [{ resourceVersion: '8', because: 'the connection was cut' }],
    );
    const { trouble, lists } = await follow(script, [
      'list',
      'watch from 7',
      'list',
      'list',
      'watch from 20',
    ]);
    expect(trouble).toEqual(['the connection was cut', 'nobody listens']);
    expect(lists).toEqual([['a'], []]);
  });
});
