import { beforeEach, describe, expect, test } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import { differencesFrom, referenceTables } from '../../lab/reference-state.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { Switch } from './switch/switch.ts';

const VIP = '10.254.254.240/32';
/** The underlay's hold time, and how often a keepalive goes out. Milliseconds. */
const HOLD = 90_000;
const KEEPALIVE = 30_000;

let lab: DrivenLab;
let seen: number;

async function labUpTo(stage: 'fabric' | 'service'): Promise<void> {
  lab = await new DrivenLab(talkLab()).buildUpTo(stage);
  lab.advance(7_321);
  seen = lab.events.length;
}

beforeEach(() => labUpTo('fabric'));

const since = () => lab.events.slice(seen);
const ofType = <T extends LabEvent['type']>(type: T) =>
  since().filter((event): event is LabEvent & { readonly type: T } => event.type === type);
const state = () => lab.snapshot(...referenceTables(lab.engine.lab));

describe('a speaker that is terminated', () => {
  test('tells each of its peers with a Cease, and none of them waits for a timer', async () => {
    const { at } = await broken({ kind: 'speaker-terminated', node: 'SPINE-DC-1' });
    lab.advance(100);
    const told = ofType('notification-received');
    expect(told.map(({ node }) => node).sort()).toEqual([
      ...['BORDER-DC', 'BORDER-DC'],
      ...['LEAF-DC-1', 'LEAF-DC-1'],
      ...['LEAF-DC-2', 'LEAF-DC-2'],
    ]);
    for (const notification of told) {
      expect(notification).toMatchObject({ code: 6, subcode: 3, text: 'Cease / Peer De-configured' });
      expect(notification.at - at).toBeLessThan(5);
    }
    expect(await lab.members('BORDER-DC', 'default', '1.1.1.1/32')).toEqual(['ethernet-1/2']);
  });

  test('is restarted by its supervisor: nothing is active, and everything is as before', async () => {
    const before = await state();
    await broken({ kind: 'speaker-terminated', node: 'LEAF-DC-1' });
    expect((await lab.snapshot()).faults).toEqual([]);
    lab.settle();
    expect(differencesFrom(before, await state())).toEqual([]);
  });

  test('on a node is a container that came to its end in good order', async () => {
    await labUpTo('service');
    await broken({ kind: 'speaker-terminated', node: 'datacenter-worker' });
    lab.advance(300);
    expect(ofType('notification-received')).toMatchObject([
      { node: 'LEAF-DC-1', instance: 'kube-ipvrf', code: 6, subcode: 3 },
    ]);
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', VIP)).toEqual(['1.1.1.2']);
    lab.settle();
    expect((await lab.members('BORDER-DC', 'kube-ipvrf', VIP)).length).toBe(2);
  });
});

