import { createFrrEngine } from '../engines/frr/frr-engine.ts';
import { findFrr } from '../programs/frr.ts';
import { talkLab } from './talk-lab.ts';

/** A process of its own that builds the talk's lab on FRR, says so, and then stays until it is killed. */
const found = await findFrr();
if (found.outcome !== 'found') throw new Error(found.because);
const engine = createFrrEngine(talkLab(), { frr: found.frr });
for (const { id } of engine.lab.stages) {
  const result = await engine.build(id);
  process.stdout.write(`${id} ${result.outcome}\n`);
}
process.stdout.write('built\n');
setInterval(() => {}, 60_000);
