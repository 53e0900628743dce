import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { containerOf } from '../../../lab/lab.ts';
import type { Answer } from '../../../programs/answer.ts';
import { done, failed } from '../../../programs/answer.ts';
import type { Docker, DockerContainer } from '../../../programs/docker.ts';
import { fakeContainer } from '../../../test-support/fake-machine.ts';
import { liteLab } from '../../../test-support/lite-lab.ts';
import { Containers } from './containers.ts';

const lab = liteLab();
const SILENT = 'Docker at unix:///docker.sock has not answered for 10 s';

describe('The containers of a lab, while nothing happens to them', () => {
  let answer: Answer<readonly DockerContainer[]>;
  let containers: Containers;

  beforeEach(async () => {
    vi.useFakeTimers();
    answer = done(lab.nodes.map(node => fakeContainer(containerOf(node), {})));
    const docker = {
      containers: async () => answer,
      events: () => new Promise(() => {}),
    } as unknown as Docker;
    containers = new Containers(docker, lab);
    await containers.refresh();
    containers.watch();
  });

  afterEach(() => {
    containers.stop();
    vi.useRealTimers();
  });

  test('are asked for now and then: a Docker that hangs is noticed, and since when', async () => {
    await vi.advanceTimersByTimeAsync(4_000);
    answer = failed(SILENT);
    const before = Date.now();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(containers.silence).toEqual({ since: before + 1_000, because: SILENT });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(containers.silence?.since).toBe(before + 1_000);
    // What it said last is not forgotten.
    expect(containers.stateOf('LEAF-DC-1')).toBe('running');
  });

  test('are known again when Docker answers again, with what it said of none meanwhile', async () => {
    answer = failed(SILENT);
    await vi.advanceTimersByTimeAsync(5_000);
    answer = done([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(containers.silence).toBeUndefined();
    expect(containers.stateOf('LEAF-DC-1')).toBe('absent');
  });
});
