import type { Lab } from '../../../lab/lab.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { FiveTuple } from '../../../net/flow.ts';
import { withInput } from '../../../programs/shell-text.ts';
import { ownersOf } from '../../real/addresses.ts';
import { type ClientEntry, clientEntry, gatewaysIn, routeGets } from '../../real/client-entry.ts';
import { type Client, firstFlowOf } from '../../real/traffic.ts';
import { FrrRouter } from '../frr/frr-router.ts';
import type { Watch } from '../watch/watch.ts';

/** Asks the kernel of an FRR switch where it would send a flow: exact, and no packet is sent. SR Linux does not tell. */
export class Oracle {
  private readonly lab: Lab;
  private readonly watch: Watch;
  private readonly owners: ReadonlyMap<Ipv4, string>;

  constructor(lab: Lab, watch: Watch) {
    this.lab = lab;
    this.watch = watch;
    this.owners = ownersOf(lab);
  }

  /** Undefined where no kernel can be asked. */
  get entry(): ClientEntry | undefined {
    const entry = clientEntry(this.lab, link => this.watch.isPlugged(link));
    return entry !== undefined && this.watch.routers.get(entry.node) instanceof FrrRouter ? entry : undefined;
  }

  /** The switch whose tunnel each flow enters at the clients' switch. */
  async leavesOf(flows: readonly FiveTuple[]): Promise<(string | undefined)[]> {
    const { entry } = this;
    if (entry === undefined || flows.length === 0) return flows.map(() => undefined);
    const gateways = await this.gatewaysOf(entry, flows);
    return gateways.map(gateway => (gateway === undefined ? undefined : this.owners.get(gateway)));
  }

  /** The entry has a leaf for what each client asks for; it is not known of clients whose entry no kernel can be asked of. */
  async reaches(clients: readonly Client[]): Promise<boolean> {
    if (this.entry === undefined) return true;
    const leaves = await this.leavesOf(clients.map(client => firstFlowOf(client)));
    return leaves.every(leaf => leaf !== undefined);
  }

  async gatewaysOf(entry: ClientEntry, flows: readonly FiveTuple[]): Promise<(string | undefined)[]> {
    const router = this.watch.routers.get(entry.node);
    if (!(router instanceof FrrRouter)) return flows.map(() => undefined);
    const script = withInput(`ip -n ${entry.vrf} -o -force -batch - 2>&1`, routeGets(entry, flows));
    const { output } = await router.script(script);
    return gatewaysIn(output, flows.length);
  }

  /** nft in a switch's own namespace. */
  async nft(node: string, words: string, input = ''): Promise<string> {
    const router = this.watch.routers.get(node);
    if (!(router instanceof FrrRouter)) return '';
    return (await router.script(withInput(`nft ${words}`, input))).output;
  }

  async json(node: string, command: string): Promise<unknown> {
    const router = this.watch.routers.get(node);
    return router instanceof FrrRouter ? router.json('zebra', command) : undefined;
  }
}
