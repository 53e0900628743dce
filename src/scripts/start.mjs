// npm start: installs what is missing, builds what is stale, opens the tutorial.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, demandNode, install, root } from './prepare.mjs';

demandNode();
if (!install() || !build()) process.exit(1);
const launcher = join(root, 'dist/launcher.cjs');
process.argv.splice(1, 1, launcher);
createRequire(import.meta.url)(launcher);
