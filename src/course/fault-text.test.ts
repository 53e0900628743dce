import { describe, expect, it } from 'vitest';
import { parseFault } from './fault-text.ts';
import type { Vocabulary } from './vocabulary.ts';

const vocabulary: Vocabulary = {
  switches: ['LEAF', 'SPINE'],
  nodes: ['LEAF', 'SPINE'],
  instances: new Map(),
  links: ['LEAF:e1-1 SPINE:e1-1'],
  clusters: [],
  stages: [],
};

describe('an impaired link as lessons write it', () => {
  it('is what the end named first sends, with delay, jitter and loss', () => {
    expect(parseFault('link-impaired SPINE LEAF 100ms 10ms 12.5%', vocabulary)).toEqual({
      fault: {
        kind: 'link-impaired',
        link: 'LEAF:e1-1 SPINE:e1-1',
        direction: 'b-to-a',
        delayMs: 100,
        jitterMs: 10,
        lossPercent: 12.5,
      },
    });
  });

  it.each(['100ms 0ms', '0s 10ms 5%', '10ms 0ms 101%', '10ms 0ms 5', '10ms 0ms 5% more'])(
    'is not complete as "%s"',
    values => {
      expect(parseFault(`link-impaired LEAF SPINE ${values}`, vocabulary)).toMatchObject({
        expected: 'link-impaired <from> <to> <delay, as 100ms> <jitter, as 0ms> <loss, as 20%>',
      });
    },
  );
});
