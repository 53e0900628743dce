import { describe, expect, it } from 'vitest';
import type { StageState } from '../../lab/stage.ts';
import { lineText } from '../cells/line.ts';
import { buildRows } from './build-rows.ts';

const task = { id: 'cluster', title: 'Cluster', commandLine: 'kind create cluster', startedAt: 0 } as const;
const stage = { id: 'clusters', title: 'Kubernetes clusters', startedAt: 0 } as const;

function shown(state: StageState): string[] {
  return buildRows([state], { at: 90_000, width: 60, opened: undefined }).map(({ line }) =>
    lineText(line).trimEnd(),
  );
}

describe('the build pane', () => {
  it('shows what a program says while it works, below its command line', () => {
    const tasks = [{ ...task, progress: 'running', said: 'Preparing nodes' }] as const;
    expect(shown({ ...stage, progress: 'running', tasks }).slice(1)).toEqual([
      expect.stringMatching(/^ {2}◐ kind create cluster /),
      '    Preparing nodes',
    ]);
  });

  it('shows a failure line by line, and no longer what was said last', () => {
    const tasks = [{ ...task, progress: 'failed', said: 'Preparing nodes' }] as const;
    const failure = 'ERROR: failed\nMost likely the disk is full.';
    expect(shown({ ...stage, progress: 'failed', tasks, failure }).slice(2)).toEqual([
      '  ✘ ERROR: failed',
      '    Most likely the disk is full.',
    ]);
  });
});
