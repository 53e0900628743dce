import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { youngSpace } from './screen-flags.ts';

/** Milliseconds. */
const between = 5;

/**
 * Lets V8's young space grow once, from the megabyte it begins with to `youngSpace`, and no further. V8 takes its size on the command
 * line only; a running program can say by how much it grows when it does next.
 */
export function growYoungSpaceOnce(): void {
  const wanted = youngSpace * 2 ** 20;
  const growsBy = (factor: number) => setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  const begins = capacity();
  growsBy(Math.max(1, Math.round(wanted / begins)));
  const timer = setInterval(() => {
    if (capacity() < wanted * 0.75) return;
    clearInterval(timer);
    growsBy(1);
  }, between);
  timer.unref();
  // Compiled code that is kept at the end is kept under the flags it will be read under.
  process.prependListener('exit', () => growsBy(1));
}

/** Bytes that can be taken until the next collection, when nothing is. */
function capacity(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return space === undefined ? 0 : space.space_used_size + space.space_available_size;
}
