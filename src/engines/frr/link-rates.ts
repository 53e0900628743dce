import type { Lab, LinkEnd } from '../../lab/lab.ts';
import { deviceOf, isVrf } from '../real/device-names.ts';
import { type Counters, countersIn } from '../real/packet-counters.ts';
import { netnsOf, netnsOfEnd } from './network-plan.ts';
import type { Nodes } from './nodes.ts';

/** Counters are read at most that often, and only while somebody looks. Milliseconds. */
const EVERY = 900;

/** Packets of every port, from the kernel, and what that is per second. */
export class LinkRates {
  private readonly lab: Lab;
  private readonly nodes: Nodes;
  private before: { readonly at: number; readonly counters: Counters } | undefined;
  private latest: { readonly at: number; readonly counters: Counters } | undefined;
  private reading: Promise<void> | undefined;

  constructor(lab: Lab, nodes: Nodes) {
    this.lab = lab;
    this.nodes = nodes;
  }

  /** Packets per second that an end sends, over the last second. */
  rate(link: string, side: 'a' | 'b'): number {
    const found = this.lab.links.find(({ id }) => id === link);
    const { before, latest } = this;
    this.refresh();
    if (found === undefined || before === undefined || latest === undefined) return 0;
    const key = this.keyOf(found[side]);
    const sent = (latest.counters.get(key)?.out ?? 0) - (before.counters.get(key)?.out ?? 0);
    return Math.max(0, (sent * 1000) / Math.max(1, latest.at - before.at));
  }

  /** Counters of one node's interfaces, by device and VRF. */
  async counters(
    node: string,
  ): Promise<(device: string, vrf: string) => { readonly in: number; readonly out: number }> {
    if (this.latest === undefined) this.refresh();
    await this.reading;
    return (device, vrf) =>
      this.latest?.counters.get(`${netnsOf(node, vrf === 'default' ? undefined : vrf)} ${device}`) ?? {
        in: 0,
        out: 0,
      };
  }

  private keyOf(end: LinkEnd): string {
    return `${netnsOfEnd(this.lab, end)} ${deviceOf(end.port)}`;
  }

  private refresh(): void {
    if (this.reading !== undefined) return;
    if (this.latest !== undefined && performance.now() - this.latest.at < EVERY) return;
    this.reading = this.read().finally(() => {
      this.reading = undefined;
    });
  }

  private async read(): Promise<void> {
    const names = this.lab.nodes.flatMap(node => {
      if (node.kind === 'switch') {
        if (!this.nodes.routers.has(node.name)) return [];
        const vrfs = node.config.networkInstances.filter(isVrf);
        return [netnsOf(node.name), ...vrfs.map(vrf => netnsOf(node.name, vrf.name))];
      }
      return this.nodes.hosts.has(node.name) ? [netnsOf(node.name)] : [];
    });
    const { output } = await this.nodes.tree.script(
      names
        .map(name => `echo "netns ${name}"; nsenter --net=/run/netns/${name} cat /proc/net/dev 2>/dev/null`)
        .join('\n'),
    );
    this.before = this.latest;
    this.latest = { at: performance.now(), counters: countersIn(output) };
  }
}
