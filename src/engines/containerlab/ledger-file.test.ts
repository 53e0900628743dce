import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyFolder } from '../../test-support/program.ts';
import { holderOf, holdLab } from './holder.ts';
import { withFault, withoutFault, withThing } from './ledger.ts';
import { type LedgerFile, ledgerFolder, ledgerName, openLedger } from './ledger-file.ts';

const key = { lab: 'dc-k8s', labFile: '/lab/srklab.yml', docker: 'unix:///var/run/docker.sock' };

describe('The ledger', () => {
  test('is kept: the next run reads what this one made and broke', async () => {
    const folder = emptyFolder();
    const ledger = await opened(folder);
    await ledger.change(before => withThing(before, { type: 'network', name: 'kind', own: 'making' }));
    await ledger.change(before => withThing(before, { type: 'network', name: 'kind', own: 'made', id: 'x' }));
    const fault = { kind: 'node-stopped', node: 'LEAF-DC-1' } as const;
    const heal = [{ by: 'docker', argv: ['docker', 'start', 'clab-dc-k8s-LEAF-DC-1'] }] as const;
    await ledger.change(before => withFault(before, { id: 'node-stopped LEAF-DC-1', fault, since: 1, heal }));
    const later = await opened(folder);
    expect(later.ledger.things).toEqual([{ type: 'network', name: 'kind', own: 'made', id: 'x' }]);
    expect(later.ledger.faults).toMatchObject([{ fault, heal }]);
    await later.change(before => withoutFault(before, 'node-stopped LEAF-DC-1'));
    expect((await opened(folder)).ledger.faults).toEqual([]);
  });

  test('is for its owner’s eyes only, and no half-written file is left beside it', async () => {
    const folder = join(emptyFolder(), 'labs');
    const ledger = await opened(folder);
    await Promise.all(
      ['a', 'b', 'c'].map(name =>
        ledger.change(before => withThing(before, { type: 'image', name, own: 'made' })),
      ),
    );
    expect(readdirSync(folder)).toEqual([`${ledgerName(key)}.json`]);
    expect(statSync(ledger.path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect((await opened(folder)).ledger.things).toHaveLength(3);
  });

  test('of the same lab on another Docker is another one', () => {
    expect(ledgerName({ ...key, docker: 'tcp://10.0.0.1:2375' })).not.toBe(ledgerName(key));
  });

  test('lies in the user’s state folder', () => {
    expect(ledgerFolder({}, '/home/u')).toBe('/home/u/.local/state/srklab-tutor/labs');
    expect(ledgerFolder({ XDG_STATE_HOME: '/s' }, '/home/u')).toBe('/s/srklab-tutor/labs');
  });

  test.each([
    ['garbage', 'is no ledger of a lab'],
    ['{"version":2}', 'was written by a newer srklab-tutor (version 2)'],
    ['{"version":1,"lab":"x"}', 'is no ledger of a lab'],
    ['{"version":1,"lab":"x","labFile":"/y","docker":"z","things":{}}', 'is no whole ledger'],
  ])('that holds %s is not guessed at', async (text, because) => {
    const folder = emptyFolder();
    writeFileSync(join(folder, `${ledgerName(key)}.json`), text);
    expect(await openLedger(folder, key)).toContain(because);
  });

  test('that cannot be written is said, before anything is made', async () => {
    const folder = join(emptyFolder(), 'labs');
    const ledger = await opened(folder);
    writeFileSync(folder, 'in the way');
    const because = await ledger.change(before => before);
    expect(because).toMatch(/^the ledger .* cannot be written: /);
  });

  test('forgotten, it is gone', async () => {
    const folder = emptyFolder();
    const ledger = await opened(folder);
    await ledger.change(before => withThing(before, { type: 'image', name: 'a', own: 'made' }));
    await ledger.forget();
    expect(readdirSync(folder)).toEqual([]);
    expect(ledger.ledger.things).toEqual([]);
  });
});

describe('Holding a lab', () => {
  test('keeps others out until it is let go, and tells them who has it', async () => {
    const folder = emptyFolder();
    const first = await holdLab(folder, 'lab', 'start');
    expect(first.outcome).toBe('held');
    expect(await holdLab(folder, 'lab', 'clear')).toMatchObject({
      outcome: 'taken',
      by: { pid: process.pid, doing: 'start' },
    });
    if (first.outcome === 'held') await first.release();
    expect(await holderOf(folder, 'lab')).toBeUndefined();
    expect((await holdLab(folder, 'lab', 'clear')).outcome).toBe('held');
  });

  test('is not kept by a process that is gone, not even when its number is somebody else’s now', async () => {
    const folder = emptyFolder();
    const gone = spawnSync('true').pid;
    for (const holder of [
      { pid: gone, startedAt: 'x', since: 0, doing: 'learn' },
      { pid: process.pid, startedAt: 'another boot 1', since: 0, doing: 'learn' },
    ]) {
      writeFileSync(join(folder, 'lab.held-7'), JSON.stringify(holder));
      expect(await holderOf(folder, 'lab')).toBeUndefined();
      const holding = await holdLab(folder, 'lab', 'start');
      expect(holding.outcome).toBe('held');
      if (holding.outcome === 'held') await holding.release();
    }
  });

  test('of those that come at once only one gets it, also over what a dead one left', async () => {
    const folder = emptyFolder();
    mkdirSync(folder, { recursive: true });
    const dead = JSON.stringify({ pid: spawnSync('true').pid, startedAt: 'x', since: 0, doing: 'learn' });
    writeFileSync(join(folder, 'lab.held-7'), dead);
    const all = await Promise.all(['a', 'b', 'c', 'd'].map(doing => holdLab(folder, 'lab', doing)));
    expect(all.map(({ outcome }) => outcome).filter(outcome => outcome === 'held')).toHaveLength(1);
    const [held, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(JSON.parse(readFileSync(join(folder, held ?? ''), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  test('a folder that cannot be written is said', async () => {
    const folder = join(emptyFolder(), 'file');
    writeFileSync(folder, '');
    expect(await holdLab(folder, 'lab', 'start')).toMatchObject({ outcome: 'failed' });
  });
});

async function opened(folder: string): Promise<LedgerFile> {
  const ledger = await openLedger(folder, key);
  if (typeof ledger === 'string') throw new Error(ledger);
  return ledger;
}
