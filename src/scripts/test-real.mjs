// npm run test:real: what needs other programs, namespaces or minutes. Installs what is missing (FRR 10.3 goes into the
// user's cache folder) and runs the live stories. The last line is “N passed, N failed”.
import { build, demandNode, install } from './prepare.mjs';
import { prepareReal } from './prepare-real.mjs';
import { runTests } from './run-tests.mjs';

demandNode();
const ready = install() && build() && prepareReal();
const { passed, failed } = ready ? runTests(process.argv.slice(2), { real: true }) : { passed: 0, failed: 1 };
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
