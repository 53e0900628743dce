import type { Ipv4 } from '../../net/address.ts';
import type { FiveTuple } from '../../net/flow.ts';
import { withInput } from '../../programs/shell-text.ts';
import { ownersOf } from '../real/addresses.ts';
import { type ClientEntry, clientEntry, gatewaysIn, routeGets } from '../real/client-entry.ts';
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

  /** The next hop of each flow where the clients' packets come in. */
  async gatewaysOf(entry: ClientEntry, flows: readonly FiveTuple[]): Promise<(string | undefined)[]> {
    const netns = netnsOfEnd(this.nodes.lab, entry.end);
    const script = withInput(`ip -n ${netns} -o -force -batch - 2>&1`, routeGets(entry, flows));
    const { output } = await this.nodes.tree.script(script);
    return gatewaysIn(output, flows.length);
  }

  /** Where the clients' packets come into the fabric. */
  entryOfClients(): ClientEntry | undefined {
    return clientEntry(this.nodes.lab, link => this.nodes.plugged.has(link.id));
  }
}
