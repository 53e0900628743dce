import { join } from 'node:path';
import { benchStartUp } from './bench/start-up.ts';

/** npm run bench: every promise about speed, each measured beside its baseline in the same run. */
const root = join(import.meta.dirname, '../..');
const quick = process.argv.includes('--quick');
await benchStartUp(root, quick ? 5 : 15);
