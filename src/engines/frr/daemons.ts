import { mkdirSync, writeFileSync } from 'node:fs';
import { daemonArgv, type FrrDaemon, type FrrInstallation } from '../../programs/frr.ts';
import type { ProcessTree } from '../../programs/process-tree.ts';
import { commandText } from '../../programs/shell-text.ts';
import { type VtyAnswer, VtyClient } from '../../programs/vty.ts';
import { bgpQuestions } from '../real/router-tables.ts';
import { partOfDaemon } from './config-parts.ts';
import { netnsOf } from './network-plan.ts';

/** One router: a mount namespace of its own with /run/frr and, in /run/netns, its VRFs alone; FRR's daemons in it. */
export class Router {
  readonly name: string;
  readonly vrfs: readonly string[];
  readonly daemons: readonly FrrDaemon[];
  /** The process, by its number in the tree, that keeps the mount namespace. */
  holder = 0;
  running = false;
  private readonly tree: ProcessTree;
  private readonly frr: FrrInstallation;
  private readonly clients = new Map<FrrDaemon, VtyClient>();
  private frozenAnswers: ReadonlyMap<string, unknown> | undefined;
  config: string;

  constructor(
    tree: ProcessTree,
    frr: FrrInstallation,
    options: { readonly name: string; readonly vrfs: readonly string[]; readonly config: string },
  ) {
    this.tree = tree;
    this.frr = frr;
    this.name = options.name;
    this.vrfs = options.vrfs;
    this.config = options.config;
    this.daemons = this.vrfs.length > 0 ? ['mgmtd', 'zebra', 'bgpd', 'bfdd'] : ['zebra', 'bgpd', 'bfdd'];
  }

  /** Folder of the router's /run/frr as the tree's first process sees it. */
  private get folder(): string {
    return `/run/routers/${this.name}/frr`;
  }

  /** A file of /run/frr from outside. */
  path(file: string): string {
    return this.tree.path(`${this.folder}/${file}`);
  }

  /** The script that makes the mount namespace and starts every daemon. */
  startScript(): string {
    const netns = `/run/routers/${this.name}/netns`;
    const steps = [
      'mount --make-rprivate /',
      ...this.vrfs.map(
        vrf => `touch ${netns}/${vrf} && mount --bind /run/netns/${netnsOf(this.name, vrf)} ${netns}/${vrf}`,
      ),
      `mount --rbind ${netns} /run/netns`,
      `mkdir -p /run/frr && mount --bind ${this.folder} /run/frr`,
      'exec sleep infinity',
    ].join(' && ');
    return [
      `mkdir -p ${netns}`,
      `${commandText(['nsenter', `--net=/run/netns/${netnsOf(this.name)}`, 'unshare', '-m', '--propagation', 'private', 'sh', '-c', steps])} >/dev/null 2>&1 &`,
      `echo holder ${this.name} $!`,
      // /run/frr is mounted as the last step.
      `n=0; until nsenter -t $! -m test -e /run/frr/bgpd.conf || [ $n -ge 200 ]; do n=$((n+1)); sleep 0.01; done`,
    ].join('\n');
  }

  /** The script that starts one daemon in the router. */
  daemonScript(daemon: FrrDaemon): string {
    const argv = daemonArgv(this.frr, daemon, { vrfNetns: this.vrfs.length > 0 });
    return `nsenter -t ${this.holder} -m -n -- ${commandText(argv)} >>${this.folder}/${daemon}.out 2>&1`;
  }

  /** Kills a daemon at once, or sends it another signal. */
  signalScript(daemon: FrrDaemon, signal: 'KILL' | 'STOP' | 'CONT'): string {
    return `kill -${signal} $(cat ${this.pidFile(daemon)}) 2>/dev/null; true`;
  }

  /** Ends a daemon: at once, or in good order, for which it has two seconds. */
  endScript(daemon: FrrDaemon, signal: 'KILL' | 'TERM'): string {
    const file = this.pidFile(daemon);
    if (signal === 'KILL') return `${this.signalScript(daemon, 'KILL')}\nrm -f ${file}`;
    return [
      `d=$(cat ${file}); kill -TERM $d 2>/dev/null; n=0`,
      // A daemon that has ended stays in the process table until the tree's first process looks after it.
      `while [ $n -lt 100 ] && grep -qs '^State:.[^Z]' /proc/$d/status; do n=$((n+1)); sleep 0.02; done`,
      `${this.signalScript(daemon, 'KILL')}; rm -f ${file}`,
    ].join('\n');
  }

  /** bgpd stands still, or goes on. It answers nobody then: what it said last is what it knows. */
  async freezeBgp(frozen: boolean): Promise<void> {
    if (frozen) {
      const questions = bgpQuestions(this.vrfs);
      const answers = await Promise.all(questions.map(question => this.json('bgpd', question)));
      this.frozenAnswers = new Map(questions.map((question, index) => [question, answers[index]]));
    }
    await this.tree.script(this.signalScript('bgpd', frozen ? 'STOP' : 'CONT'));
    if (!frozen) this.frozenAnswers = undefined;
  }

  get frozen(): boolean {
    return this.frozenAnswers !== undefined;
  }

  private pidFile(daemon: FrrDaemon): string {
    return `${this.folder}/${daemon}.pid`;
  }

  /** The complaint, where they cannot be written. */
  writeConfig(): string | undefined {
    const texts = this.daemons.map(
      daemon => [`${daemon}.conf`, `${partOfDaemon(this.config, daemon)}${traces(daemon)}`] as const,
    );
    try {
      mkdirSync(this.path(''), { recursive: true });
      writeFileSync(
        this.path('vtysh.conf'),
        'username root nopassword\nno service integrated-vtysh-config\n',
      );
      for (const [file, text] of texts) writeFileSync(this.path(file), text);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** mgmtd's lines, which have no file; the complaints. */
  async configureManagement(): Promise<string[]> {
    if (!this.daemons.includes('mgmtd')) return [];
    const lines = partOfDaemon(this.config, 'mgmtd')
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.trim());
    return this.vty('mgmtd').configure(lines);
  }

  vty(daemon: FrrDaemon): VtyClient {
    let client = this.clients.get(daemon);
    if (client === undefined) {
      client = new VtyClient(this.path(`${daemon}.vty`));
      this.clients.set(daemon, client);
    }
    return client;
  }

  json(daemon: FrrDaemon, command: string): Promise<unknown> {
    if (daemon === 'bgpd' && this.frozenAnswers !== undefined)
      return Promise.resolve(this.frozenAnswers.get(command));
    return this.vty(daemon).json(command);
  }

  ask(daemon: FrrDaemon, command: string): Promise<VtyAnswer> {
    if (daemon === 'bgpd' && this.frozen)
      return Promise.resolve({ outcome: 'silent', because: 'bgpd is stopped by a signal' });
    return this.vty(daemon).ask(command);
  }

  close(): void {
    this.frozenAnswers = undefined;
    for (const client of this.clients.values()) client.close();
  }
}

/** What the daemons are to write down, with the time, for the event log. */
function traces(daemon: FrrDaemon): string {
  const file = `log file /run/frr/${daemon}.log debugging\nlog timestamp precision 6\n`;
  if (daemon === 'bgpd') return `${file}debug bgp neighbor-events\n`;
  return daemon === 'bfdd' ? `${file}debug bfd peer\n` : '';
}
