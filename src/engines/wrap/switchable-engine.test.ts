import { expect, test } from 'vitest';
import type { LabEvent } from '../../lab/event.ts';
import { engineThatAgrees } from '../../test-support/agreeing-engine.ts';
import { switchable } from './switchable-engine.ts';
import { wrapped } from './wrapped-engine.ts';

test('whoever uses an exchanged engine hears and asks the new one, and the old one is stopped', async () => {
  const stopped: string[] = [];
  const first = wrapped(engineThatAgrees(), { stop: async () => void stopped.push('first') });
  const second = { ...engineThatAgrees(), name: 'recording' as const };
  const engine = switchable(first);
  const heard: LabEvent[] = [];
  engine.subscribe(events => heard.push(...events));
  await engine.build('network');
  const before = heard.length;
  await engine.switchTo(second);
  expect([engine.name, stopped]).toEqual(['recording', ['first']]);
  await engine.build('fabric');
  expect(heard.length).toBeGreaterThan(before);
  expect(heard.at(-1)).toMatchObject({ stage: 'fabric' });
});

test('an engine that cannot even stop does not hold up the one in its place', async () => {
  const broken = wrapped(engineThatAgrees(), { stop: () => Promise.reject(new Error('hung')) });
  const engine = switchable(broken);
  await engine.switchTo({ ...engineThatAgrees(), name: 'recording' });
  expect(engine.name).toBe('recording');
});
