import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Fault, faultId } from '../../../lab/fault.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import { plannedText } from '../../../programs/planned-command.ts';
import { fakeMachine } from '../../../test-support/fake-machine.ts';
import { liteLab } from '../../../test-support/lite-lab.ts';
import { EventLog } from '../../real/event-log.ts';
import type { Ledger } from '../ledger.ts';
import { FaultKit } from './fault-kit.ts';
import type { Hands } from './hands.ts';

const lab = liteLab();
const LINK = 'BORDER-DC:e1-1 SPINE-DC-1:e1-10';
const flap: Fault = { kind: 'link-flap', link: LINK, downMs: 1_000, upMs: 2_000, times: 3 };

/** A kit whose commands are written down; `hold` makes the next ones wait. */
function kit(left?: Partial<Ledger>, { nft = true } = {}) {
  const machine = fakeMachine(lab, '/lab', left);
  const ran: string[] = [];
  const stopped = new Set<string>();
  let waiting: Promise<void> | undefined;
  const runAll = async (commands: readonly PlannedCommand[]) => {
    ran.push(...commands.map(command => plannedText(command).replace('docker exec clab-dc-k8s-', '')));
    await waiting;
    return undefined;
  };
  const events = new EventLog(() => 0);
  const faults = new FaultKit({
    machine,
    watch: {
      isPlugged: () => true,
      containers: { stateOf: (node: string) => (stopped.has(node) ? 'stopped' : 'running') },
    } as unknown as ConstructorParameters<typeof FaultKit>[0]['watch'],
    hands: { runAll, has: async () => nft } as unknown as Hands,
    time: { now: () => 0 } as unknown as ConstructorParameters<typeof FaultKit>[0]['time'],
    events,
    chronicle: { begin: () => {} } as unknown as ConstructorParameters<typeof FaultKit>[0]['chronicle'],
    onPortsBack: () => {},
  });
  return {
    faults,
    machine,
    /** Nodes whose containers do not run, as far as Docker's events tell. */
    stopped,
    /** What was run since the last time. */
    since: () => ran.splice(0),
    /** Commands wait until what comes back is called. */
    hold() {
      let go = () => {};
      waiting = new Promise(resolve => {
        go = resolve;
      });
      return () => {
        waiting = undefined;
        go();
      };
    },
  };
}

const DOWN = ['BORDER-DC ip link set dev e1-1 down', 'SPINE-DC-1 ip link set dev e1-10 down'];
const UP = ['BORDER-DC ip link set dev e1-1 up', 'SPINE-DC-1 ip link set dev e1-10 up'];

describe('A flapping link', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('goes down and comes up as often as it was told, then heals by itself', async () => {
    const { faults, since } = kit();
    await faults.break(flap);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(since()).toEqual([...DOWN, ...UP, ...DOWN, ...UP, ...DOWN, ...UP]);
    expect(faults.active.size).toBe(0);
  });

  test('that is healed while it is down comes up and stays up', async () => {
    const { faults, since } = kit();
    await faults.break(flap);
    await vi.advanceTimersByTimeAsync(500);
    await faults.heal(faultId(flap));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(since()).toEqual([...DOWN, ...UP]);
  });

  test('that is healed at the very moment when it is taken down or up stays up', async () => {
    for (const moment of [1_000, 3_000]) {
      const { faults, since, hold } = kit();
      await faults.break(flap);
      await vi.advanceTimersByTimeAsync(moment - 1);
      since();
      const go = hold();
      await vi.advanceTimersByTimeAsync(1);
      const healed = faults.heal(faultId(flap));
      go();
      await healed;
      await vi.advanceTimersByTimeAsync(20_000);
      expect(since()).toEqual(moment === 1_000 ? UP : [...DOWN, ...UP]);
      expect(faults.active.size).toBe(0);
    }
  });

  test('whose link is cut by another fault, too, stays down until that is healed', async () => {
    const { faults, since } = kit();
    const cut: Fault = { kind: 'link-cut', link: LINK };
    await faults.break(cut);
    await faults.break(flap);
    await vi.advanceTimersByTimeAsync(500);
    expect(since()).toEqual(DOWN);
    await vi.advanceTimersByTimeAsync(600);
    await faults.heal(faultId(cut));
    expect(since()).toEqual(UP);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(since()).toEqual([...DOWN, ...UP, ...DOWN, ...UP]);
  });

  test('of a tutor that was killed shows as the ports are, and is healed whichever way it was left', async () => {
    const first = kit();
    await first.faults.break(flap);
    await vi.advanceTimersByTimeAsync(1_500);
    first.faults.stop();
    const next = kit({ faults: first.machine.ledger.ledger.faults });
    expect(next.faults.follow()).toEqual([flap]);
    const link = lab.links.find(({ id }) => id === LINK);
    expect(link === undefined || next.faults.ports.stateOf(link) === 'down').toBe(false);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(next.since()).toEqual([]);
    await next.faults.heal('all');
    expect(next.since()).toEqual(UP);
    expect(next.machine.ledger.ledger.faults).toEqual([]);
  });
});

