import { describe, expect, test } from 'vitest';
import type { NodeState, Snapshot } from '../../lab/snapshot.ts';
import { everythingUp } from '../../test-support/snapshots.ts';
import { lineText } from '../cells/line.ts';
import { detailLine, nodeMark } from './topology-marks.ts';

const silent: NodeState = {
  name: 'SPINE-DC-1',
  state: 'running',
  unknown: { since: 83_000, because: 'no answer for 2 s' },
};

describe('A node that runs and does not answer', () => {
  test('is marked as one of which nothing is known', () => {
    expect(nodeMark(silent, [])).toEqual({ symbol: '?', look: 'pending', words: 'no answer' });
  });

  test('tells since when, and what happened when it was asked', () => {
    const snapshot: Snapshot = { ...everythingUp, nodes: [silent] };
    expect(lineText(detailLine(snapshot, 'SPINE-DC-1'))).toBe(
      '? SPINE-DC-1 unknown since 00:01:23: no answer for 2 s',
    );
  });
});
