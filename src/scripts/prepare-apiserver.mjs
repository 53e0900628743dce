// Builds Kubernetes' API server, controller manager and scheduler from the Go module k8s.io/kubernetes into the user's cache
// folder, for the real suite's test of the Kubernetes adapter. Needs Go 1.26 and etcd (Debian: etcd-server). Measured with two
// processors: 8 to 12 minutes the first time (some 300 MB of modules, 4 GB of Go's build cache), nothing when it is done.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const version = '1.37.2';
const programs = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const target = join(cache, 'srklab-tutor', `kubernetes-${version}`);

if (programs.every(name => existsSync(join(target, name)))) {
  console.log(`Kubernetes ${version} is there: ${target}`);
} else {
  const startedAt = Date.now();
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), 'kubernetes-'));
  try {
    writeModule(work);
    console.log(`Building Kubernetes ${version} (about ten minutes the first time) …`);
    const flags = ['Major=1', 'Minor=37', `Version=v${version}`].map(
      each => `-X k8s.io/component-base/version.git${each}`,
    );
    go(work, [
      ...['build', '-trimpath', '-ldflags', `-s -w ${flags.join(' ')}`, '-o', `${join(work, 'bin')}/`],
      ...programs.map(name => `k8s.io/kubernetes/cmd/${name}`),
    ]);
    rmSync(target, { recursive: true, force: true });
    renameSync(join(work, 'bin'), target);
    console.log(
      `Kubernetes ${version} is in ${target} after ${Math.round((Date.now() - startedAt) / 1000)} s`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * A module of our own that requires Kubernetes: its go.mod points at folders beside it for its parts ("staging"), which a module's
 * archive does not have; the same parts are published as modules of the same release.
 */
function writeModule(folder) {
  const { GoMod: file } = JSON.parse(
    go(folder, ['mod', 'download', '-json', `k8s.io/kubernetes@v${version}`]),
  );
  const text = readFileSync(file, 'utf8');
  const parts = [...text.matchAll(/^\s*(k8s\.io\/[\w-]+) => \.\/staging/gm)].map(([, name]) => name);
  const goVersion = /^go (\S+)$/m.exec(text)?.[1] ?? '1.26.0';
  const release = version.replace(/^1/, '0');
  writeFileSync(
    join(folder, 'go.mod'),
    [
      'module srklab/kubernetes',
      `go ${goVersion}`,
      `require k8s.io/kubernetes v${version}`,
      ...parts.map(part => `replace ${part} => ${part} v${release}`),
      '',
    ].join('\n\n'),
  );
}

function go(folder, words) {
  const { status, stdout, error } = spawnSync('nice', ['-n', '10', 'go', ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off' },
  });
  if (status === 0) return stdout;
  console.error(
    `go ${words[0]}: ${error?.message ?? `exit code ${status}`}. Go 1.26 or newer is needed, and its module proxy in reach.`,
  );
  process.exit(1);
}
