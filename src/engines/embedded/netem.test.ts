import { beforeEach, describe, expect, it } from 'vitest';
import { differencesFrom, referenceTables } from '../../lab/reference-state.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { typed } from '../../test-support/typed.ts';

const uplink = '-n clab-dc-k8s-LEAF-DC-1 -i e1-1';
const ping = 'docker exec clab-dc-k8s-LEAF-DC-1 sr_cli "ping 10.1.1.0 network-instance default -c 20"';

describe('netem at one end of a link', () => {
  let lab: DrivenLab;

  beforeEach(async () => {
    lab = await new DrivenLab(talkLab()).buildUpTo('clients');
  });

  it('delays what that end sends, and only that', async () => {
    await typed(lab, `containerlab tools netem set ${uplink} --delay 100ms`);
    const { text } = await typed(lab, ping);
    expect(text).toContain('0% packet loss');
    expect(text).toContain('rtt min/avg/max = 100.100/100.100/100.100 ms');
  });

  it('loses about as many packets as it is told to, spread by chance', async () => {
    await typed(lab, `containerlab tools netem set ${uplink} --loss 30`);
    const { text } = await typed(lab, ping.replace('-c 20', '-c 200'));
    const received = Number(/(\d+) received/.exec(text)?.[1]);
    expect(received).toBeGreaterThan(110);
    expect(received).toBeLessThan(170);
  });

  it('replaces all that was set there before, shows it in containerlab’s columns, and resets it', async () => {
    await typed(lab, `containerlab tools netem set ${uplink} --delay 1.5s --jitter 10ms`);
    const second = await typed(lab, `containerlab tools netem set ${uplink} --loss 12.5`);
    expect(second.lines).toEqual([
      '╭───────────┬───────┬────────┬─────────────┬─────────────┬────────────╮',
      '│ Interface │ Delay │ Jitter │ Packet Loss │ Rate (Kbit) │ Corruption │',
      '├───────────┼───────┼────────┼─────────────┼─────────────┼────────────┤',
      '│ e1-1      │ 0s    │ 0s     │ 12.50%      │ 0           │ 0.00%      │',
      '╰───────────┴───────┴────────┴─────────────┴─────────────┴────────────╯',
      '',
    ]);
    const shown = await typed(lab, 'containerlab tools netem show -n clab-dc-k8s-LEAF-DC-1');
    expect(shown.lines).toContain('│ e1-2      │ N/A   │ N/A    │ N/A         │ N/A         │ N/A        │');
    expect((await typed(lab, `containerlab tools netem reset ${uplink}`)).text).toBe(
      'Reset impairments on node "clab-dc-k8s-LEAF-DC-1", interface "e1-1"\n',
    );
    expect((await lab.snapshot()).faults).toEqual([]);
  });

  it.each([
    ['--jitter 5ms', 'jitter cannot be set without setting delay'],
    ['--loss 101', 'packet loss must be in the range between 0 and 100'],
    ['--delay 100', 'missing unit in duration "100"'],
    ['--rate 1000', '--rate is not modelled'],
    ['--bogus', 'unknown flag: --bogus'],
  ])('refuses %s', async (flags, because) => {
    const { code, text } = await typed(lab, `containerlab tools netem set ${uplink} ${flags}`);
    expect(code).toBe(1);
    expect(text).toContain(because);
  });

  it('makes BFD and with it BGP go down by chance, again and again, until it is reset', async () => {
    await typed(lab, `containerlab tools netem set ${uplink} --loss 60`);
    lab.advance(120_000);
    const down = lab.events.filter(({ type }) => type === 'bfd-went-down');
    const by = down.map(event => ('diagnostic' in event ? event.diagnostic : ''));
    expect(by).toContain('control-detection-time-expired');
    expect(by.length).toBeGreaterThan(4);
    const first = down[0];
    expect(first && lab.causes(first).map(({ type }) => type)).toContain('fault-injected');
    await typed(lab, `containerlab tools netem reset ${uplink}`);
    lab.settle();
    const since = lab.events.length;
    lab.advance(120_000);
    expect(lab.events.slice(since).filter(({ type }) => type === 'bfd-went-down')).toEqual([]);
  });

  it('leaves BGP’s messages to retransmission: a little loss delays them and ends no session', async () => {
    const before = (await lab.rows({ name: 'sessions', node: 'LEAF-DC-1' })).map(({ state, since }) => [
      state,
      since,
    ]);
    await typed(lab, 'containerlab tools netem set -n clab-dc-k8s-LEAF-DC-1 -i e1-10 --loss 30');
    lab.advance(300_000);
    const after = (await lab.rows({ name: 'sessions', node: 'LEAF-DC-1' })).map(({ state, since }) => [
      state,
      since,
    ]);
    expect(after).toEqual(before);
  });

  it('makes requests slow by retransmission before it makes them fail', async () => {
    await typed(lab, 'containerlab tools netem set -n clab-dc-k8s-BORDER-DC -i e1-1 --loss 20');
    await typed(lab, 'containerlab tools netem set -n clab-dc-k8s-BORDER-DC -i e1-2 --loss 20');
    lab.advance(5_000);
    const { recent } = (await lab.snapshot()).traffic;
    const waits = recent.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]));
    expect(waits.some(wait => wait > 200)).toBe(true);
    expect(waits.some(wait => wait < 10)).toBe(true);
  });

  it('loses requests whose answers come later than the clients wait', async () => {
    await typed(lab, 'containerlab tools netem set -n clab-dc-k8s-BORDER-DC -i e1-1 --delay 1200ms');
    await typed(lab, 'containerlab tools netem set -n clab-dc-k8s-BORDER-DC -i e1-2 --delay 1200ms');
    lab.advance(4_000);
    const lost = lab.events.findLast(({ type }) => type === 'request-lost');
    expect(lost && 'because' in lost ? lost.because : '').toMatch(/^the answer would take 24\d\d ms$/);
  });

  it('leads to the same events byte for byte, and back to where the lab was', async () => {
    const reference = await lab.snapshot(...referenceTables(lab.engine.lab));
    const runs = await Promise.all(
      [lab, await new DrivenLab(talkLab()).buildUpTo('clients')].map(async run => {
        await typed(run, `containerlab tools netem set ${uplink} --delay 20ms --jitter 15ms --loss 50`);
        run.advance(60_000);
        await run.heal();
        run.settle();
        return run;
      }),
    );
    expect(JSON.stringify(runs[1]?.events)).toBe(JSON.stringify(lab.events));
    expect(differencesFrom(reference, await lab.snapshot(...referenceTables(lab.engine.lab)))).toEqual([]);
  });
});
