import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Packs the package and runs it from an empty folder: what is published must start there, and hold nothing else. */
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'srklab-package-'));
const problems: string[] = [];
const expected =
  /^(dist\/[\w-]+\.cjs|dist\/prepared\.json|lessons\/.*\.md|(fabric|kind|metallb|app)\/.*\.(cfg|conf|ya?ml|json|py)|fabric\/frr\/([\w-]+\.devices|switch\.sh|daemons)|(topo|srklab)[\w.-]*\.yml|package\.json|README\.md|LICENSE)$/;
const needed = [
  'dist/launcher.cjs',
  'dist/app.cjs',
  'lessons/',
  'fabric/',
  'kind/',
  'metallb/',
  'app/',
  'topo.yml',
  'srklab.yml',
  'srklab-nolb.yml',
  'srklab-lite.yml',
  'topo.frr.yml',
  'fabric/frr/switch.sh',
];
try {
  checkPackage();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function checkPackage(): void {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (Object.keys(manifest.dependencies ?? {}).length > 0) {
    problems.push('package.json has dependencies; everything is bundled, so they belong to devDependencies.');
  }
  for (const [name, file] of Object.entries<string>(manifest.bin)) {
    if (!existsSync(join(root, file))) problems.push(`bin ${name} points at ${file}, which is not there.`);
  }

  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [archive] = JSON.parse(packed) as [{ filename: string; size: number; files: { path: string }[] }];
  const paths = archive.files.map(file => file.path);
  for (const path of paths) {
    if (!expected.test(path)) problems.push(`${path} is in the package and nobody needs it there.`);
  }
  for (const path of needed) {
    if (!paths.some(packedPath => packedPath.startsWith(path)))
      problems.push(`${path} is not in the package.`);
  }
  if (archive.size > 1.5e6) problems.push(`The package is ${archive.size} bytes; 1.5 MB is the budget.`);

  run(
    'npm',
    ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, join(folder, archive.filename)],
    folder,
  );
  const answer = run(join(folder, 'node_modules/.bin/srklab-tutor'), ['--version'], folder).trim();
  if (answer !== manifest.version) problems.push(`The installed package says ${answer} for --version.`);
  process.stdout.write(`${paths.length} files, ${Math.round(archive.size / 1024)} kB packed\n`);
}

function run(program: string, argv: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd, encoding: 'utf8' });
  if (status !== 0) problems.push(`${program} ${argv[0]} failed:\n${stdout}${stderr}`);
  return stdout;
}
