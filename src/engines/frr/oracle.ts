import type { Ipv4 } from '../../net/address.ts';
import type { FiveTuple } from '../../net/flow.ts';
import { withInput } from '../../programs/shell-text.ts';
import { ownersOf } from '../real/addresses.ts';
import { bridgeName, deviceOf, isVrf, placeOfPort } from '../real/device-names.ts';
import { netnsOfEnd } from './network-plan.ts';
import type { Nodes } from './nodes.ts';

/** Asks a kernel where it would send a flow: exact, and no packet is sent. */
export class Oracle {
  private readonly nodes: Nodes;
  private readonly owners: ReadonlyMap<Ipv4, string>;

  constructor(nodes: Nodes) {
    this.nodes = nodes;
    this.owners = ownersOf(nodes.lab);
  }

  /** The switch whose tunnel each flow enters at the clients' switch. */
  async leavesOf(flows: readonly FiveTuple[]): Promise<(string | undefined)[]> {
    const entry = this.entryOfClients();
    if (entry === undefined || flows.length === 0) return flows.map(() => undefined);
    const gateways = await this.gatewaysOf(entry, flows);
    return gateways.map(gateway => (gateway === undefined ? undefined : this.owners.get(gateway)));
  }

  /** The next hop of each flow in one namespace, as if it came in there. */
  async gatewaysOf(
    entry: { readonly netns: string; readonly device: string },
    flows: readonly FiveTuple[],
  ): Promise<(string | undefined)[]> {
    const lines = flows.map(
      ({ sourceAddress, destinationAddress, sourcePort, destinationPort }) =>
        `route get ${destinationAddress} from ${sourceAddress} iif ${entry.device} ipproto tcp sport ${sourcePort} dport ${destinationPort}`,
    );
    const script = withInput(`ip -n ${entry.netns} -o -force -batch - 2>&1`, lines.join('\n'));
    const { output } = await this.nodes.tree.script(script);
    const answers = output.split('\n').filter(line => line.trim() !== '' && !/^Command failed/.test(line));
    return flows.map((_, index) => /\bvia (\S+)/.exec(answers[index] ?? '')?.[1]);
  }

  /** Where the clients' packets come into the fabric: the switch's port, or the bridge it is in. */
  entryOfClients():
    | { readonly node: string; readonly vrf: string; readonly netns: string; readonly device: string }
    | undefined {
    const { lab } = this.nodes;
    for (const link of lab.links) {
      if (link.role !== 'join' || !this.nodes.plugged.has(link.id)) continue;
      const [inside, end] = lab.nodes.some(node => node.name === link.a.node && node.kind === 'switch')
        ? [link.b, link.a]
        : [link.a, link.b];
      const host = lab.nodes.find(node => node.name === inside.node);
      const node = lab.nodes.find(each => each.name === end.node);
      if (host?.kind !== 'cluster-node' || node?.kind !== 'switch') continue;
      const attachment = host.attachments.find(({ port }) => port === inside.port);
      if (attachment === undefined || attachment.vlans.length === 0) continue;
      const { bridge, vrf } = placeOfPort(node.config, end.port);
      if (vrf === undefined || !node.config.networkInstances.some(each => isVrf(each) && each.name === vrf))
        continue;
      return {
        node: node.name,
        vrf,
        netns: netnsOfEnd(lab, end),
        device: bridge === undefined ? deviceOf(end.port) : bridgeName(node.config, bridge),
      };
    }
    return undefined;
  }
}
