import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSwitchConfig } from '../../lab/files/switch/parse-switch-config.ts';
import { differencesFrom, referenceTables } from '../../lab/reference-state.ts';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { talkFiles, talkLab } from '../../test-support/talk-lab.ts';

/* Configurations committed on a running switch: only what they change is touched. */

const node = 'LEAF-DC-1';
const startup = talkFiles().get(`fabric/${node}.cfg`) ?? '';
const vip = '10.254.254.240/32';

describe('a commit', () => {
  test('that drops the import policy of the workers loses the VIP, without touching a session', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('service');
    const before = lab.events.length;
    commit(lab, startup.replace(/^.*group metallb import-policy.*$/m, ''));
    lab.settle();
    expect(await lab.members(node, 'kube-ipvrf', vip)).toEqual([]);
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', vip)).toEqual(['1.1.1.2']);
    commit(lab, startup);
    lab.settle();
    expect(await lab.members('BORDER-DC', 'kube-ipvrf', vip)).toEqual(['1.1.1.1', '1.1.1.2']);
    expect(lab.events.slice(before).filter(({ type }) => type === 'session-changed')).toEqual([]);
  });

  test('that disables a port takes the light off the wire', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
    commit(
      lab,
      startup.replace(
        'interface ethernet-1/1 admin-state enable',
        'interface ethernet-1/1 admin-state disable',
      ),
    );
    lab.settle();
    const links = (await lab.snapshot()).links;
    expect(links.find(({ id }) => id === 'LEAF-DC-1:e1-1 SPINE-DC-1:e1-1')?.state).toBe('down');
    const spine = await lab.rows({ name: 'interfaces', node: 'SPINE-DC-1' });
    expect(spine.find(({ name }) => name === 'ethernet-1/1.0')?.operState).toBe('down');
  });

  test('that takes multipath away leaves one path, and the flows follow', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
    commit(lab, startup.replace(/^.*default .*multipath ebgp.*$/m, ''));
    lab.settle();
    expect(await lab.members(node, 'default', '1.1.1.10/32')).toHaveLength(1);
  });

  test('of what runs already changes nothing', async () => {
    const lab = await new DrivenLab(talkLab()).buildUpTo('fabric');
    const before = lab.events.length;
    commit(lab, startup);
    lab.settle();
    expect(lab.events.slice(before).map(({ type }) => type)).toEqual(['config-changed']);
  });

  test('of any lines away, and back again, ends where it began', { timeout: 60_000 }, async () => {
    const lines = startup.split('\n').filter(line => line.startsWith('set'));
    const lab = talkLab();
    const reference = await new DrivenLab(lab)
      .buildUpTo('service')
      .then(run => run.snapshot(...referenceTables(lab)));
    await fc.assert(
      fc.asyncProperty(fc.subarray(lines, { minLength: 1, maxLength: 4 }), async dropped => {
        const rest = lines.filter(line => !dropped.includes(line)).join('\n');
        // What points at something that is gone is refused before it is committed.
        fc.pre(!parseSwitchConfig(rest, node).diagnostics.some(({ severity }) => severity === 'error'));
        const run = await new DrivenLab(lab).buildUpTo('service');
        commit(run, rest);
        run.advance(2000);
        commit(run, startup);
        run.settle();
        // A host that the switch forgot is learnt again from its next packet: a keepalive, if nothing else.
        run.advance(31_000);
        run.settle();
        expect(differencesFrom(reference, await run.snapshot(...referenceTables(lab)))).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});

function commit(lab: DrivenLab, text: string): void {
  const { config } = parseSwitchConfig(text, `fabric/${node}.cfg`);
  lab.engine.running.applyConfig(node, config, []);
}
