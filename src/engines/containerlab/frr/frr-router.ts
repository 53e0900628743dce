import type { SwitchNode } from '../../../lab/lab.ts';
import type { SessionRow, TableRef, TableRows } from '../../../lab/snapshot.ts';
import { AnsweringShell } from '../../../programs/answering-shell.ts';
import type { Conversation } from '../../../programs/conversation.ts';
import type { Docker } from '../../../programs/docker.ts';
import { isUp, parseMonitorLine, parseRoute } from '../../../programs/ip-monitor.ts';
import type { ScriptResult } from '../../../programs/process-tree.ts';
import { Vtysh } from '../../../programs/vtysh.ts';
import type { Chronicle, Place } from '../../real/chronicle.ts';
import { deviceOf, isVrf } from '../../real/device-names.ts';
import type { LabTime } from '../../real/lab-time.ts';
import { LogReader } from '../../real/log-lines.ts';
import { type Counters, countersIn } from '../../real/packet-counters.ts';
import type { AskedRouter, RouterTables } from '../../real/router-tables.ts';
import type { Answering } from '../answering.ts';
import type { ObservedSwitch, SwitchTableRef } from '../srlinux/observed-switch.ts';

/** A reading begins at the earliest that long after the one before, and later where readings take long. Milliseconds. */
const EVERY = 1_000;
/** Of the time, at most a twentieth is spent asking. */
const SHARE = 20;
/** One that does not answer costs little: it is asked again after that long. Milliseconds. */
const SILENT = 4_000;
/** The daemons are told again what to log every so many readings: one that was restarted has forgotten it. */
const ARM_EVERY = 3;
/** Sessions that were read no longer ago than that are not asked for again. */
const FRESH = 250;

const ENV = { TZ: 'UTC', LC_ALL: 'C' };

const wantedDaemons = ['zebra', 'bgpd', 'bfdd'];

export type FrrRouterOptions = {
  readonly name: string;
  readonly container: string;
  /** Undefined for a router on a node that is no switch: MetalLB's. */
  readonly node: SwitchNode | undefined;
  readonly docker: Docker;
  readonly tables: RouterTables;
  readonly chronicle: Chronicle;
  readonly time: LabTime;
  /** Told when it answers for the first time, and again after it was silent. */
  readonly onAnswering: () => void;
};

/**
 * FRR in a container. Three programs go on running in it while it is watched: vtysh, which answers and tells what the
 * daemons log; `ip monitor`; a shell. All end when their input does, which is when we do.
 */
export class FrrRouter implements AskedRouter, ObservedSwitch {
  readonly name: string;
  readonly vrfs: readonly string[];
  answering: Answering = { state: 'waiting', because: 'it was not asked yet' };
  private readonly options: FrrRouterOptions;
  private readonly vtysh: Vtysh;
  private readonly shell: AnsweringShell;
  private readonly reader = new LogReader();
  private monitor: Conversation | undefined;
  private monitorRest = '';
  private readonly ports = new Map<string, boolean>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private readings = 0;
  private reading: Promise<void> | undefined;
  private lastSessions: readonly SessionRow[] | undefined;
  private readAt = 0;
  private counters: { readonly at: number; readonly packets: Counters } | undefined;

  constructor(options: FrrRouterOptions) {
    const { docker, container, node } = options;
    this.options = options;
    this.name = options.name;
    this.vrfs = node?.config.networkInstances.filter(isVrf).map(({ name }) => name) ?? [];
    this.vtysh = new Vtysh(
      listeners => docker.converse(container, ['vtysh'], listeners, ENV),
      line => {
        const fact = this.reader.read(line);
        if (fact !== undefined) options.chronicle.noteDaemon(this.name, fact);
      },
    );
    this.shell = new AnsweringShell((argv, listeners) => docker.converse(container, argv, listeners, ENV));
  }

  start(): void {
    void this.follow();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.monitor?.stop();
    this.vtysh.stop();
    this.shell.stop();
  }

  sessions(): readonly SessionRow[] | undefined {
    return this.answering.state === 'answering' ? this.lastSessions : undefined;
  }

