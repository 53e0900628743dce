import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KubernetesApi, openKubernetes } from '../programs/kubernetes-api.ts';

const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const folder = process.env['SRKLAB_KUBERNETES'] ?? join(cache, 'srklab-tutor/real-lab/kubernetes-v1.37.2');
const etcd = process.env['SRKLAB_ETCD'] ?? '/usr/bin/etcd';
const programs = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** What is missing for a real API server, in words; undefined when it can be started. */
export function noApiServer(): string | undefined {
  if (!programs.every(name => existsSync(join(folder, name))))
    return `no Kubernetes in ${folder}: SRKLAB_BUILD_KUBERNETES=1 npm run test:real builds it (ten minutes or more, once)`;
  return existsSync(etcd) ? undefined : 'no etcd: apt-get install etcd-server';
}

/** etcd, API server, controller manager and scheduler of Kubernetes, real ones, on loopback. No kubelet: nothing runs. */
export class ApiServer {
  readonly kubeconfig: string;
  readonly api: KubernetesApi;
  private readonly work: string;
  private readonly ports: { readonly store: number; readonly peers: number; readonly api: number };
  private readonly children = new Map<string, ChildProcess>();
  /** A test that dies takes them with it. */
  private readonly onExit = () => {
    for (const child of this.children.values()) child.kill('SIGKILL');
  };

  static async start(): Promise<ApiServer> {
    const work = mkdtempSync(join(tmpdir(), 'api-server-'));
    const [store = 0, peers = 0, api = 0] = await Promise.all([freePort(), freePort(), freePort()]);
    const kubeconfig = prepare(work, api);
    const opened = await openKubernetes(kubeconfig);
    if (opened.outcome === 'failed') throw new Error(opened.because);
    const server = new ApiServer(work, kubeconfig, { store, peers, api }, opened.value);
    server.run('etcd', etcd, [
      ...['--data-dir', join(work, 'etcd'), '--log-level', 'error'],
      ...[
        '--listen-client-urls',
        `http://127.0.0.1:${store}`,
        '--advertise-client-urls',
        `http://127.0.0.1:${store}`,
      ],
      ...['--listen-peer-urls', `http://127.0.0.1:${peers}`],
    ]);
    await server.startApi();
    server.run('controllers', join(folder, 'kube-controller-manager'), [
      ...[`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'],
      `--service-account-private-key-file=${join(work, 'sa.key')}`,
      // Nodes that nobody reports on stay as the test made them.
      '--controllers=*,-node-lifecycle-controller,-taint-eviction-controller',
    ]);
    server.run('scheduler', join(folder, 'kube-scheduler'), [
      ...[`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'],
    ]);
    return server;
  }

  private constructor(
    work: string,
    kubeconfig: string,
    ports: { readonly store: number; readonly peers: number; readonly api: number },
    api: KubernetesApi,
  ) {
    this.work = work;
    this.kubeconfig = kubeconfig;
    this.ports = ports;
    this.api = api;
    process.on('exit', this.onExit);
  }

  async startApi(): Promise<void> {
    const { work, ports } = this;
    this.run('api', join(folder, 'kube-apiserver'), [
      ...[`--etcd-servers=http://127.0.0.1:${ports.store}`, `--secure-port=${ports.api}`],
      ...['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'],
      ...[`--tls-cert-file=${join(work, 'tls.crt')}`, `--tls-private-key-file=${join(work, 'tls.key')}`],
      ...['--service-account-issuer=https://127.0.0.1', `--service-account-key-file=${join(work, 'sa.pub')}`],
      `--service-account-signing-key-file=${join(work, 'sa.key')}`,
      ...['--service-cluster-ip-range=10.96.0.0/16', `--token-auth-file=${join(work, 'tokens.csv')}`],
      ...['--authorization-mode=RBAC', '--disable-admission-plugins=ServiceAccount'],
    ]);
    const until = performance.now() + 60_000;
    for (;;) {
      const ready = await this.api.list('/apis/apps/v1/deployments');
      const wellBeing = await this.api.alive(2_000);
      if (wellBeing === undefined && ready.outcome === 'done') return;
      if (performance.now() > until)
        throw new Error(`the API server did not come up: ${this.log('api').slice(-2_000)}`);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }

  /** As when its container is killed. */
  async killApi(): Promise<void> {
    await this.end('api');
  }

  /** Stopped in its tracks, connections left open, as `docker pause` does; and on again. */
  pauseApi(paused: boolean): void {
    this.children.get('api')?.kill(paused ? 'SIGSTOP' : 'SIGCONT');
  }

  async stop(): Promise<void> {
    for (const name of ['scheduler', 'controllers', 'api', 'etcd']) await this.end(name);
    process.off('exit', this.onExit);
    rmSync(this.work, { recursive: true, force: true });
  }

  log(name: string): string {
    const file = join(this.work, `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  private run(name: string, program: string, words: readonly string[]): void {
    const log = openSync(join(this.work, `${name}.log`), 'a');
    this.children.set(name, spawn(program, words, { stdio: ['ignore', log, log] }));
  }

  private async end(name: string): Promise<void> {
    const child = this.children.get(name);
    this.children.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

/** Keys, a token for the test and the kubeconfig, readable by nobody else. */
function prepare(work: string, port: number): string {
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: work, stdio: 'ignore' });
  openssl('genrsa', '-out', 'sa.key', '2048');
  openssl('rsa', '-in', 'sa.key', '-pubout', '-out', 'sa.pub');
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...[
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      'tls.key',
      '-out',
      'tls.crt',
    ],
  );
  const token = randomBytes(12).toString('hex');
  writeFileSync(join(work, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const kubeconfig = join(work, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: {
          server: `https://127.0.0.1:${port}`,
          'certificate-authority-data': readFileSync(join(work, 'tls.crt')).toString('base64'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return kubeconfig;
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
