import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, run, toolFolder, whereIs } from './run.mjs';

/** What the real tests run: versions that were seen to work together. */
const versions = { kind: 'v0.33.0', kubernetes: 'v1.36.3' };

/** containerlab: what SRKLAB_CONTAINERLAB names, the cache, the system's. It is not built here: it has releases of its own. */
export function prepareContainerlab() {
  const cached = join(toolFolder, 'containerlab');
  const found =
    process.env.SRKLAB_CONTAINERLAB ?? (existsSync(cached) ? cached : undefined) ?? whereIs('containerlab');
  if (found === undefined)
    console.error(
      `There is no containerlab: its real tests are skipped. Install 0.78 or newer (containerlab.dev/install), or put the program into ${toolFolder}.`,
    );
  return found;
}

export function prepareKind() {
  return installed('kind', `sigs.k8s.io/kind@${versions.kind}`);
}

function installed(program, module) {
  const cached = join(toolFolder, program);
  if (existsSync(cached)) return cached;
  const system = whereIs(program);
  if (system !== undefined || whereIs('go') === undefined) return system;
  mkdirSync(toolFolder, { recursive: true });
  console.error(`Building ${module} …`);
  const env = { GOBIN: toolFolder, CGO_ENABLED: '0', GOFLAGS: '' };
  return run(['go', 'install', '-trimpath', module], { env }) === undefined ? undefined : cached;
}

/**
 * A Kubernetes API server: kube-apiserver from Go's module proxy (minutes, once) and etcd of Debian. Kubernetes replaces its
 * parts by folders that its module does not carry; a module of our own names them by version.
 */
export function prepareApiServer() {
  const cached = join(toolFolder, 'kube-apiserver');
  if (existsSync(cached)) return cached;
  if (whereIs('go') === undefined) return undefined;
  mkdirSync(toolFolder, { recursive: true });
  const source = `k8s.io/kubernetes@${versions.kubernetes}`;
  console.error(`Building ${source} kube-apiserver: some minutes, once …`);
  const env = { CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOWORK: 'off' };
  const folder = mkdtempSync(join(tmpdir(), 'srklab-apiserver-'));
  try {
    const found = run(['go', 'mod', 'download', '-json', source], { env });
    if (found === undefined) return undefined;
    const manifest = readFileSync(JSON.parse(found).GoMod, 'utf8');
    const parts = [...manifest.matchAll(/^\s*(k8s\.io\/[a-z-]+) => \.\/staging\//gm)].map(([, name]) => name);
    const part = versions.kubernetes.replace(/^v1\./, 'v0.');
    writeFileSync(
      join(folder, 'go.mod'),
      [
        'module apiserver',
        `go ${/^go (\S+)/m.exec(manifest)?.[1] ?? '1.26.0'}`,
        `require k8s.io/kubernetes ${versions.kubernetes}`,
        ...parts.map(name => `replace ${name} => ${name} ${part}`),
      ].join('\n'),
    );
    writeFileSync(
      join(folder, 'parts.go'),
      'package parts\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver/app"\n',
    );
    const target = join(folder, 'kube-apiserver');
    const flags = `-s -w -X k8s.io/component-base/version.gitVersion=${versions.kubernetes}`;
    const argv = [
      'build',
      '-trimpath',
      '-ldflags',
      flags,
      '-o',
      target,
      'k8s.io/kubernetes/cmd/kube-apiserver',
    ];
    if (run(['go', '-C', folder, 'mod', 'tidy'], { env }) === undefined) return undefined;
    if (run(['go', '-C', folder, ...argv], { env }) === undefined) return undefined;
    if (ask(['mv', target, cached]) === undefined) renameSync(target, cached);
    return cached;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
