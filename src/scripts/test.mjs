// npm test: installs what is missing, builds what is stale, runs the tests. The last line is “N passed, N failed”.
import { build, demandNode, install } from './prepare.mjs';
import { runTests } from './run-tests.mjs';

demandNode();
const ready = install() && build();
const { passed, failed } = ready ? runTests(process.argv.slice(2)) : { passed: 0, failed: 1 };
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
