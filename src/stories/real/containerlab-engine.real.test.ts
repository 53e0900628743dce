import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContainerlabEngine } from '../../engines/containerlab/containerlab-engine.ts';
import { healAll } from '../../engines/containerlab/heal.ts';
import type { LabEngine } from '../../lab/engine.ts';
import type { LabEvent } from '../../lab/event.ts';
import type { Fault } from '../../lab/fault.ts';
import { rowsOf, type Snapshot, type TableRef } from '../../lab/snapshot.ts';
import {
  type ContainerLab,
  containerLab,
  engineOf,
  isContainerMachine,
  takeDown,
} from '../../test-support/container-lab.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { engineConformance } from '../../test-support/engine-conformance.ts';
import { type Comparison, compareEngines } from '../../test-support/parity-pair.ts';
import { settle } from '../../test-support/settle.ts';
import { recordedTimers, talkLab } from '../../test-support/talk-lab.ts';

/** `npm run test:real` prepares Docker and containerlab, where they can be had. */
const machine = isContainerMachine ? describe : describe.skip;

const LINK = 'BORDER-DC:e1-1 SPINE-DC-1:e1-10';

/** Asks until it holds; after `limit` milliseconds the last snapshot is the failure. */
async function until(
  engine: LabEngine,
  holds: (snapshot: Snapshot) => boolean,
  wanted: readonly TableRef[] = [],
  limit = 90_000,
): Promise<void> {
  const end = performance.now() + limit;
  for (;;) {
    const snapshot = await engine.snapshot(wanted);
    if (holds(snapshot)) return;
    if (performance.now() > end)
      throw new Error(`not within ${limit} ms: ${JSON.stringify([snapshot.nodes, snapshot.traffic.totals])}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

machine(
  'The containerlab engine',
  () => {
    const lab = containerLab('srklab-conf', { octet: 26, change: recordedTimers });

    afterAll(() => takeDown(lab), 60_000);

    engineConformance(async () => {
      const engine = await engineOf(lab);
      // Each promise is kept from nothing, and the lab outlives an engine.
      await engine.perform({ type: 'restore', stage: 'empty' });
      const drive = async <T>(promise: Promise<T>): Promise<T> => {
        const result = await promise;
        const { nodes } = await engine.snapshot([]);
        if (nodes.some(({ state }) => state !== 'absent')) await settle(engine, 2_000);
        return result;
      };
      return { engine, drive };
    }, 'fabric');
  },
  120_000,
);

machine('The light lab by containerlab says what the embedded lab says', () => {
  const lab = containerLab('srklab-pair', { octet: 27, change: recordedTimers });
  const embedded = new DrivenLab(talkLab(recordedTimers));
  let engine: ContainerlabEngine;
  const events: LabEvent[] = [];

  beforeAll(async () => {
    engine = await engineOf(lab);
    engine.subscribe(batch => events.push(...batch));
  });

  afterAll(() => takeDown(lab, engine), 60_000);

  const compare = (moment: string): Promise<Comparison> => compareEngines(embedded, engine, moment, 150_000);

  async function buildUpTo(stages: readonly string[]): Promise<void> {
    for (const stage of stages) expect(await engine.build(stage)).toEqual({ outcome: 'done' });
    await embedded.buildUpTo(stages.at(-1) ?? '');
  }

  async function both(command: Parameters<LabEngine['perform']>[0]): Promise<void> {
    expect((await embedded.engine.perform(command)).outcome).toBe('done');
    expect(await engine.perform(command)).toMatchObject({ outcome: 'done' });
    embedded.settle();
    // Sessions between loopbacks have no BFD: their hold time is 9 s here.
    embedded.advance(120_000);
    embedded.settle();
  }

  test.each([
    ['fabric', ['network', 'fabric']],
    ['links', ['clusters', 'images', 'links']],
    ['metallb', ['metallb']],
    ['service', ['app', 'service']],
  ] as const)(
    'after the stage %s',
    async (stage, stages) => {
      await buildUpTo(stages);
      expect((await compare(`stage ${stage}`)).unexplained).toEqual([]);
    },
    180_000,
  );

  test('requests from the clients are answered by every pod, over both leaves', async () => {
    await buildUpTo(['clients']);
    await engine.perform({ type: 'traffic', on: true, ratePerClient: 10 });
    await until(engine, ({ traffic }) => traffic.byPod.length === 4 && traffic.byLeaf.length === 2);
    await engine.perform({ type: 'traffic', on: true, ratePerClient: 2 });
  }, 120_000);

  test.each<[string, Fault]>([
    ['a cut link', { kind: 'link-cut', link: LINK }],
    ['a silent link', { kind: 'silent-loss', link: LINK, direction: 'both' }],
    ['a silent leaf', { kind: 'node-silent', node: 'LEAF-DC-1' }],
    ['a stopped spine', { kind: 'node-stopped', node: 'SPINE-DC-1' }],
    ['a stopped leaf', { kind: 'node-stopped', node: 'LEAF-DC-2' }],
  ])(
    'with %s, and healed',
    async (name, fault) => {
      await both({ type: 'break', fault });
      const broken = await compare(`${name}`);
      await both({ type: 'heal', fault: 'all' });
      const healed = await compare(`${name}, healed`);
      expect({ broken: broken.unexplained, healed: healed.unexplained }).toEqual({ broken: [], healed: [] });
    },
    300_000,
  );

  test('what a silent link changes in the border’s forwarding is led back to the fault', async () => {
    const result = await engine.perform({
      type: 'break',
      fault: { kind: 'silent-loss', link: LINK, direction: 'both' },
    });
    const first = result.outcome === 'done' ? (result.event ?? 0) : 0;
    const isMove = (event: LabEvent) =>
      event.id > first &&
      event.type === 'forwarding-changed' &&
      event.node === 'BORDER-DC' &&
      event.prefix === '1.1.1.1/32';
    await until(engine, () => events.some(isMove));
    const chain: LabEvent[] = [];
    for (let event = events.find(isMove); event !== undefined; ) {
      chain.push(event);
      const { cause } = event;
      event = events.find(each => each.id === cause);
    }
    // Whatever comes of it, a second try begins with a lab that is whole.
    await engine.perform({ type: 'heal', fault: 'all' });
    // What BFD found out is not always heard: then the session's end names what BGP was told.
    const types = chain.map(({ type }) => type);
    const told = JSON.stringify({ chain, meanwhile: events.filter(({ id }) => id > first).slice(0, 40) });
    expect(types.slice(0, 3), told).toEqual(['forwarding-changed', 'route-chosen', 'session-changed']);
    expect(types.at(-1), told).toBe('fault-injected');
  }, 120_000);

  test('a switch that is paused is unknown since then, and shows nothing old', async () => {
    const machine = await lab.machine();
    await machine.docker.pause('clab-srklab-pair-SPINE-DC-2');
    await until(engine, ({ nodes }) =>
      nodes.some(each => each.name === 'SPINE-DC-2' && each.unknown !== undefined),
    );
    const snapshot = await engine.snapshot([{ name: 'sessions', node: 'SPINE-DC-2' }]);
    expect(rowsOf(snapshot, { name: 'sessions', node: 'SPINE-DC-2' })).toEqual([]);
    await machine.docker.unpause('clab-srklab-pair-SPINE-DC-2');
    await until(engine, ({ nodes }) => nodes.every(each => each.unknown === undefined));
  }, 120_000);
});

machine('A tutor that is killed while something is broken', () => {
  const lab: ContainerLab = containerLab('srklab-kill', { octet: 28 });
  const driver = fileURLToPath(new URL('../../test-support/container-driver.ts', import.meta.url));

  afterAll(() => takeDown(lab), 60_000);

  /** Another process breaks something and is killed the hard way. */
  async function brokenByOneThatDies(fault: Fault = { kind: 'link-cut', link: LINK }): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', driver, lab.labFile, JSON.stringify(fault)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: lab.env,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('exit', code => reject(new Error(`it ended by itself: ${code}`)));
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('broken')) resolve();
      });
    });
    const ended = new Promise(resolve => child.once('close', resolve));
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    await ended;
  }

  test('leaves it in the ledger: the next one finds it, adopts the lab and heals', async () => {
    const builder = await engineOf(lab);
    for (const stage of ['network', 'fabric'])
      expect(await builder.build(stage)).toEqual({ outcome: 'done' });
    await builder.stop();
    await brokenByOneThatDies();

    const next = await engineOf(lab);
    expect(await next.attach()).toEqual({
      stages: ['network', 'fabric'],
      broken: [{ kind: 'link-cut', link: LINK }],
    });
    await until(next, ({ links }) => links.find(({ id }) => id === LINK)?.state === 'down');
    expect(await next.perform({ type: 'heal', fault: 'all' })).toMatchObject({ outcome: 'done' });
    await until(
      next,
      ({ links, faults }) => faults.length === 0 && links.find(({ id }) => id === LINK)?.bgp === 'up',
    );
    await next.stop();
    expect((await lab.machine()).ledger.ledger.faults).toEqual([]);
  }, 180_000);

  test('leaves what heals it in such words that it needs no engine', async () => {
    await brokenByOneThatDies();
    const machine = await lab.machine();
    expect(machine.ledger.ledger.faults).toMatchObject([{ id: `link-cut ${LINK}` }]);
    expect(await healAll(machine)).toEqual([]);
    const engine = await engineOf(lab);
    await until(
      engine,
      ({ links, faults }) => faults.length === 0 && links.find(({ id }) => id === LINK)?.bgp === 'up',
    );
    await engine.stop();
  }, 120_000);

  test('in the middle of a flap leaves a link that shows as it is, and heals', async () => {
    const fault: Fault = { kind: 'link-flap', link: LINK, downMs: 60_000, upMs: 60_000, times: 5 };
    await brokenByOneThatDies(fault);
    const next = await engineOf(lab);
    expect((await next.attach()) as { broken: unknown }).toMatchObject({ broken: [fault] });
    const stateOf = (snapshot: Snapshot) => snapshot.links.find(({ id }) => id === LINK);
    await until(next, snapshot => stateOf(snapshot)?.state === 'down');
    expect(await next.perform({ type: 'heal', fault: 'all' })).toMatchObject({ outcome: 'done' });
    await until(next, snapshot => snapshot.faults.length === 0 && stateOf(snapshot)?.bgp === 'up');
    await next.stop();
    expect((await lab.machine()).ledger.ledger.faults).toEqual([]);
  }, 120_000);
});
