// npm run test:real: what needs other programs, namespaces or minutes. Installs what is missing (FRR 10.3 goes into the
// user's cache folder; a Docker engine is started when none answers) and runs the live stories. The last line is “N passed, N failed”.
import { runLiveTests } from './live-tests.mjs';
import { build, demandNode, install } from './prepare.mjs';

demandNode();
const ready = install() && build();
const { passed, failed } = ready ? await runLiveTests(process.argv.slice(2)) : { passed: 0, failed: 1 };
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
