import { expect, test } from 'vitest';
import type { CommandResult } from '../../lab/command.ts';
import { refused } from '../../lab/command.ts';
import { faultId } from '../../lab/fault.ts';
import { talkLab } from '../../test-support/talk-lab.ts';
import { dockerExec, dockerFaults } from './typed-docker.ts';

/** What a docker line does and prints. */
async function typed(verb: string, names: readonly string[], answer: CommandResult = { outcome: 'done' }) {
  const done: string[] = [];
  const printed: string[] = [];
  const exitCode = await dockerFaults(verb, names, {
    lab: talkLab(),
    signal: undefined,
    print: ({ stream, text }) => void printed.push(`${stream} ${text.trim()}`),
    hands: {
      break: async fault => {
        done.push(`break ${faultId(fault)}`);
        return answer;
      },
      heal: async id => {
        done.push(`heal ${id}`);
        return answer;
      },
    },
  });
  return { exitCode, done, printed };
}

test('docker stop, kill and pause break a node of the lab, by its container or its name; start and unpause heal it', async () => {
  expect(await typed('stop', ['-t', '5', 'clab-dc-k8s-LEAF-DC-1'])).toEqual({
    exitCode: 0,
    done: ['break node-stopped LEAF-DC-1'],
    printed: ['stdout clab-dc-k8s-LEAF-DC-1'],
  });
  expect((await typed('kill', ['SPINE-DC-1'])).done).toEqual(['break node-stopped SPINE-DC-1']);
  expect((await typed('pause', ['datacenter-worker'])).done).toEqual(['break node-silent datacenter-worker']);
  expect((await typed('start', ['LEAF-DC-1', 'LEAF-DC-2'])).done).toEqual([
    ...['heal node-stopped LEAF-DC-1', 'heal node-stopped LEAF-DC-2'],
  ]);
  expect((await typed('unpause', ['SPINE-DC-1'])).done).toEqual(['heal node-silent SPINE-DC-1']);
});

test('a container that is none of the lab’s is not touched', async () => {
  expect(await typed('stop', ['postgres'])).toEqual({
    exitCode: 1,
    done: [],
    printed: ['stderr postgres is no node of this lab; only those are touched from here'],
  });
});

test('what is refused is said with what to do next, and ends with 1', async () => {
  const { exitCode, printed } = await typed('stop', ['LEAF-DC-1'], refused('it is off', 'Heal it.'));
  expect([exitCode, printed]).toEqual([1, ['stderr it is off. Heal it.']]);
});

test('docker exec: options are passed over with their values, the rest is the container and its command', () => {
  expect(dockerExec(['-it', '-u', 'root', 'LEAF-DC-1', 'ip', '-br', 'addr'])).toEqual({
    container: 'LEAF-DC-1',
    command: ['ip', '-br', 'addr'],
  });
  expect(dockerExec(['-it', 'LEAF-DC-1'])).toBeUndefined();
});
