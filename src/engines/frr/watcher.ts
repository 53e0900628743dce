import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ipMonitorArgv, parseMonitorLine } from '../../programs/ip-monitor.ts';
import { LongProgram } from '../../programs/long-program.ts';
import { nsenterArgv } from '../../programs/namespaces.ts';
import { Chronicle, type Place } from '../real/chronicle.ts';
import type { EventLog } from '../real/event-log.ts';
import type { LabTime } from '../real/lab-time.ts';
import { LogReader } from '../real/log-lines.ts';
import type { Router } from './daemons.ts';
import type { Nodes } from './nodes.ts';

/** How often the logs are looked at; their lines carry their own times. Milliseconds. */
const LOOK_EVERY = 40;

type Tail = { readonly reader: LogReader; at: number; rest: string };

/** Follows the daemons' logs and what the kernel announces of the lab's namespaces. */
export class Watcher extends Chronicle {
  private readonly nodes: Nodes;
  private readonly places = new Map<number, Place>();
  private readonly tails = new Map<string, Tail>();
  private readonly timer: NodeJS.Timeout;
  private monitor: LongProgram | undefined;
  private nextNsid = 1;

  constructor(nodes: Nodes, time: LabTime, events: EventLog) {
    super(nodes.lab, time, events);
    this.nodes = nodes;
    this.timer = setInterval(() => this.look(), LOOK_EVERY);
    this.timer.unref();
  }

  /** Starts to listen to namespaces: the script gives them the numbers by which the kernel names them. */
  async watch(places: readonly (Place & { readonly netns: string })[]): Promise<void> {
    const lines: string[] = [];
    for (const { netns, node, instance } of places) {
      const nsid = this.nextNsid++;
      this.places.set(nsid, { node, instance });
      lines.push(`ip netns set ${netns} ${nsid}`);
    }
    await this.nodes.tree.script(lines.join('\n'));
    if (this.monitor !== undefined) return;
    const { pid, userNamespace } = this.nodes.tree;
    this.monitor = new LongProgram(nsenterArgv({ tree: pid, userNamespace }, ipMonitorArgv), {
      onLine: line => {
        const fact = parseMonitorLine(line);
        const place = fact === undefined || fact.nsid === 'own' ? undefined : this.places.get(fact.nsid);
        if (fact !== undefined && place !== undefined) this.noteKernel(place, fact);
      },
    });
  }

  stop(): void {
    clearInterval(this.timer);
    this.monitor?.stop();
    this.look();
  }

  /** Reads on in every daemon's log. */
  look(): void {
    for (const router of this.nodes.routers.values()) {
      for (const file of ['bgpd.log', 'bfdd.log']) this.readOn(router, file);
    }
    this.tell();
  }

  private readOn(router: Router, file: string): void {
    const key = `${router.name} ${file}`;
    let tail = this.tails.get(key);
    if (tail === undefined) {
      tail = { reader: new LogReader(), at: 0, rest: '' };
      this.tails.set(key, tail);
    }
    let handle: number;
    try {
      handle = openSync(router.path(file), 'r');
    } catch {
      return;
    }
    try {
      const { size } = fstatSync(handle);
      if (size <= tail.at) return;
      const buffer = Buffer.alloc(Math.min(size - tail.at, 1 << 20));
      const length = readSync(handle, buffer, 0, buffer.length, tail.at);
      tail.at += length;
      const lines = `${tail.rest}${buffer.toString('utf8', 0, length)}`.split('\n');
      tail.rest = lines.pop() ?? '';
      for (const line of lines) {
        const fact = tail.reader.read(line);
        if (fact !== undefined) this.noteDaemon(router.name, fact);
      }
    } finally {
      closeSync(handle);
    }
  }
}
