import { describe, expect, test } from 'vitest';
import { capturedJson, capturedText } from '../test-support/captured-text.ts';
import { readContainerlabVersion, readImpairments, readInspect, readInterfaces } from './containerlab.ts';
import { readContainer, readEvent, readListedContainer, readNetwork, readVersion } from './docker-records.ts';
import { JsonLines } from './json-lines.ts';
import { readClusters, readKindVersion } from './kind.ts';
import { readKubectlVersion } from './kubectl.ts';
import { compareVersions, isKnown } from './pinned-versions.ts';
import { plainText } from './plain-text.ts';

type Json = Readonly<Record<string, unknown>>;

describe('containerlab’s answers', () => {
  test('the version stands below a banner', () => {
    expect(readContainerlabVersion(plainText(capturedText('containerlab-0.79.0-version.txt')))).toBe(
      '0.79.0',
    );
    expect(readContainerlabVersion('command not found')).toBeUndefined();
  });

  test('inspect tells the nodes of a lab with the topology they come from', () => {
    expect(readInspect(capturedText('containerlab-0.79.0-inspect.txt'))).toEqual([
      {
        ...{ lab: 'hand', name: 'clab-hand-a', containerId: '293c13b31642' },
        ...{ image: 'quay.io/frrouting/frr:10.3.1', kind: 'linux', state: 'running' },
        ...{ status: 'Up Less than a second', address: '172.31.77.11' },
        topology: '/home/user/hand/topo.yml',
      },
      expect.objectContaining({ name: 'clab-hand-b', address: '172.31.77.12' }),
    ]);
    expect(readInspect('no containers found')).toEqual([]);
  });

  test('inspect interfaces tells every device of every container', () => {
    const found = readInterfaces(capturedText('containerlab-0.79.0-interfaces.txt'));
    expect(found.filter(({ name }) => name === 'e1-1')).toEqual([
      { container: 'clab-hand-a', name: 'e1-1', alias: '', state: 'up', mtu: 9500 },
      { container: 'clab-hand-b', name: 'e1-1', alias: '', state: 'up', mtu: 9500 },
    ]);
  });

  test('a container on which nothing is impaired has no list', () => {
    expect(readImpairments(capturedText('containerlab-0.79.0-netem-none.txt'))).toEqual([]);
  });

  test('an impaired interface is told without its alias', () => {
    const said =
      '{"srl":[{"interface":"e1-1 (ethernet-1/1)","delay":"1s","jitter":"5ms","packet_loss":0.1,"rate":0}]}';
    expect(readImpairments(said)).toEqual([
      { interface: 'e1-1', delay: '1s', jitter: '5ms', lossPercent: 0.1 },
    ]);
  });
});

describe('Docker’s answers', () => {
  test('the version, with what the doctor asks about', () => {
    const [version, info] = capturedJson('docker-20.10.24-version.txt') as [Json, Json];
    expect(readVersion(version, info)).toEqual({
      ...{ version: '20.10.24+dfsg1', api: '1.41', cgroup: '1', processors: 2, memoryBytes: 25276502016 },
      ...{ storage: 'overlay2', folder: '/var/lib/docker' },
    });
  });

  test('a network tells its addresses, its labels and who is in it', () => {
    expect(readNetwork(capturedJson('docker-20.10.24-network.txt') as Json)).toEqual({
      id: 'd9865e4c31557ae6214a6957eac76174534e0ba5fe04340dc6b810352f54ea96',
      ...{ name: 'handnet', driver: 'bridge', subnets: ['172.31.77.0/24'], gateways: [] },
      ...{ labels: { 'srklab-tutor.lab': 'hand' }, containers: ['clab-hand-a', 'clab-hand-b'] },
    });
  });

  test('a container’s name loses its slash, and its labels say whose it is', () => {
    const [one] = (capturedJson('docker-20.10.24-containers.txt') as Json[]).map(readListedContainer);
    expect(one).toMatchObject({
      ...{ name: 'clab-hand-b', state: 'running', status: 'Up 1 second' },
      addresses: { handnet: '172.31.77.12' },
    });
    expect(one?.labels['clab-topo-file']).toBe('/home/user/hand/topo.yml');
  });

  test('a container that does not run has no process', () => {
    expect(readContainer({ Name: '/a', State: { Status: 'exited', Pid: 0 } })).not.toHaveProperty('pid');
  });

  test('events carry the kernel’s time, which is finer than a second', () => {
    const events: unknown[] = [];
    const lines = new JsonLines(value => events.push(readEvent(value)));
    const text = capturedText('docker-20.10.24-events.txt');
    // In pieces, as a stream brings them.
    for (let at = 0; at < text.length; at += 100) lines.write(text.slice(at, at + 100));
    expect(events).toMatchObject([
      { type: 'container', action: 'pause', name: 'clab-hand-a' },
      { type: 'container', action: 'unpause', name: 'clab-hand-a' },
    ]);
    const [pause, unpause] = events as { at: number }[];
    expect((unpause?.at ?? 0) - (pause?.at ?? 0)).toBeCloseTo(31.4, 0);
  });
});

describe('kind’s and kubectl’s answers', () => {
  // kind 0.33.0 and kubectl 1.32.4 on Debian 12.
  test('their versions', () => {
    expect(readKindVersion('kind v0.33.0 go1.26.8 linux/amd64\n')).toBe('0.33.0');
    expect(readKubectlVersion('{\n  "clientVersion": {\n    "gitVersion": "v1.32.4",\n')).toBe('1.32.4');
  });

  test('no cluster is none, not one of that name', () => {
    expect(readClusters('No kind clusters found.\n')).toEqual([]);
    expect(readClusters('client\ndatacenter\n')).toEqual(['client', 'datacenter']);
  });
});

describe('Versions', () => {
  test('are compared by their numbers', () => {
    expect(compareVersions('0.9.0', '0.78.0')).toBeLessThan(0);
    expect(compareVersions('v1.32.4-dispatcher', '1.32.4')).toBe(0);
    expect(compareVersions('1.41', '1.41.0')).toBe(0);
  });

  test('a patch of a known line is known, the next line is not', () => {
    expect(isKnown('0.81.3', '0.81')).toBe(true);
    expect(isKnown('0.82.0', '0.81')).toBe(false);
  });
});
