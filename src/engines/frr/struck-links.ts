import type { Fault, LinkImpaired } from '../../lab/fault.ts';
import type { Lab, LabLink, LinkEnd } from '../../lab/lab.ts';
import { deviceOf } from '../real/device-names.ts';
import { endsOf, hasEnd, impairedEnd, linksOf, type StruckEnd } from '../real/fault-ends.ts';
import { type EndChange, LinkEnds } from '../real/link-ends.ts';
import type { Clusters } from './clusters.ts';
import { netemScript, netnsOfEnd } from './network-plan.ts';
import type { Nodes } from './nodes.ts';

type Surroundings = { readonly lab: Lab; readonly nodes: Nodes; readonly clusters: Clusters };

/** What faults and configurations do to links: carrier by `ip link`, loss by a rule that lets nothing in. */
export class StruckLinks {
  private readonly around: Surroundings;
  private readonly ends = new LinkEnds();

  constructor(around: Surroundings) {
    this.around = around;
  }

  stateOf(link: LabLink): 'up' | 'down' | 'silent' {
    return this.ends.stateOf(link);
  }

  /** A fault comes over the links that it is about, or goes. */
  strike(fault: Fault, id: string, on: boolean): Promise<void> {
    return this.change(
      endsOf(fault, this.around.lab, link => this.isPlugged(link)),
      id,
      on,
    );
  }

  /** Every link of a node loses carrier, or gets it back. */
  darken(node: string, id: string, on: boolean): Promise<void> {
    const links = linksOf(this.around.lab, node).filter(link => this.isPlugged(link));
    const ends = links.flatMap(({ a, b }) => [a, b].map((end): StruckEnd => ({ end, reason: 'downBy' })));
    return this.change(ends, id, on);
  }

  /** A port as its switch's configuration wants it. */
  async setPort(end: LinkEnd, up: boolean): Promise<void> {
    const { lab } = this.around;
    if (lab.links.some(link => this.isPlugged(link) && hasEnd(link, end)))
      await this.type([this.ends.mark(end, 'downBy', 'admin-state', !up)]);
  }

  /** What leaves an end is late or lost by netem from now on, or no more. What the kernel complained about. */
  async impair(fault: LinkImpaired, on: boolean): Promise<string | undefined> {
    const { lab, nodes } = this.around;
    const end = impairedEnd(fault, lab);
    return end === undefined ? undefined : nodes.all([netemScript(lab, end, on ? fault : undefined)]);
  }

  private async change(ends: readonly StruckEnd[], id: string, on: boolean): Promise<void> {
    await this.type(ends.map(({ end, reason }) => this.ends.mark(end, reason, id, on)));
    if (on) return;
    const { lab } = this.around;
    await this.routesBack(lab.links.filter(link => ends.some(({ end }) => hasEnd(link, end))));
  }

  /** The kernel forgets routes over a port that was down; on a host nobody but its administrator puts them back. */
  private async routesBack(links: readonly LabLink[]): Promise<void> {
    for (const link of links) {
      if (link.role !== 'join' || this.stateOf(link) === 'down') continue;
      for (const { node } of [link.a, link.b])
        if (!this.isSwitch(node)) await this.around.clusters.restoreRoutes(node);
    }
  }

  private async type(changes: readonly (EndChange | undefined)[]): Promise<void> {
    const lines = changes.flatMap(change => (change === undefined ? [] : [this.lineFor(change)]));
    if (lines.length > 0) await this.around.nodes.tree.script(lines.join('\n'));
  }

  private lineFor({ end, state, on }: EndChange): string {
    const netns = netnsOfEnd(this.around.lab, end);
    const device = deviceOf(end.port);
    if (state === 'down') return `ip -n ${netns} link set ${device} ${on ? 'down' : 'up'}`;
    const chain = `in-${device}`;
    const rule = on
      ? `add chain netdev loss ${chain} { type filter hook ingress device "${device}" priority 0; policy drop; }`
      : `delete chain netdev loss ${chain}`;
    return `nsenter --net=/run/netns/${netns} nft '${rule}'`;
  }

  private isPlugged({ id }: LabLink): boolean {
    return this.around.nodes.plugged.has(id);
  }

  private isSwitch(name: string): boolean {
    return this.around.lab.nodes.some(node => node.name === name && node.kind === 'switch');
  }
}
