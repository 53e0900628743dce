import { join } from 'node:path';
import { benchCodec } from './bench/codec.ts';
import { benchLab } from './bench/lab.ts';
import { benchScreen } from './bench/screen.ts';
import { benchStartUp } from './bench/start-up.ts';

/** npm run bench [part…]: every promise about speed, each measured beside its baseline in the same run. --quick: fewer rounds. */
const root = join(import.meta.dirname, '../..');
const quick = process.argv.includes('--quick');
const wanted = process.argv.slice(2).filter(argument => !argument.startsWith('-'));
const parts: Readonly<Record<string, () => Promise<void>>> = {
  'start-up': () => benchStartUp(root, quick ? 5 : 15),
  screen: () => benchScreen(root, quick ? 60 : 200),
  lab: () => benchLab(root, quick ? 5 : 15),
  codec: () => benchCodec(quick ? 3 : 7),
};
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
