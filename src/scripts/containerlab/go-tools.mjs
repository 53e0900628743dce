import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, toolFolder, whereIs } from './run.mjs';

/** What the real tests run: versions that were seen to work together. */
const versions = { kind: 'v0.33.0', kubernetes: 'v1.37.2' };

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

const kubernetesPrograms = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/**
 * The folder of Kubernetes' API server, controllers and scheduler: what SRKLAB_KUBERNETES names, or the cache. They are built from the
 * module only when SRKLAB_BUILD_KUBERNETES=1 says so: 300 MB of modules and 9 minutes of
 * processor time (18 minutes on two processors that others used too), once.
 */
export function prepareKubernetes() {
  if (process.env.SRKLAB_KUBERNETES !== undefined) return process.env.SRKLAB_KUBERNETES;
  const cached = join(toolFolder, `kubernetes-${versions.kubernetes}`);
  if (kubernetesPrograms.every(name => existsSync(join(cached, name)))) return cached;
  if (process.env.SRKLAB_BUILD_KUBERNETES !== '1' || whereIs('go') === undefined) {
    console.error(
      `There is no API server: the real tests of the Kubernetes adapter are skipped. With Go 1.26, SRKLAB_BUILD_KUBERNETES=1 builds it (ten minutes or more, once).`,
    );
    return undefined;
  }
  return buildKubernetes(cached) ? cached : undefined;
}

/**
 * Kubernetes' own go.mod replaces its parts by folders that its module does not carry; the same parts are published as modules of the
 * same release, and a module of our own names them by version.
 */
function buildKubernetes(target) {
  const source = `k8s.io/kubernetes@${versions.kubernetes}`;
  mkdirSync(toolFolder, { recursive: true });
  console.error(`Building ${source}: ten minutes or more, once …`);
  const env = { CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOWORK: 'off' };
  const folder = mkdtempSync(join(toolFolder, 'building-'));
  try {
    const found = run(['go', 'mod', 'download', '-json', source], { env });
    if (found === undefined) return false;
    const manifest = readFileSync(JSON.parse(found).GoMod, 'utf8');
    const parts = [...manifest.matchAll(/^\s*(k8s\.io\/[a-z-]+) => \.\/staging\//gm)].map(([, name]) => name);
    const release = versions.kubernetes.replace(/^v1\./, 'v0.');
    writeFileSync(
      join(folder, 'go.mod'),
      [
        'module kubernetes',
        `go ${/^go (\S+)/m.exec(manifest)?.[1] ?? '1.26.0'}`,
        `require k8s.io/kubernetes ${versions.kubernetes}`,
        ...parts.map(name => `replace ${name} => ${name} ${release}`),
      ].join('\n'),
    );
    const built = join(folder, 'bin');
    const flags = `-s -w -X k8s.io/component-base/version.gitVersion=${versions.kubernetes}`;
    const words = ['go', '-C', folder, 'build', '-trimpath', '-ldflags', flags, '-o', `${built}/`];
    const programs = kubernetesPrograms.map(name => `k8s.io/kubernetes/cmd/${name}`);
    if (run(['nice', ...words, ...programs], { env }) === undefined) return false;
    rmSync(target, { recursive: true, force: true });
    renameSync(built, target);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
