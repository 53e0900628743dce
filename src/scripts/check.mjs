// npm run check: everything that must hold before a change is shared. With --real the live tests, too.
// The last line is “N passed, N failed”.
import { spawnSync } from 'node:child_process';
import { runLiveTests } from './live-tests.mjs';
import { build, demandNode, install, root } from './prepare.mjs';
import { runTests } from './run-tests.mjs';

demandNode();
if (!install() || !build()) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const steps = {
  types: ['node_modules/.bin/tsc', '--noEmit'],
  lint: ['node_modules/.bin/biome', 'check', '.'],
  'generated files': [process.execPath, '--import', 'tsx', 'src/scripts/generate.ts', '--check'],
  lessons: [process.execPath, 'dist/launcher.cjs', 'lessons', 'check'],
  package: [process.execPath, '--import', 'tsx', 'src/scripts/check-package.ts'],
};
const broken = Object.entries(steps).filter(([name, [program, ...argv]]) => {
  console.log(`── ${name}`);
  return spawnSync(program, argv, { cwd: root, stdio: 'inherit' }).status !== 0;
});
console.log('── tests');
const runs = [runTests()];
if (process.argv.includes('--real')) {
  console.log('── live tests');
  runs.push(await runLiveTests());
}
const passed = runs.reduce((sum, run) => sum + run.passed, 0);
const failed = runs.reduce((sum, run) => sum + run.failed, 0);
for (const [name] of broken) console.log(`${name}: not in order, see above`);
console.log(`${passed + Object.keys(steps).length - broken.length} passed, ${failed + broken.length} failed`);
process.exitCode = failed + broken.length === 0 ? 0 : 1;