  /** Reads the sessions again where they are not of this moment. */
  async refresh(): Promise<void> {
    if (this.answering.state === 'answering' && performance.now() - this.readAt > FRESH) await this.read();
  }

  packets(port: string) {
    const { counters } = this;
    const counted = counters?.packets.get(` ${deviceOf(port)}`);
    return counters === undefined || counted === undefined ? undefined : { at: counters.at, ...counted };
  }

  /** Whether a port is up and has a cable that is up; undefined where there is no such device. */
  portUp(port: string): boolean | undefined {
    return this.ports.get(deviceOf(port));
  }

  async table(ref: SwitchTableRef): Promise<TableRows[TableRef['name']] | undefined> {
    const { tables, time } = this.options;
    if (this.answering.state !== 'answering') return undefined;
    switch (ref.name) {
      case 'sessions':
        await this.refresh();
        return this.sessions();
      case 'bfd':
        return tables.bfdOf(this, time.now());
      default: {
        const { packets = new Map() as Counters } = this.counters ?? {};
        const counters = async () => (device: string, vrf: string) =>
          packets.get(`${vrf === 'default' ? '' : vrf} ${device}`) ?? { in: 0, out: 0 };
        return tables.table(this, ref, counters, time.now());
      }
    }
  }

  json(_daemon: 'zebra' | 'bgpd' | 'bfdd', command: string): Promise<unknown> {
    return this.vtysh.json(command);
  }

  /** A script in the container, written by us: no value of a file stands in it unquoted. */
  script(text: string): Promise<ScriptResult> {
    return this.shell.script(text);
  }

  async setPort(port: string, enabled: boolean): Promise<string | undefined> {
    const { exitCode, output } = await this.script(
      `ip link set ${deviceOf(port)} ${enabled ? 'up' : 'down'}`,
    );
    return exitCode === 0 ? undefined : output.trim() || `exit code ${exitCode}`;
  }

  /** By a vtysh of its own: the one that is asked all the time answers nothing while it configures. */
  async configure(lines: readonly string[]): Promise<string | undefined> {
    const { docker, container } = this.options;
    const vtysh = new Vtysh(listeners => docker.converse(container, ['vtysh'], listeners, ENV));
    const complaints: string[] = [];
    for (const line of ['configure terminal', ...lines, 'end']) {
      const answer = await vtysh.ask(line);
      if (answer.outcome === 'silent') complaints.push(`${line}: ${answer.because}`);
      else if (answer.text.includes('% ')) complaints.push(`${line}: ${answer.text.trim()}`);
      if (answer.outcome === 'silent') break;
    }
    vtysh.stop();
    return complaints.length === 0 ? undefined : complaints.join('; ');
  }

  async cli(line: string): Promise<{ readonly text: string } | { readonly problem: string }> {
    const answer = await this.vtysh.ask(line);
    return answer.outcome === 'said' ? { text: answer.text } : { problem: answer.because };
  }

  // reading

  private async follow(): Promise<void> {
    while (!this.stopped) {
      const startedAt = performance.now();
      await this.read();
      if (this.answering.state === 'answering' && this.readings++ % ARM_EVERY === 0) await this.arm();
      const took = performance.now() - startedAt;
      await new Promise<void>(resolve => {
        const rest = this.answering.state === 'unknown' ? SILENT : took * (SHARE - 1);
        this.timer = setTimeout(resolve, Math.max(EVERY - took, rest));
        this.timer.unref();
      });
    }
  }

