import type { Lab, SwitchNode } from '../../../lab/lab.ts';
import type { SessionRow, TableRef, TableRows } from '../../../lab/snapshot.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { containsAddress, networkOf } from '../../../net/prefix.ts';
import type { JsonRpcClient } from '../../../programs/json-rpc.ts';
import { ownersOf } from '../../real/addresses.ts';
import type { Chronicle } from '../../real/chronicle.ts';
import { vniOf } from '../../real/device-names.ts';
import { type LabTime, wallClock } from '../../real/lab-time.ts';
import type { Answering } from '../answering.ts';
import { changesBetween } from './changes.ts';
import { changesOf, portChange } from './edits.ts';
import type { ObservedSwitch, SwitchTableRef } from './observed-switch.ts';
import { type Reading, type ReadingContext, readingOf, readingPaths } from './reading.ts';
import { SwitchTables } from './switch-tables.ts';

export type SrLinuxOptions = {
  readonly lab: Lab;
  readonly node: SwitchNode;
  readonly client: JsonRpcClient;
  readonly time: LabTime;
  readonly chronicle: Chronicle;
  /** Milliseconds between two readings when the switch answers at once; default 1,000. */
  readonly every?: number;
  /** Part of the time that the switch may spend on answering us; a slow one is asked less often. Default 0.1. */
  readonly share?: number;
};

/** A switch that runs SR Linux: watched by polling its state, asked for what somebody looks at, changed in transactions. */
export class SrLinuxSwitch implements ObservedSwitch {
  readonly name: string;
  private readonly options: SrLinuxOptions;
  private readonly owners: ReadonlyMap<Ipv4, string>;
  private readonly context: ReadingContext;
  private readonly tables: SwitchTables;
  private state: Answering = { state: 'waiting', because: 'not asked yet' };
  private reading: Reading | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopping: AbortController | undefined;

  constructor(options: SrLinuxOptions) {
    const { lab, node, time, chronicle } = options;
    this.name = node.name;
    this.options = options;
    this.owners = ownersOf(lab);
    this.context = {
      node: node.name,
      config: node.config,
      ownerOf: address => this.owners.get(address),
      ofWall: milliseconds => time.ofWall(milliseconds),
      neighborOf: port => neighborOf(lab, node.name, port),
      vniOf: name => {
        const instance = node.config.networkInstances.find(each => each.name === name);
        return instance === undefined ? undefined : vniOf(node.config, instance);
      },
      sessionSince: (instance, peer) => chronicle.sessionSince(node.name, instance, peer),
      bfdSince: (instance, peer) => chronicle.bfdSince(node.name, instance, peer),
      isMultihop: (localAddress, peer) => !sharesSubnet(node, localAddress, peer),
    };
    this.tables = new SwitchTables(options, this.context);
  }

  get answering(): Answering {
    return this.state;
  }

  start(): void {
    if (this.stopping !== undefined) return;
    this.stopping = new AbortController();
    void this.look(this.stopping.signal);
  }

  stop(): void {
    this.stopping?.abort();
    this.stopping = undefined;
    clearTimeout(this.timer);
  }

  sessions(): readonly SessionRow[] | undefined {
    return this.state.state === 'answering' ? this.reading?.sessions.map(({ row }) => row) : undefined;
  }

  packets(port: string): { readonly at: number; readonly in: number; readonly out: number } | undefined {
    const found = this.reading?.ports.find(({ name }) => name === port);
    if (found === undefined || this.reading === undefined || this.state.state !== 'answering')
      return undefined;
    return { at: this.options.time.ofWall(this.reading.at), in: found.in, out: found.out };
  }

  async setPort(port: string, enabled: boolean): Promise<string | undefined> {
    const answer = await this.options.client.set([portChange(port, enabled)]);
    return answer.outcome === 'answered' ? undefined : answer.because;
  }

  async configure(lines: readonly string[]): Promise<string | undefined> {
    const changes = changesOf(lines);
    if ('problem' in changes) return changes.problem;
    if (changes.length === 0) return undefined;
    const answer = await this.options.client.set(changes);
    return answer.outcome === 'answered' ? undefined : answer.because;
  }

  async cli(line: string): Promise<{ readonly text: string } | { readonly problem: string }> {
    const answer = await this.options.client.cli([line]);
    return answer.outcome === 'answered' ? { text: answer.value[0] ?? '' } : { problem: answer.because };
  }

  // following

  private async look(signal: AbortSignal): Promise<void> {
    const { client, chronicle, every = 1_000, share = 0.1 } = this.options;
    const startedAt = performance.now();
    const askedAt = wallClock();
    const answer = await client.state(readingPaths(this.options.node.config), signal);
    if (signal.aborted) return;
    if (answer.outcome === 'answered') {
      const reading = readingOf(answer.value, { askedAt, at: wallClock() }, this.context);
      const { daemon, kernel } = changesBetween(this.reading, reading, this.name);
      for (const fact of daemon) chronicle.noteDaemon(this.name, fact);
      for (const { place, fact } of kernel) chronicle.noteKernel(place, fact);
      this.reading = reading;
      this.state = { state: 'answering' };
    } else {
      this.state = this.silence(answer.because);
    }
    const took = performance.now() - startedAt;
    this.timer = setTimeout(() => void this.look(signal), Math.max(every - took, took * (1 / share - 1)));
    this.timer.unref();
  }

  /** Unknown since it last said something; a switch that never did may be booting. */
  private silence(because: string): Answering {
    if (this.state.state === 'waiting' || this.reading === undefined) return { state: 'waiting', because };
    if (this.state.state === 'unknown') return { ...this.state, because };
    return { state: 'unknown', since: this.options.time.ofWall(this.reading.at), because };
  }

  table(ref: SwitchTableRef): Promise<TableRows[TableRef['name']] | undefined> {
    if (ref.name === 'sessions') return Promise.resolve(this.sessions());
    return this.tables.rows(ref);
  }
}

function neighborOf({ links }: Lab, node: string, port: string): string | undefined {
  for (const { a, b } of links) {
    if (a.node === node && a.port === port) return b.node;
    if (b.node === node && b.port === port) return a.node;
  }
  return undefined;
}

function sharesSubnet({ config }: SwitchNode, localAddress: Ipv4, peer: Ipv4): boolean {
  return config.interfaces
    .flatMap(({ subinterfaces }) => subinterfaces.flatMap(({ addresses }) => addresses))
    .some(
      ({ address }) => address.startsWith(`${localAddress}/`) && containsAddress(networkOf(address), peer),
    );
}
