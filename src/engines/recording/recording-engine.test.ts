import { describe, expect, it } from 'vitest';
import { readRecording } from '../../lab/recording.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { replaced, talkLab } from '../../test-support/talk-lab.ts';
import { recorded } from '../wrap/recorded-engine.ts';
import { createRecordingEngine } from './recording-engine.ts';

const lab = talkLab();
const sessions = { name: 'sessions' } as const;
const link = 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1';

/** A fabric is built, a link cut and healed, a command typed; all of it recorded. */
async function record(): Promise<string> {
  const driven = new DrivenLab(lab);
  const lines: string[] = [];
  const engine = recorded(
    driven.engine,
    line => lines.push(line),
    () => 0,
  );
  const wound = async <T>(promise: Promise<T>): Promise<T> => {
    driven.settle();
    return promise;
  };
  await engine.snapshot([sessions]);
  await wound(engine.build('network'));
  await wound(engine.build('fabric'));
  driven.settle();
  await engine.snapshot([sessions]);
  await engine.perform({ type: 'break', fault: { kind: 'link-cut', link } });
  driven.settle();
  await engine.snapshot([sessions]);
  const ran = engine.run('docker exec clab-dc-k8s-LEAF-DC-1 sr_cli "show version"');
  driven.advance(10);
  await ran;
  await engine.perform({ type: 'heal', fault: 'all' });
  driven.settle();
  await engine.snapshot([sessions]);
  await engine.stop();
  return `${lines.join('\n')}\n`;
}

const text = record();

async function replay() {
  const reading = readRecording(await text, lab);
  if (reading.outcome === 'refused') throw new Error(reading.because);
  return createRecordingEngine(lab, reading.recording);
}

async function established(engine: Awaited<ReturnType<typeof replay>>): Promise<number> {
  const rows = (await engine.snapshot([sessions])).tables.get('sessions') as { state: string }[] | undefined;
  return rows?.filter(row => row.state === 'established').length ?? -1;
}

describe('a recording', () => {
  it('answers as it was answered then, in the time it took then', async () => {
    const engine = await replay();
    const events: string[] = [];
    engine.subscribe(batch => events.push(...batch.map(({ type }) => type)));
    const network = engine.build('network');
    engine.clock.runUntilQuiet();
    expect(await network).toEqual({ outcome: 'done' });
    const fabric = engine.build('fabric');
    expect(engine.clock.busy()).toBe(true);
    const before = engine.clock.now();
    engine.clock.runUntilQuiet();
    expect(await fabric).toEqual({ outcome: 'done' });
    expect(engine.clock.now() - before).toBeGreaterThan(1000);
    engine.clock.advance(60_000);
    expect(await established(engine)).toBe(24);
    expect(events.filter(type => type === 'node-started')).toHaveLength(5);

    const broken = engine.perform({ type: 'break', fault: { kind: 'link-cut', link } });
    engine.clock.advance(0);
    expect(await broken).toMatchObject({ outcome: 'done' });
    // The overlay session between the two has no other way and lives until its hold timer ends.
    engine.clock.advance(120_000);
    expect(await established(engine)).toBe(20);
    const ran = engine.run('docker exec clab-dc-k8s-LEAF-DC-1 sr_cli "show version"');
    engine.clock.advance(60_000);
    expect((await ran).output.map(chunk => chunk.text).join('')).toMatch(/^Hostname +: LEAF-DC-1$/m);
  });

  it('stands still before what nobody asks again', async () => {
    const engine = await replay();
    engine.clock.advance(3_600_000);
    expect(engine.clock.now()).toBe(3_600_000);
    expect((await engine.snapshot([])).at).toBe(3_600_000);
    expect((await engine.snapshot([])).stages.every(stage => stage.progress === 'waiting')).toBe(true);
  });

  it('refuses what was not done in it', async () => {
    const engine = await replay();
    expect(
      await engine.perform({ type: 'break', fault: { kind: 'node-stopped', node: 'SPINE-DC-1' } }),
    ).toMatchObject({
      outcome: 'refused',
      because: 'this is a recording, and that was not done in it',
    });
    expect((await engine.run('kubectl get pods')).exitCode).toBe(127);
  });

  it('goes to any stage it holds, back and forth', async () => {
    const engine = await replay();
    expect(await engine.perform({ type: 'restore', stage: 'fabric' })).toEqual({ outcome: 'done' });
    expect(await established(engine)).toBe(24);
    expect(await engine.perform({ type: 'restore', stage: 'empty' })).toEqual({ outcome: 'done' });
    expect((await engine.snapshot([])).nodes.every(node => node.state === 'absent')).toBe(true);
    expect(await engine.perform({ type: 'restore', stage: 'clients' })).toEqual({
      outcome: 'refused',
      because: 'the recording never builds stage "clients"',
      nextSteps: ['It builds: network, fabric.'],
    });
  });

  it('is refused when it is cut off, damaged, foreign, or nothing of the kind', async () => {
    const whole = await text;
    const because = (changed: string, of = lab) => {
      const reading = readRecording(changed, of);
      return reading.outcome === 'refused' ? reading.because : 'read';
    };
    expect(because(whole)).toBe('read');
    expect(because(whole.slice(0, whole.lastIndexOf('{')))).toBe('it is cut off: its end is missing');
    const lines = whole.split('\n');
    expect(because(lines.with(3, (lines[3] ?? '').slice(0, 20)).join('\n'))).toBe(
      'line 4 cannot be read: the recording is damaged or cut off there',
    );
    expect(because('PK\u0003\u0004')).toBe('it is no recording of srklab-tutor');
    expect(because('')).toBe('it is no recording of srklab-tutor');
    const other = talkLab(replaced('topo.yml', '["LEAF-DC-1:e1-2"', '["LEAF-DC-1:e1-3"'));
    expect(because(whole, other)).toContain('it was made of another lab');
  });
});
