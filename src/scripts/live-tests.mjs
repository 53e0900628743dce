import { environmentOf, prepareRealLab, stopRealLab } from './prepare-containerlab.mjs';
import { prepareReal } from './prepare-real.mjs';
import { runLiveStories } from './run-tests.mjs';

/** Prepares what the live tests need, runs them, ends the Docker engine if this run started it. Counts as runLiveStories. */
export async function runLiveTests(argv = []) {
  if (!prepareReal()) return { passed: 0, failed: 1 };
  const lab = await prepareRealLab();
  if (lab !== undefined) Object.assign(process.env, environmentOf(lab));
  const counted = runLiveStories(argv);
  if (lab?.started) await stopRealLab();
  return counted;
}