describe('A switch that is started again', () => {
  test('finds its links as they were: cut, and deaf', async () => {
    const { faults, since, stopped } = kit();
    await faults.break({ kind: 'node-stopped', node: 'BORDER-DC' });
    stopped.add('BORDER-DC');
    since();
    await faults.break({ kind: 'link-cut', link: LINK });
    await faults.break({
      kind: 'silent-loss',
      link: 'BORDER-DC:e1-2 SPINE-DC-2:e1-10',
      direction: 'b-to-a',
    });
    // Nothing can be done at a node that does not run.
    expect(since()).toEqual(['SPINE-DC-1 ip link set dev e1-10 down']);
    await faults.heal('node-stopped BORDER-DC');
    const after = since();
    expect(after[0]).toMatch(/containerlab start .*BORDER-DC/);
    // switch.sh switches a port on when it sees its cable: it is waited for.
    expect(after[1]).toMatch(/BORDER-DC sh -c .* e1-1$/);
    expect(after[2]).toBe('BORDER-DC ip link set dev e1-1 down');
    expect(after[3]).toMatch(/BORDER-DC sh -c .* e1-2$/);
    expect(after[4]).toMatch(/^BORDER-DC nft 'add table netdev srklab-loss; add chain .*in-e1-2/);
    expect(after).toHaveLength(5);
  });
});

test('Whoever only looks sees what another breaks and heals, and does nothing about it', async () => {
  const holder = kit();
  const watcher = kit();
  const see = () => watcher.machine.ledger.change(() => holder.machine.ledger.ledger);
  await holder.faults.break({ kind: 'link-cut', link: LINK });
  await see();
  watcher.faults.follow();
  const link = lab.links.find(({ id }) => id === LINK);
  expect(link !== undefined && watcher.faults.ports.stateOf(link) === 'down').toBe(true);
  await holder.faults.heal('all');
  await see();
  expect(watcher.faults.follow()).toEqual([]);
  expect(link !== undefined && watcher.faults.ports.stateOf(link) === 'down').toBe(false);
  expect(watcher.faults.active.size).toBe(0);
  expect(watcher.since()).toEqual([]);
});

test('Loss in one direction makes one end deaf, the one that should have heard', async () => {
  const { faults, since } = kit();
  for (const [direction, deaf] of [
    ['a-to-b', 'SPINE-DC-1'],
    ['b-to-a', 'BORDER-DC'],
  ] as const) {
    await faults.break({ kind: 'silent-loss', link: LINK, direction });
    expect(since().map(line => line.split(' ')[0])).toEqual([deaf]);
    await faults.heal('all');
    expect(since().map(line => line.split(' ')[0])).toEqual([deaf]);
  }
});

describe('What an end sends is impaired by netem', () => {
  const late: Fault = {
    kind: 'link-impaired',
    link: LINK,
    direction: 'a-to-b',
    delayMs: 100,
    jitterMs: 10,
    lossPercent: 0.5,
  };
  const netem = (lines: readonly string[]) => lines.map(line => line.replace(/^.*containerlab tools /, ''));
  const at = '-n clab-dc-k8s-BORDER-DC -i e1-1';

  test('where it leaves the container; healing takes it away', async () => {
    const { faults, since, machine } = kit();
    await faults.break(late);
    expect(netem(since())).toEqual([`netem set ${at} --delay 100ms --jitter 10ms --loss 0.5`]);
    expect(machine.ledger.ledger.faults[0]?.heal.map(({ argv }) => argv.slice(-6).join(' '))).toEqual([
      `netem reset ${at}`,
    ]);
    await faults.heal('all');
    expect(netem(since())).toEqual([`netem reset ${at}`]);
    expect(faults.active.size).toBe(0);
  });

  test('and everything is lost while the link is silent, too: each set replaces what was there', async () => {
    const silent: Fault = { kind: 'silent-loss', link: LINK, direction: 'a-to-b' };
    const { faults, since } = kit(undefined, { nft: false });
    await faults.break(late);
    await faults.break(silent);
    await faults.heal(faultId(silent));
    expect(netem(since())).toEqual([
      `netem set ${at} --delay 100ms --jitter 10ms --loss 0.5`,
      `netem set ${at} --loss 100`,
      `netem set ${at} --delay 100ms --jitter 10ms --loss 0.5`,
    ]);
    await faults.break(silent);
    await faults.heal(faultId(late));
    await faults.heal(faultId(silent));
    expect(netem(since())).toEqual([
      `netem set ${at} --loss 100`,
      `netem set ${at} --loss 100`,
      `netem reset ${at}`,
    ]);
  });

  test('again when its container was started again', async () => {
    const { faults, since } = kit();
    await faults.break(late);
    await faults.break({ kind: 'node-stopped', node: 'BORDER-DC' });
    since();
    await faults.heal('node-stopped BORDER-DC');
    expect(netem(since()).at(-1)).toBe(`netem set ${at} --delay 100ms --jitter 10ms --loss 0.5`);
  });
});
