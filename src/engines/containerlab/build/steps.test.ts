import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLabFrom } from '../../../effects/lab-files.ts';
import type { Lab } from '../../../lab/lab.ts';
import { repository } from '../../../test-support/program.ts';
import { planLines, plannedSteps } from './plan-lines.ts';
import { commandsOf, type Setting } from './step-commands.ts';
import { type Step, stepsOf, stepsUpTo } from './steps.ts';

const labOf = (file: string): Lab => {
  const reading = readLabFrom(join(repository, file));
  if (reading.outcome !== 'read') throw new Error(JSON.stringify(reading.errors));
  return reading.lab;
};
const full = labOf('srklab.yml');
const lite = labOf('srklab-lite.yml');
const setting = (lab: Lab, privilege: Setting['privilege'] = 'clab_admins'): Setting => ({
  ...{ lab, privilege },
  folder: '/home/user/lab',
});

describe('The plan of a build', () => {
  // Reviewed line by line against the command lines of containerlab 0.79, kind 0.33 and kubectl 1.32.
  test.each([
    ['srklab.yml', 'clab_admins'],
    ['srklab-nolb.yml', 'clab_admins'],
    ['srklab-lite.yml', 'sudo'],
  ] as const)('of %s is what was reviewed', async (file, privilege) => {
    const lab = labOf(file);
    const lines = planLines(plannedSteps(stepsOf(lab), setting(lab, privilege)));
    await expect(`${lines.join('\n').trim()}\n`).toMatchFileSnapshot(`plans/${file.replace('.yml', '.txt')}`);
  });

  test('belongs to the lab’s stages and tasks: nothing is built that no stage shows', () => {
    for (const lab of [full, lite]) {
      const tasks = lab.stages.flatMap(stage => stage.tasks.map(({ id }) => id));
      for (const step of stepsOf(lab)) {
        expect(lab.stages.map(({ id }) => id)).toContain(step.stage);
        expect(step.tasks.length).toBeGreaterThan(0);
        for (const task of step.tasks) expect(tasks).toContain(task);
      }
    }
  });

  test('names each step once, after those that it needs', () => {
    for (const lab of [full, lite]) {
      const seen = new Set<string>();
      for (const { id, needs } of stepsOf(lab)) {
        expect(seen).not.toContain(id);
        for (const need of needs) expect(seen).toContain(need);
        seen.add(id);
      }
    }
  });

  test('lets fabric, clusters and images go side by side', () => {
    const steps = new Map(stepsOf(full).map(step => [step.id, step]));
    const behind = (id: string): Set<string> => {
      const all = new Set<string>();
      const visit = (next: string) => {
        for (const need of steps.get(next)?.needs ?? []) {
          all.add(need);
          visit(need);
        }
      };
      visit(id);
      return all;
    };
    expect([...behind('cluster datacenter')]).not.toContain('fabric');
    expect([...behind('cluster client')]).not.toContain('cluster datacenter');
    expect([...behind('fabric')].filter(id => id.startsWith('cluster'))).toEqual([]);
    expect([...behind('pull alpine:3.22')]).toEqual([]);
    expect([...behind('load alpine:3.22 into client')]).not.toContain('fabric');
  });

  test('applies manifests in the order of the file, each after the one before', () => {
    const applied = stepsOf(full).filter(({ work }) => work.type === 'apply');
    for (const [index, step] of applied.slice(1).entries()) expect(step.needs).toContain(applied[index]?.id);
  });

  test('up to a stage holds what the stage needs and no more', () => {
    const stages = (until: string) => new Set(stepsUpTo(full, until)?.map(({ stage }) => stage));
    expect([...stages('fabric')]).toEqual(['network', 'fabric']);
    expect([...stages('images')]).toEqual(['network', 'clusters', 'images']);
    expect(stepsUpTo(full, 'fabrik')).toBeUndefined();
  });

  test('an image that two tasks want is pulled once, in the first stage that wants it', () => {
    const pulls = stepsOf(full).filter(({ id }) => id === 'pull python:3.13.5-alpine3.22');
    expect(pulls).toMatchObject([
      {
        stage: 'images',
        tasks: ['image datacenter python:3.13.5-alpine3.22', 'image client python:3.13.5-alpine3.22'],
      },
    ]);
  });

  test('only containerlab changes the machine with root’s rights', () => {
    for (const step of stepsOf(full))
      for (const { asRoot, argv } of commandsOf(step, setting(full, 'sudo')))
        expect(asRoot === true).toBe(argv.includes('containerlab'));
  });
});

describe('The original project’s way', () => {
  test('without routes: the default route is replaced', () => {
    const original: Lab = Object.create(full, {
      nodes: {
        value: full.nodes.map(node =>
          node.kind === 'cluster-node'
            ? { ...node, attachments: node.attachments.map(({ routes: _, ...one }) => one) }
            : node,
        ),
      },
    });
    expect(portLines(original, 'datacenter-worker:e1-1')).toEqual([
      'docker exec datacenter-worker ip link set e1-1 mtu 9500 up',
      'docker exec datacenter-worker ip address replace 192.168.101.101/24 dev e1-1',
      'docker exec datacenter-worker ip route replace default via 192.168.101.1',
    ]);
  });
});

describe('The light lab', () => {
  test('has no VLAN devices behind FRR switches: they take frames untagged', () => {
    expect(portLines(lite, 'clab-dc-k8s-client-control-plane:e1-1').join('\n')).not.toContain('vlan');
    expect(portLines(full, 'client-control-plane:e1-1').join('\n')).toContain('type vlan id 1001');
  });

  test('makes no cluster of nodes that are containers of the topology', () => {
    expect(stepsOf(lite).filter(({ id }) => /cluster client|into client|in client/.test(id))).toEqual([]);
  });
});

function portLines(lab: Lab, end: string): string[] {
  const step = stepsOf(lab).find(({ id }) => id === `port ${end}`) as Step;
  return commandsOf(step, setting(lab)).map(({ argv }) => argv.join(' '));
}