describe('a speaker that is frozen', () => {
  test('for less than a hold time is noticed by nobody', async () => {
    const before = await state();
    await broken({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
    lab.advance(HOLD - KEEPALIVE - 1_000);
    expect(ofType('session-changed')).toEqual([]);
    await lab.heal();
    lab.settle();
    lab.advance(HOLD);
    expect(ofType('session-changed')).toEqual([]);
    expect(differencesFrom(before, await state())).toEqual([]);
  });

  test('is given up by its peers when their hold timers end; BFD, and what it forwards, stay', async () => {
    const { at, event } = await broken({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
    lab.settle();
    const ended = ofType('session-changed').filter(({ from }) => from === 'established');
    expect(ended.map(({ node }) => node).sort()).toEqual([
      ...['BORDER-DC', 'BORDER-DC'],
      ...['LEAF-DC-1', 'LEAF-DC-1'],
      ...['LEAF-DC-2', 'LEAF-DC-2'],
    ]);
    for (const change of ended) {
      expect(change.because).toBe('Hold Timer Expired');
      expect(change.at - at).toBeGreaterThan(HOLD - KEEPALIVE - 100);
      expect(change.at - at).toBeLessThan(HOLD);
      expect(lab.causes(change).at(-1)?.id).toBe(event);
    }
    expect(ofType('bfd-went-down')).toEqual([]);
    expect((await lab.rows({ name: 'bfd', node: 'SPINE-DC-1' })).map(row => row.state)).toEqual([
      ...['up', 'up', 'up'],
    ]);
    // Its own tables are those of a process that knows nothing of all this.
    expect((await lab.rows({ name: 'sessions', node: 'SPINE-DC-1' })).map(row => row.state)).toEqual(
      Array(6).fill('established'),
    );
    expect(await lab.members('SPINE-DC-1', 'default', '1.1.1.1/32')).toEqual(['ethernet-1/1']);
    expect(await lab.members('BORDER-DC', 'default', '1.1.1.1/32')).toEqual(['ethernet-1/2']);
  });

  test('stands still because of what stopped it, whatever is committed on the switch meanwhile', async () => {
    const { event } = await broken({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
    const { running } = lab.engine;
    const config = running.runningConfig('SPINE-DC-1');
    if (config === undefined) throw new Error('no configuration');
    running.applyConfig('SPINE-DC-1', config, ['nothing of this changes a peer']);
    lab.settle();
    const ended = ofType('session-changed').filter(({ from }) => from === 'established');
    expect(ended.length).toBe(6);
    for (const change of ended) expect(lab.causes(change).at(-1)?.id).toBe(event);
  });

  test('counts a message when it takes it, not when its kernel does', async () => {
    const spine = lab.engine.running.world.device('SPINE-DC-1');
    const process = spine instanceof Switch ? spine.instances.get('default')?.process : undefined;
    const heard = () => process?.countsOf('10.1.10.1').received.keepalive ?? 0;
    await broken({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
    const before = heard();
    lab.advance(KEEPALIVE + 1_000);
    expect(heard()).toBe(before);
    await lab.heal();
    expect(heard()).toBe(before + 1);
  });

  test('lets its kernel take its peers’ connections, over which no OPEN comes', async () => {
    await broken({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
    lab.settle();
    lab.advance(20_000);
    const [session] = (await lab.rows({ name: 'sessions', node: 'BORDER-DC' })).filter(
      ({ peer }) => peer === '10.1.10.0',
    );
    expect(session?.state).toBe('opensent');
  });

  test('finds its own hold timers run out when it goes on, and is its old self again', async () => {
    const before = await state();
    await broken({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
    lab.settle();
    lab.advance(20_000);
    seen = lab.events.length;
    await lab.heal();
    const own = ofType('notification-sent').filter(({ node }) => node === 'SPINE-DC-1');
    expect(own.map(({ text }) => text)).toEqual(Array(6).fill('Hold Timer Expired'));
    for (const event of own) expect(lab.causes(event).map(({ type }) => type)).toContain('fault-healed');
    lab.settle();
    expect(differencesFrom(before, await state())).toEqual([]);
  });

  test('hears only afterwards that BFD was down meanwhile', async () => {
    const link = 'BORDER-DC:e1-1 SPINE-DC-1:e1-10';
    const before = await state();
    await broken({ kind: 'speaker-frozen', node: 'SPINE-DC-1' });
    await lab.break({ kind: 'silent-loss', link, direction: 'both' });
    lab.advance(3_000);
    await lab.heal(`silent-loss ${link} both`);
    lab.advance(5_000);
    const ofSpine = () => ofType('session-changed').filter(({ node }) => node === 'SPINE-DC-1');
    expect(ofSpine()).toEqual([]);
    await lab.heal();
    expect(ofSpine()[0]).toMatchObject({
      peer: '10.1.10.1',
      from: 'established',
      because: 'Cease / BFD Down',
    });
    lab.settle();
    expect(differencesFrom(before, await state())).toEqual([]);
  });

  test('on a node keeps its service announced until the leaf’s hold timer ends', async () => {
    await labUpTo('service');
    const { at } = await broken({ kind: 'speaker-frozen', node: 'datacenter-worker' });
    lab.settle();
    const lost = ofType('route-lost').find(({ node, prefix }) => node === 'LEAF-DC-1' && prefix === VIP);
    expect((lost?.at ?? 0) - at).toBeGreaterThan(HOLD - KEEPALIVE - 100);
    expect((lost?.at ?? 0) - at).toBeLessThan(HOLD + 100);
    await lab.heal();
    lab.settle();
    expect((await lab.members('BORDER-DC', 'kube-ipvrf', VIP)).length).toBe(2);
  });

  test('can neither be frozen twice, nor killed or terminated, before it is healed', async () => {
    await labUpTo('service');
    for (const node of ['SPINE-DC-1', 'datacenter-worker']) {
      const { event } = await broken({ kind: 'speaker-frozen', node });
      expect(await lab.break({ kind: 'speaker-frozen', node })).toEqual({ outcome: 'done', event });
      for (const kind of ['speaker-killed', 'speaker-terminated'] as const)
        expect(await lab.break({ kind, node })).toMatchObject({
          outcome: 'refused',
          nextSteps: ['Heal that first.'],
        });
    }
  });

  test('is gone with its node: the one that boots is not frozen', async () => {
    await labUpTo('service');
    const before = await state();
    for (const node of ['SPINE-DC-1', 'datacenter-worker']) {
      await broken({ kind: 'speaker-frozen', node });
      await lab.break({ kind: 'node-stopped', node });
      lab.advance(10);
      expect((await lab.snapshot()).faults.map(({ fault }) => fault.kind)).toEqual(['node-stopped']);
      await lab.heal();
    }
    lab.settle();
    expect(differencesFrom(before, await state())).toEqual([]);
  });
});

async function broken(fault: Parameters<DrivenLab['break']>[0]) {
  const at = lab.now();
  const result = await lab.break(fault);
  if (result.outcome !== 'done') throw new Error(result.because);
  return { at, event: result.event };
}
