import { expect, test } from 'vitest';
import { DrivenLab } from '../../test-support/driven-lab.ts';
import { talkLab } from '../../test-support/talk-lab.ts';

test('two runs with the same files, seed and commands give the same events, byte for byte', async () => {
  expect(await story(1)).toBe(await story(1));
});

test('another seed gives another run that ends in the same routes', async () => {
  const [one, two] = [await fabric(1), await fabric(2)];
  expect(JSON.stringify(one.events)).not.toBe(JSON.stringify(two.events));
  const routes = async (lab: DrivenLab) =>
    (await lab.rows({ name: 'routes', node: 'BORDER-DC', instance: 'default' })).map(
      ({ prefix, nextHops }) => `${prefix} ${nextHops.map(hop => hop.address ?? hop.interface).join(' ')}`,
    );
  expect(await routes(one)).toEqual(await routes(two));
});

test('steps of any size lead to the same events', async () => {
  const inSteps = async (step: number) => {
    const lab = new DrivenLab(talkLab());
    for (const [stage, until] of [
      ['network', 1000],
      ['fabric', 8000],
    ] as const) {
      const building = lab.engine.build(stage);
      while (lab.now() < until) lab.advance(Math.min(step, until - lab.now()));
      await building;
    }
    return lab.events;
  };
  expect(await inSteps(16.7)).toEqual(await inSteps(1000));
});

async function story(seed: number): Promise<string> {
  const lab = await new DrivenLab(talkLab(), { seed }).buildUpTo('clients');
  await lab.engine.perform({ type: 'traffic', on: true, ratePerClient: 5 });
  lab.advance(1000);
  await lab.break({ kind: 'node-silent', node: 'LEAF-DC-1' });
  lab.advance(3000);
  await lab.heal();
  await lab.engine.perform({ type: 'restore', stage: 'fabric' });
  return JSON.stringify(lab.events);
}

function fabric(seed: number): Promise<DrivenLab> {
  return new DrivenLab(talkLab(), { seed }).buildUpTo('fabric');
}
