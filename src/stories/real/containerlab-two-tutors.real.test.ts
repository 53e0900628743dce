import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ContainerlabEngine,
  createContainerlabEngine,
} from '../../engines/containerlab/containerlab-engine.ts';
import { gripOf } from '../../engines/containerlab/grip.ts';
import { ledgerFolder, ledgerName } from '../../engines/containerlab/ledger-file.ts';
import type { Fault } from '../../lab/fault.ts';
import { dockerEndpoint } from '../../programs/docker.ts';
import { containerLab, engineOf, isContainerMachine, takeDown } from '../../test-support/container-lab.ts';
import { LiveLab } from '../../test-support/live-lab.ts';
import { repository } from '../../test-support/program.ts';
import { launch } from '../../test-support/terminal.ts';

/** `npm run test:real` prepares Docker and containerlab, where they can be had. */
const machine = isContainerMachine ? describe : describe.skip;

const LINK = 'BORDER-DC:e1-1 SPINE-DC-1:e1-10';
const cut: Fault = { kind: 'link-cut', link: LINK };

const lesson = `---
id: 00-look
title: Look at it
minutes: 1
stages: []
---

# Look at it

Nothing is asked of anybody here.

## Only look

The fabric.
`;

machine('Two tutors on one lab', () => {
  const lab = containerLab('srklab-two', { octet: 30 });

  beforeAll(async () => {
    const builder = await engineOf(lab);
    for (const stage of ['network', 'fabric'])
      expect(await builder.build(stage)).toEqual({ outcome: 'done' });
    await builder.stop();
  }, 120_000);

  afterAll(() => takeDown(lab), 60_000);

  async function tutor(
    name: string,
  ): Promise<{ live: LiveLab; engine: ContainerlabEngine; taken: () => number }> {
    const folder = ledgerFolder(lab.env, lab.env['HOME'] ?? '');
    const ledger = ledgerName({ lab: lab.lab.name, docker: dockerEndpoint(lab.env) });
    const grip = await gripOf(folder, ledger, name, () => 'somebody else holds it');
    let taken = 0;
    const engine = createContainerlabEngine(lab.lab, {
      machine: await lab.machine(),
      grip,
      onTaken: () => {
        taken++;
      },
    });
    await engine.attach();
    return { live: new LiveLab(engine), engine, taken: () => taken };
  }

  test('the second sees what the first does, may do nothing itself, and takes over when the first has gone', async () => {
    const first = await tutor('learn');
    const second = await tutor('learn');
    const type = (line: string) => second.engine.run(line);
    const onLeaf = 'docker exec clab-srklab-two-LEAF-DC-1';

    expect(await first.engine.perform({ type: 'break', fault: cut })).toMatchObject({ outcome: 'done' });
    await second.live.until(
      ({ faults, links }) =>
        faults.some(({ fault }) => fault.kind === 'link-cut') &&
        links.find(({ id }) => id === LINK)?.state === 'down',
    );
    for (const command of [
      { type: 'break', fault: { kind: 'node-stopped', node: 'LEAF-DC-1' } },
      { type: 'heal', fault: 'all' },
      { type: 'restore', stage: 'empty' },
    ] as const)
      expect(await second.engine.perform(command)).toMatchObject({
        outcome: 'refused',
        because: 'somebody else holds it',
      });
    expect(await second.engine.build('clusters')).toMatchObject({ outcome: 'failed' });
    expect((await type(`${onLeaf} vtysh -c "show bgp summary"`)).exitCode).toBe(0);
    expect((await type(`${onLeaf} ip link set e1-1 down`)).exitCode).toBe(1);
    expect(
      (await type(`${onLeaf} sr_cli -ec "set / interface ethernet-1/1 admin-state disable"`)).exitCode,
    ).toBe(1);

    await first.engine.perform({ type: 'heal', fault: 'all' });
    await second.live.until(
      ({ faults, links }) => faults.length === 0 && links.find(({ id }) => id === LINK)?.state === 'up',
    );
    await first.engine.stop();
    await second.live.until(() => second.taken() === 1);
    expect(await second.engine.perform({ type: 'break', fault: cut })).toMatchObject({ outcome: 'done' });
    expect((await lab.machine()).ledger.ledger.faults).toMatchObject([{ id: `link-cut ${LINK}` }]);
    await second.engine.perform({ type: 'heal', fault: 'all' });
    await second.engine.stop();
  }, 120_000);

  test('on its screen the second is told who holds the lab, and that it is its own when the first was killed', async () => {
    // The lessons that ship name the containers of the lab that ships.
    const lessons = join(dirname(lab.labFile), 'looking');
    mkdirSync(join(lessons, '00-look'), { recursive: true });
    writeFileSync(join(lessons, '00-look/lesson.md'), lesson);
    const tutorial = [join(repository, 'src/scripts/start.mjs'), 'learn', '--lessons', lessons];
    const open = () =>
      launch([...tutorial, '--lab', 'containerlab', '-c', lab.labFile], {
        columns: 120,
        rows: 36,
        env: { ...lab.env, XDG_CONFIG_HOME: lab.env['XDG_STATE_HOME'] },
      });
    const first = open();
    let second: ReturnType<typeof open> | undefined;
    try {
      await first.until('Look at it', 60_000);
      second = open();
      // The process that the pseudo-terminal started is the tutor itself.
      await second.until(new RegExp(`you only watch: process ${first.pid} `), 60_000);
      first.kill('SIGKILL');
      await second.until('it is yours now', 60_000);
    } finally {
      await first.stop();
      await second?.stop();
    }
  }, 200_000);
});
