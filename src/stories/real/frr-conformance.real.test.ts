import { describe } from 'vitest';
import { createFrrEngine } from '../../engines/frr/frr-engine.ts';
import { findFrr } from '../../programs/frr.ts';
import { engineConformance } from '../../test-support/engine-conformance.ts';
import { settle } from '../../test-support/settle.ts';
import { recordedTimers, talkLab } from '../../test-support/talk-lab.ts';

const found = await findFrr();
const machine = found.outcome === 'found' ? describe : describe.skip;

/** BFD finds out in 0.9 s, a retry comes round every second: nothing new for so long is the end of it. Milliseconds. */
const CALM = 1_600;

machine(
  'The frr engine',
  () => {
    if (found.outcome !== 'found') return;
    const { frr } = found;
    engineConformance(async () => {
      const engine = createFrrEngine(talkLab(recordedTimers), { frr });
      const drive = async <T>(promise: Promise<T>): Promise<T> => {
        const result = await promise;
        const { nodes } = await engine.snapshot([]);
        if (nodes.some(({ state }) => state !== 'absent')) await settle(engine, CALM);
        return result;
      };
      return { engine, drive };
    }, 'fabric');
  },
  120_000,
);