  private read(): Promise<void> {
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readNow(): Promise<void> {
    const { tables, time } = this.options;
    const answer = await this.vtysh.ask('show daemons');
    if (this.stopped) return;
    if (answer.outcome === 'silent') {
      this.fellSilent(answer.because);
      return;
    }
    const missing = wantedDaemons.filter(daemon => !answer.text.split(/\s+/).includes(daemon));
    if (missing.length > 0) {
      // vtysh never finds a daemon that started after it did.
      this.vtysh.restart();
      this.readings = 0;
      if (this.answering.state === 'waiting') {
        this.answering = { state: 'waiting', because: `${missing.join(', ')} does not run yet` };
        return;
      }
    }
    const [sessions] = await Promise.all([tables.sessionsOf(this, time.now()), this.count()]);
    if (this.stopped) return;
    for (const session of sessions) this.options.chronicle.knowSession(session);
    this.lastSessions = sessions;
    this.readAt = performance.now();
    const isNew = this.answering.state !== 'answering';
    this.answering = { state: 'answering' };
    if (isNew) this.options.onAnswering();
  }

  private fellSilent(because: string): void {
    const { answering } = this;
    if (answering.state === 'answering')
      this.answering = { state: 'unknown', since: this.options.time.now(), because };
    else this.answering = { ...answering, because };
    // What it is told to log and what it counts begins anew when it answers.
    this.readings = 0;
  }

  private async count(): Promise<void> {
    const spaces = this.vrfs.map(
      vrf => `echo netns ${vrf}; nsenter --net=/run/netns/${vrf} cat /proc/net/dev 2>/dev/null`,
    );
    const result = await this.script(['ip -o link show', 'cat /proc/net/dev', ...spaces].join('\n'));
    if (result.exitCode !== 0 || this.stopped) return;
    this.counters = { at: this.options.time.now(), packets: countersIn(result.output) };
    const devices = [...result.output.matchAll(/^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)>/gm)];
    this.ports.clear();
    for (const [, device = '', flags = ''] of devices) this.ports.set(device, isUp(flags));
  }

  // listening

  /** Tells the daemons to say what happens, and the kernel. Nothing of the router's configuration changes. */
  private async arm(): Promise<void> {
    for (const command of ['terminal monitor', 'debug bgp neighbor-events', 'debug bfd peer'])
      await this.vtysh.ask(command);
    if (this.monitor === undefined) await this.monitorKernel();
  }

  private async monitorKernel(): Promise<void> {
    const numbered = this.vrfs.map((vrf, index) => `ip netns set ${vrf} ${index + 1}`);
    const { exitCode, output } = await this.script([...numbered, 'ip netns list-id'].join('\n'));
    if (exitCode !== 0 || this.stopped) return;
    const placeOf = (vrf: string) => ({ node: this.name, instance: node === undefined ? '' : vrf });
    const names = new Map(
      [...output.matchAll(/^nsid (\d+).*name: (\S+)\)/gm)].map(([, id, name = '']) => [Number(id), name]),
    );
    const { docker, container, chronicle, node } = this.options;
    const argv = ['sh', '-c', 'ip -ts -o monitor all-nsid link route </dev/null & read -r forever; kill $!'];
    this.monitor = docker.converse(
      container,
      argv,
      {
        onOutput: text => {
          const lines = `${this.monitorRest}${text}`.split('\n');
          this.monitorRest = lines.pop() ?? '';
          for (const line of lines) {
            const fact = parseMonitorLine(line);
            if (fact === undefined) continue;
            const vrf = fact.nsid === 'own' ? 'default' : names.get(fact.nsid);
            // Ports are in the container's own namespace; a tenant has devices of the same names behind them.
            if (vrf === undefined || (fact.type === 'link' && fact.nsid !== 'own')) continue;
            if (fact.type === 'link') this.ports.set(fact.device, fact.up);
            chronicle.noteKernel(placeOf(vrf), fact);
          }
        },
        onEnd: () => {
          this.monitor = undefined;
        },
      },
      ENV,
    );
    await this.knowRoutes(placeOf);
  }

  /** What the kernel has already: a change is one from that. */
  private async knowRoutes(placeOf: (vrf: string) => Place): Promise<void> {
    for (const vrf of ['default', ...this.vrfs]) {
      const inside = vrf === 'default' ? '' : `-n ${vrf} `;
      const { output } = await this.script(`ip ${inside}-o route show proto bgp`);
      for (const line of output.split('\n')) {
        const route = parseRoute(line);
        if (route !== undefined) this.options.chronicle.knowRoute(placeOf(vrf), route);
      }
    }
  }
}
