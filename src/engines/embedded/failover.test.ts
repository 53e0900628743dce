import { describe, expect, test } from 'vitest';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { walk } from './walk.ts';

/*
 * Gaps of affected flows between BORDER-DC and LEAF-DC-1 when the border's link to SPINE-DC-1 fails, held to the bands
 * measured on real FRR routers in the same topology. "local" is BORDER-DC → LEAF-DC-1: the sender stands beside the
 * failed link. "remote" is LEAF-DC-1 → BORDER-DC: the leaf must first hear of it from the spine.
 */

const link = 'BORDER-DC:e1-1 SPINE-DC-1:e1-10';
const SAMPLE = 5;

describe('gaps of the flows that a failure hits', () => {
  test('link down: none beside it, 100–150 ms one hop away', async () => {
    const gaps = await gapsAfter({ kind: 'link-cut', link });
    expect(gaps.local).toBe(0);
    expect(gaps.remote).toBeGreaterThanOrEqual(100);
    expect(gaps.remote).toBeLessThanOrEqual(150);
  });

  test('silent link with BFD 3×300 ms: 0.7–1.2 s', async () => {
    const gaps = await gapsAfter({ kind: 'silent-loss', link, direction: 'both' });
    for (const gap of [gaps.local, gaps.remote]) {
      expect(gap).toBeGreaterThanOrEqual(690);
      expect(gap).toBeLessThanOrEqual(1200);
    }
  });

  test('silent link with BFD 3×100 ms: 0.28–0.43 s', async () => {
    const gaps = await gapsAfter({ kind: 'silent-loss', link, direction: 'both' }, files => {
      for (const [path, text] of files) {
        if (path.endsWith('.cfg')) files.set(path, text.replaceAll(' 300000', ' 100000'));
      }
    });
    for (const gap of [gaps.local, gaps.remote]) {
      expect(gap).toBeGreaterThanOrEqual(280);
      expect(gap).toBeLessThanOrEqual(430);
    }
  });

  test('silent link without BFD: only when the hold timer of 9 s ends', async () => {
    const gaps = await gapsAfter({ kind: 'silent-loss', link, direction: 'both' }, files => {
      for (const [path, text] of files) {
        if (!path.endsWith('.cfg')) continue;
        const slow = text.replaceAll('enable-bfd true', 'enable-bfd false');
        const timers = 'set / network-instance default protocols bgp group underlay timers';
        files.set(path, `${slow}\n${timers} hold-time 9\n${timers} keepalive-interval 3\n`);
      }
    });
    for (const gap of [gaps.local, gaps.remote]) {
      expect(gap).toBeGreaterThanOrEqual(6000);
      expect(gap).toBeLessThanOrEqual(9200);
    }
  });

  test('a dead BGP process on the spine: 50–80 ms', async () => {
    const gaps = await gapsAfter({ kind: 'speaker-killed', node: 'SPINE-DC-1' });
    for (const gap of [gaps.local, gaps.remote]) {
      expect(gap).toBeGreaterThanOrEqual(50);
      expect(gap).toBeLessThanOrEqual(80);
    }
  });

  test('a stopped spine: nothing but what its neighbours’ lost carrier takes', async () => {
    const gaps = await gapsAfter({ kind: 'node-stopped', node: 'SPINE-DC-1' });
    expect(gaps).toEqual({ local: 0, remote: 0 });
  });
});

test('loss in one direction only: the other end hears of it from its neighbour', async () => {
  const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  const before = lab.events.length;
  await lab.break({ kind: 'silent-loss', link, direction: 'a-to-b' });
  lab.advance(2000);
  const downs = lab.events.slice(before).flatMap(event => (event.type === 'bfd-went-down' ? [event] : []));
  expect(downs.map(({ node, diagnostic }) => `${node} ${diagnostic}`)).toEqual([
    'SPINE-DC-1 control-detection-time-expired',
    'BORDER-DC neighbor-signaled-session-down',
  ]);
});

test('the chain of causes of a lost path leads back to the link that was cut', async () => {
  const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
  const before = lab.events.length;
  await lab.break({ kind: 'link-cut', link });
  lab.settle();
  const change = lab.events
    .slice(before)
    .find(
      event => event.type === 'route-chosen' && event.node === 'LEAF-DC-1' && event.prefix === '1.1.1.10/32',
    );
  if (change === undefined) throw new Error('LEAF-DC-1 did not change its route');
  expect(lab.causes(change).map(({ type }) => type)).toEqual([
    'route-chosen',
    'update-received',
    'update-sent',
    'session-changed',
    'port-went-down',
    'link-went-down',
    'fault-injected',
  ]);
});

type Gaps = { readonly local: number; readonly remote: number };

/** The longest time, in ms, that any of 16 flows in a direction was not delivered after the fault. */
async function gapsAfter(
  fault: Parameters<DrivenLab['break']>[0],
  edit?: Parameters<typeof talkLab>[0],
): Promise<Gaps> {
  const lab = await new DrivenLab(talkLab(edit)).buildUpTo('fabric');
  lab.advance(7_321);
  await lab.break(fault);
  const lost = new Map<string, number>();
  const until = lab.now() + 12_000;
  while (lab.now() < until) {
    for (const direction of ['local', 'remote'] as const) {
      for (let port = 0; port < 16; port++) {
        if (arrives(lab, direction, 40_000 + port)) continue;
        lost.set(`${direction} ${port}`, (lost.get(`${direction} ${port}`) ?? 0) + SAMPLE);
      }
    }
    lab.advance(SAMPLE);
  }
  const longest = (direction: string) =>
    Math.max(0, ...[...lost].filter(([key]) => key.startsWith(direction)).map(([, gap]) => gap));
  return { local: longest('local'), remote: longest('remote') };
}

function arrives(lab: DrivenLab, direction: 'local' | 'remote', sourcePort: number): boolean {
  const { world } = lab.engine.running;
  const [from, source, destination] =
    direction === 'local' ? ['BORDER-DC', '1.1.1.10', '1.1.1.1'] : ['LEAF-DC-1', '1.1.1.1', '1.1.1.10'];
  const device = world.device(from);
  if (device === undefined) throw new Error(`no ${from}`);
  const flow = {
    sourceAddress: source,
    destinationAddress: destination,
    protocol: 17,
    sourcePort,
    destinationPort: 9,
  };
  return (
    walk(world, { flow, ttl: 64 }, { device, instance: 'default' }, { observe: true }).outcome === 'delivered'
  );
}

test('a hold timer that ends for want of packets names what stopped them', async () => {
  const lab = await new DrivenLab(
    talkLab(files => {
      for (const [path, text] of files) {
        if (path.endsWith('.cfg')) files.set(path, text.replaceAll('enable-bfd true', 'enable-bfd false'));
      }
    }),
  ).buildUpTo('fabric');
  const before = lab.events.length;
  await lab.break({ kind: 'silent-loss', link, direction: 'both' });
  lab.settle();
  const down = lab.events
    .slice(before)
    .find(event => event.type === 'session-changed' && event.node === 'BORDER-DC' && event.to === 'idle');
  if (down === undefined) throw new Error('no session went down');
  expect(lab.causes(down).at(-1)?.type).toBe('fault-injected');
});
