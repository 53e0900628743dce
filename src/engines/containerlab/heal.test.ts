import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLabFrom } from '../../effects/lab-files.ts';
import type { PlannedCommand } from '../../programs/planned-command.ts';
import { fakeMachine } from '../../test-support/fake-machine.ts';
import { repository } from '../../test-support/program.ts';
import { healAll } from './heal.ts';
import type { LedgerFault } from './ledger.ts';

const reading = readLabFrom(join(repository, 'srklab.yml'));
if (reading.outcome !== 'read') throw new Error('the lab that ships cannot be read');
const { lab } = reading;

function broken(node: string, ...heal: PlannedCommand[]): LedgerFault {
  return { id: `node-stopped ${node}`, fault: { kind: 'node-stopped', node }, since: 0, heal };
}

const program = (...argv: string[]): PlannedCommand => ({ by: 'program', argv });
const docker = (...words: string[]): PlannedCommand => ({ by: 'docker', argv: ['docker', ...words] });

test('what a crashed run left broken is healed by the commands that it wrote down', async () => {
  const faults = [
    broken('LEAF-DC-1', program('containerlab', 'start', '--node', 'LEAF-DC-1')),
    broken(
      'worker',
      docker('unpause', 'worker'),
      docker('exec', 'worker', 'ip', 'link', 'set', 'e1-1', 'up'),
    ),
  ];
  const machine = fakeMachine(lab, '/lab', { faults });
  expect(await healAll(machine)).toEqual([]);
  expect(machine.ran).toEqual([
    'containerlab start --node LEAF-DC-1',
    'docker unpause worker',
    'docker exec worker ip link set e1-1 up',
  ]);
  expect(machine.ledger.ledger.faults).toEqual([]);
});

test('what cannot be healed is said and stays written down; the rest is healed', async () => {
  const faults = [
    broken('a', program('containerlab', 'start', '--node', 'a')),
    broken('b', docker('start', 'b')),
  ];
  const machine = fakeMachine(lab, '/lab', { faults });
  machine.onRun = line =>
    line.startsWith('containerlab') ? { exitCode: 1, stderr: 'no such node' } : undefined;
  expect(await healAll(machine)).toEqual(['node-stopped a: no such node']);
  expect(machine.ledger.ledger.faults.map(({ id }) => id)).toEqual(['node-stopped a']);
});

test('of Docker it only starts, unpauses and runs: a ledger that somebody changed removes nothing', async () => {
  const machine = fakeMachine(lab, '/lab', { faults: [broken('a', docker('rm', '-f', 'a'))] });
  expect(await healAll(machine)).toEqual([
    'node-stopped a: the ledger holds a command that heals nothing: docker rm -f a',
  ]);
  expect(machine.ran).toEqual([]);
});

test('an impairment that is gone with its interface needs no healing', async () => {
  const reset = program('containerlab', 'tools', 'netem', 'reset', '-n', 'a', '-i', 'e1-1');
  const machine = fakeMachine(lab, '/lab', { faults: [broken('a', reset)] });
  machine.onRun = () => ({ exitCode: 1, stderr: '  ERROR\n  Netlink receive: invalid argument.' });
  expect(await healAll(machine)).toEqual([]);
  expect(machine.ledger.ledger.faults).toEqual([]);
});
