// Shared by start.mjs, test.mjs and check.mjs. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const oldestNode = 20;

/** Ends the process with a sentence when this Node is too old. */
export function demandNode() {
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return;
  console.error(`srklab-tutor needs Node.js ${oldestNode} or newer; this is ${process.version}.`);
  process.exit(1);
}

/** Installs the packages of package-lock.json if they are not what is installed. Returns whether they are there now. */
export function install() {
  if (isInstalled()) return true;
  console.error('Installing packages (once, about half a minute) …');
  const argv = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  return run('npm', argv, 'The packages could not be installed.', 2);
}

/** Makes dist/ if a source file is newer. Returns whether it is there now. */
export function build() {
  const built = modifiedAt(join(root, 'dist/launcher.cjs'));
  if (built > 0 && newest(join(root, 'src')) < built && modifiedAt(join(root, 'package.json')) < built)
    return true;
  const argv = ['--import', 'tsx', 'src/scripts/build.ts'];
  return run(process.execPath, argv, 'The program could not be built.', 'ignore');
}

/** Runs a program in the root of the repository, with its output on our standard error or ignored. */
function run(program, argv, problem, stdout) {
  const { status } = spawnSync(program, argv, {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) console.error(`${problem} The command was: ${[program, ...argv].join(' ')}`);
  return status === 0;
}

function isInstalled() {
  const installed = packagesOf(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  return Object.entries(packagesOf(join(root, 'package-lock.json')) ?? {}).every(
    ([path, wanted]) => path === '' || wanted.optional || installed[path]?.version === wanted.version,
  );
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (!entry.name.includes('.test.')) latest = Math.max(latest, modifiedAt(path));
  }
  return latest;
}

function modifiedAt(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}
