// npm test: installs what is missing, builds what is stale, runs the tests. The last line is “N passed, N failed”.
import { build, demandNode, install } from './prepare.mjs';
import { runTests } from './run-tests.mjs';

demandNode();
install();
build();
const { passed, failed } = runTests(process.argv.slice(2));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
