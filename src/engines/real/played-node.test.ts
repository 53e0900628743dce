import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionParameters } from '../../kube/metallb/sessions.ts';
import type { Ipv4 } from '../../net/address.ts';
import { PlayedNode, type PodServer } from './played-node.ts';
import type { HostedPod } from './pod-host.ts';

/** Writes down what is done, in order; a piece of work may be held up or fail. */
class WrittenDown extends PlayedNode {
  speakerFrozen = false;
  readonly done: string[] = [];
  failing: string | undefined;
  waiting: Promise<void> | undefined;
  serverEnds = () => {};

  constructor() {
    super({ name: 'worker', dockerAddress: '172.18.0.3', podCidr: '10.244.1.0/24' });
    this.running = true;
  }

  private async note(what: string): Promise<string | undefined> {
    await this.waiting;
    this.done.push(what);
    return this.failing;
  }

  create = async () => undefined;
  routeToPods = async () => undefined;
  async killSpeaker(signal: 'KILL' | 'TERM') {
    this.speaks = false;
    await this.note(`speaker gets ${signal}`);
  }
  async stop() {
    this.running = false;
    this.forgetEverything();
  }
  start() {
    this.running = true;
  }
  protected applyRules = (rules: string) => this.note(`rules ${rules}`);
  protected changeAddresses = (added: readonly Ipv4[], removed: readonly Ipv4[]) =>
    this.note(`addresses +${added.join()} -${removed.join()}`);
  protected startServer(onEnd: () => void): PodServer {
    this.done.push('server starts');
    this.serverEnds = onEnd;
    return {
      write: line =>
        void this.done.push(
          `serves ${(JSON.parse(line) as { pods: HostedPod[] }).pods.map(({ name }) => name).join()}`,
        ),
      stop: () => void this.done.push('server is stopped'),
    };
  }
  protected startSpeaker = () => this.note('speaker starts');
  protected changeSpeaker = () => this.note('speaker changes');
  protected async signalFrozen(frozen: boolean) {
    this.speakerFrozen = frozen;
    await this.note(frozen ? 'speaker is frozen' : 'speaker goes on');
  }
}

const pod = (name: string, address: Ipv4, alive = true): HostedPod => ({
  ...{ key: name, name, node: 'worker', address, port: 8080, alive },
});
const session = (peerAddress: Ipv4): SessionParameters => ({
  peer: 'leaf',
  peerAddress,
  peerPort: 179,
  sourceAddress: undefined,
  localAsn: 65201,
  peerAsn: 65301,
  routerId: undefined,
  holdTime: 90,
  keepaliveTime: 30,
  connectRetry: 1,
  ttl: 255,
  bfd: undefined,
  advertisements: [],
});

test('what is wanted is done in that order, and rules that are wanted no more are not set', async () => {
  const node = new WrittenDown();
  node.setRules('one');
  node.setPods([pod('a', '10.244.1.2')]);
  node.setRules('two');
  node.setRules('two');
  await node.settled();
  expect(node.done).toEqual(['server starts', 'serves a', 'addresses +10.244.1.2 -', 'rules two']);
});

test('a complaint is kept for whoever waits; what a machine that is off could not do is none', async () => {
  const node = new WrittenDown();
  node.failing = 'no such device';
  node.setRules('one');
  expect(await node.settled()).toBe('no such device');
  const off = new WrittenDown();
  off.failing = 'no such device';
  await off.stop();
  off.setRules('one');
  expect(await off.settled()).toBeUndefined();
});

describe('MetalLB’s FRR', () => {
  test('starts with its first session and then only changes; without any it ends', async () => {
    const node = new WrittenDown();
    node.setSpeaker([]);
    await node.settled();
    expect(node.done).toEqual([]);
    node.setSpeaker([session('1.1.1.201')]);
    node.setSpeaker([session('1.1.1.201')]);
    await node.settled();
    node.setSpeaker([session('1.1.1.202')]);
    await node.settled();
    node.setSpeaker(undefined);
    await node.settled();
    expect(node.done).toEqual(['speaker starts', 'speaker changes', 'speaker gets KILL']);
  });

  test('that could not start is started with what is wanted next', async () => {
    const node = new WrittenDown();
    node.failing = 'mgmtd did not start';
    node.setSpeaker([session('1.1.1.201')]);
    await node.settled();
    expect(node.speaks).toBe(false);
    node.failing = undefined;
    node.setSpeaker([session('1.1.1.202')]);
    await node.settled();
    expect(node.done).toEqual(['speaker starts', 'speaker starts']);
    expect(node.speaks).toBe(true);
  });

  test('is told nothing while it is frozen, and what is wanted then when it goes on', async () => {
    const node = new WrittenDown();
    node.setSpeaker([session('1.1.1.201')]);
    await node.freezeSpeaker(true);
    node.setSpeaker([session('1.1.1.202')]);
    await node.settled();
    await node.freezeSpeaker(false);
    await node.settled();
    expect(node.done).toEqual(['speaker starts', 'speaker is frozen', 'speaker goes on', 'speaker changes']);
  });
});

describe('The server of a node’s pods', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('hears of pods that live; while none lives there is none', () => {
    const node = new WrittenDown();
    node.setPods([pod('a', '10.244.1.2', false)]);
    expect(node.done).toEqual([]);
    node.setPods([pod('a', '10.244.1.2'), pod('b', '10.244.1.3', false)]);
    expect(node.done).toEqual(['server starts', 'serves a']);
  });

  test('that ends by itself is started again; one that was ended is not', async () => {
    const node = new WrittenDown();
    node.setPods([pod('a', '10.244.1.2')]);
    node.serverEnds();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(node.done.filter(what => what !== 'addresses +10.244.1.2 -')).toEqual([
      ...['server starts', 'serves a', 'server starts', 'serves a'],
    ]);
    node.end();
    node.serverEnds();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(node.done.at(-1)).toBe('server is stopped');
  });

  test('of a node that was off and is on again is told once more', async () => {
    const node = new WrittenDown();
    node.setPods([pod('a', '10.244.1.2')]);
    await node.stop();
    node.start();
    node.setPods([pod('a', '10.244.1.2')]);
    await node.settled();
    expect(node.done.filter(what => what.startsWith('serve'))).toEqual([
      ...['server starts', 'serves a', 'server is stopped', 'server starts', 'serves a'],
    ]);
  });
});
