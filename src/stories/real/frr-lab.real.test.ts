import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import { findFrr } from '../../programs/frr.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { LiveLab, VIP } from '../../test-support/live-lab.ts';
import { MarkedProcesses } from '../../test-support/marked-processes.ts';
import { differences, factsOf } from '../../test-support/parity.ts';
import { sortDifferences } from '../../test-support/parity-differences.ts';
import { talkLab } from '../../test-support/talk-lab.ts';

const found = await findFrr();
const machine = found.outcome === 'found' ? describe : describe.skip;
const liveLab = () => {
  if (found.outcome !== 'found') throw new Error(found.because);
  return new LiveLab(found.frr);
};

machine('The talk’s lab on real FRR', () => {
  const lab = liveLab();
  let firstAnswer = Number.NaN;

  beforeAll(async () => {
    const startedAt = performance.now();
    await lab.build();
    await lab.until(snapshot => snapshot.traffic.totals.answered > 0);
    firstAnswer = performance.now() - startedAt;
    await lab.converged();
  }, 60_000);

  afterAll(() => lab.engine.stop());

  test('answers the first request within seconds from nothing', () => {
    // Six on a machine of two cores that does nothing else, with the limit of eight; tests share it with others.
    expect(firstAnswer).toBeLessThan(10_000);
  });

  test('stands in the state of the embedded lab, but for what is explained', async () => {
    const embedded = await new DrivenLab(talkLab()).buildUpTo('clients');
    const different = differences(await factsOf(lab.engine), await factsOf(embedded.engine));
    expect(sortDifferences(different).unexplained).toEqual([]);
  });

  test('answers its clients from every pod, by both leaves', async () => {
    await lab.engine.perform({ type: 'traffic', on: true, ratePerClient: 20 });
    await lab.until(({ traffic }) => traffic.byPod.length === 4 && traffic.byLeaf.length === 2);
  });

  test('a cut link moves the border’s routes at once, and its neighbours’ within two tenths of a second', async () => {
    const gap = await lab.timeTo(
      { kind: 'link-cut', link: 'BORDER-DC:e1-1 SPINE-DC-1:e1-10' },
      event =>
        event.type === 'forwarding-changed' && event.node === 'LEAF-DC-1' && event.prefix === '1.1.1.10/32',
    );
    expect(gap).toBeGreaterThan(50);
    expect(gap).toBeLessThan(400);
    // Healed sooner, BFD would have seen nothing.
    const noticed = ({ type }: LabEvent) => type === 'bfd-went-down';
    await lab.until(() => lab.events.some(noticed));
    await lab.heal();
  }, 40_000);

  test('a silent link is found out by BFD, and everything that follows names what it follows from', async () => {
    const gap = await lab.timeTo(
      { kind: 'silent-loss', link: 'BORDER-DC:e1-1 SPINE-DC-1:e1-10', direction: 'both' },
      event =>
        event.type === 'forwarding-changed' && event.node === 'BORDER-DC' && event.prefix === '1.1.1.1/32',
    );
    expect(gap).toBeGreaterThan(600);
    expect(gap).toBeLessThan(1_500);
    const moved = lab.events.findLast(
      event =>
        event.type === 'forwarding-changed' && event.node === 'BORDER-DC' && event.prefix === '1.1.1.1/32',
    );
    const chain: string[] = [];
    for (let id = moved?.id; id !== undefined; ) {
      const event = lab.events.find(each => each.id === id);
      chain.push(event?.type ?? '?');
      id = event?.cause;
    }
    expect(chain.filter(type => !type.startsWith('notification'))).toEqual([
      'forwarding-changed',
      'route-chosen',
      'session-changed',
      'bfd-went-down',
      'fault-injected',
    ]);
    await lab.heal();
  }, 40_000);

  test('a silent leaf is out of the border’s group after about a second', async () => {
    const gap = await lab.timeTo(
      { kind: 'node-silent', node: 'LEAF-DC-1' },
      event => event.type === 'forwarding-changed' && event.node === 'BORDER-DC' && event.prefix === VIP,
    );
    expect(gap).toBeGreaterThan(600);
    expect(gap).toBeLessThan(1_700);
    await lab.heal();
  }, 40_000);

  test('a killed speaker takes its worker out of the group, and comes back by itself', async () => {
    const gap = await lab.timeTo(
      { kind: 'speaker-killed', node: 'datacenter-worker' },
      event => event.type === 'forwarding-changed' && event.node === 'BORDER-DC' && event.prefix === VIP,
    );
    expect(gap).toBeLessThan(600);
    await lab.converged(40_000);
  }, 60_000);

  test('events are in the order of their times', () => {
    const times = lab.events.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('a typed command runs on the real thing', async () => {
    const shown = await lab.engine.run('docker exec clab-dc-k8s-BORDER-DC vtysh -c "show version"');
    expect(shown.output.map(({ text }) => text).join('')).toContain('FRRouting 10');
    const asked = await lab.engine.run(
      'kubectl --context kind-client exec deploy/clients -- wget -qO- http://10.254.254.240:8080/',
    );
    expect(asked.exitCode).toBe(0);
    expect(asked.output.map(({ text }) => text).join('')).toMatch(
      /^pod=hello-\S+ node=datacenter-worker2? client=\S+\n$/,
    );
  });

  test('kubectl tells what the speakers’ real FRR says', async () => {
    const said = async (line: string) => {
      const { exitCode, output } = await lab.engine.run(line);
      const text = output.map(chunk => chunk.text).join('');
      expect(exitCode, text).toBe(0);
      return text;
    };
    const sessions = (await said('kubectl get bgpsessionstates -A --no-headers')).trim().split('\n');
    expect(sessions).toHaveLength(2);
    for (const line of sessions) expect(line).toMatch(/1\.1\.1\.20[12] +Established +N\/A$/);
    const pods = await said('kubectl get pods -n metallb-system -o wide');
    const daemon = /^(frr-k8s-daemon-\S+) .* datacenter-worker2 /m.exec(pods)?.[1];
    const asked = `kubectl -n metallb-system exec ${daemon} -c frr -- vtysh -c "show bgp summary"`;
    expect(await said(asked)).toMatch(/^1\.1\.1\.202 +4 +65302 /m);
  });
});

machine('Two labs at once', () => {
  test('do not see each other', async () => {
    const labs = [liveLab(), liveLab()];
    try {
      await Promise.all(labs.map(lab => lab.build()));
      await Promise.all(labs.map(lab => lab.converged()));
      await labs[0]?.engine.perform({ type: 'break', fault: { kind: 'node-stopped', node: 'SPINE-DC-1' } });
      await labs[0]?.until(
        ({ nodes }) => nodes.find(({ name }) => name === 'LEAF-DC-1')?.sessions?.established === 4,
      );
      const other = await labs[1]?.engine.snapshot([]);
      expect(other?.nodes.find(({ name }) => name === 'LEAF-DC-1')?.sessions).toEqual({
        established: 5,
        configured: 5,
      });
    } finally {
      const startedAt = performance.now();
      await Promise.all(labs.map(lab => lab.engine.stop()));
      expect(performance.now() - startedAt).toBeLessThan(4_000);
    }
  }, 90_000);
});

machine('Nothing is left behind', () => {
  const driver = fileURLToPath(new URL('../../test-support/frr-driver.ts', import.meta.url));
  const launcher = fileURLToPath(new URL('../../../dist/launcher.cjs', import.meta.url));

  /** Starts a lab in a process of its own and kills it that many milliseconds later, or when it is built. */
  async function killedAfter(
    milliseconds: number | 'built',
    signal: NodeJS.Signals,
  ): Promise<readonly string[]> {
    const processes = new MarkedProcesses();
    const child = spawn(process.execPath, ['--import', 'tsx', driver], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...processes.env },
    });
    const ended = new Promise(resolve => child.once('close', resolve));
    if (milliseconds === 'built')
      await new Promise<void>(resolve => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          if (text.includes('built')) resolve();
        });
      });
    else await new Promise(resolve => setTimeout(resolve, milliseconds));
    const before = processes.running().length;
    child.kill(signal);
    await ended;
    const left = await processes.until(running => running.length === 0, 2_000);
    if (milliseconds === 'built') expect(before).toBeGreaterThan(25);
    return left;
  }

  test('when the program is killed with a whole lab running', async () => {
    expect(await killedAfter('built', 'SIGKILL')).toEqual([]);
  }, 60_000);

  test('when it is killed at any moment of the build', async () => {
    for (const moment of randomMoments(10)) {
      const left = await killedAfter(moment, 'SIGKILL');
      expect(left, `killed after ${moment} ms`).toEqual([]);
    }
  }, 180_000);

  test('when somebody presses Ctrl-C at any moment of a lesson, and the program says that it was interrupted', async () => {
    for (const moment of randomMoments(20)) {
      const processes = new MarkedProcesses();
      const argv = [launcher, 'play', '05-service', '--lab', 'frr'];
      const child = spawn(process.execPath, argv, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, ...processes.env },
      });
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint += text;
      });
      const ended = new Promise<number | null>(resolve => child.once('close', resolve));
      // The moments count from when the program listens.
      await processes.until(running => running.length > 1, 10_000);
      await new Promise(resolve => setTimeout(resolve, moment));
      const pressedAt = performance.now();
      child.kill('SIGINT');
      expect(await ended, `after ${moment} ms: ${complaint}`).toBe(130);
      expect(performance.now() - pressedAt).toBeLessThan(4_000);
      expect(await processes.until(running => running.length === 0, 2_000)).toEqual([]);
      expect(complaint).not.toMatch(/^ +at /m);
    }
  }, 300_000);
});

function randomMoments(count: number): number[] {
  return Array.from({ length: count }, () => Math.round(Math.random() * 6_000));
}
