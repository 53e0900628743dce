import { expect, test } from 'vitest';
import { engineThatAgrees } from '../../test-support/agreeing-engine.ts';
import { faulty } from './faulty-engine.ts';
import { traced } from './traced-engine.ts';

test('a traced engine tells of calls, answers and events, and answers as before', async () => {
  const lines: string[] = [];
  const engine = traced(engineThatAgrees(), line => lines.push(line));
  expect(await engine.build('fabric')).toEqual({ outcome: 'done' });
  expect(lines).toEqual([
    'build "fabric"',
    'event {"id":1,"at":0,"type":"stage-started","stage":"fabric"}',
    'built fabric {"outcome":"done"}',
  ]);
});

test('a faulty engine fails in the same calls for the same seed, and not always', async () => {
  const outcomes = async (seed: number) => {
    const engine = faulty(engineThatAgrees(), { seed, rate: 0.5 });
    const results: string[] = [];
    for (let i = 0; i < 40; i++) results.push((await engine.build('fabric')).outcome);
    return results;
  };
  expect(await outcomes(3)).toEqual(await outcomes(3));
  expect(new Set(await outcomes(3))).toEqual(new Set(['done', 'failed']));
  expect(await outcomes(3)).not.toEqual(await outcomes(4));
});
