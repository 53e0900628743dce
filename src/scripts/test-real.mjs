// npm run test:real: what needs other programs, namespaces or minutes. Installs what is missing (FRR 10.3 goes into the
// user's cache folder; a Docker engine is started when none answers) and runs the live stories. The last line is “N passed, N failed”.
import { demandNode, install } from './prepare.mjs';
import { environmentOf, prepareRealLab, stopRealLab } from './prepare-containerlab.mjs';
import { prepareReal } from './prepare-real.mjs';
import { runTests } from './run-tests.mjs';

demandNode();
const ready = install() && prepareReal();
const lab = ready ? await prepareRealLab() : undefined;
if (lab !== undefined) Object.assign(process.env, environmentOf(lab));
const { passed, failed } = ready ? runTests(process.argv.slice(2), { real: true }) : { passed: 0, failed: 1 };
if (lab?.started) await stopRealLab();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
