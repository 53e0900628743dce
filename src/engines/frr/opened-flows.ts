import { type TableRef, tableKey } from '../../lab/snapshot.ts';
import { withInput } from '../../programs/shell-text.ts';
import { jsonOf } from '../../programs/vty.ts';
import { listOf, objectOf } from '../real/said.ts';
import type { Client, Traffic } from '../real/traffic.ts';
import { deviceOf, netnsOf } from './network-plan.ts';
import type { Nodes } from './nodes.ts';
import type { Oracle } from './oracle.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/** What came of one connection. */
export type OpenedFlow = {
  readonly pod?: string;
  readonly node?: string;
  /** Port of the clients' switch by which it entered the underlay: "ethernet-1/1". */
  readonly port?: string;
};

/** Somebody who looks often sees the same flows for that long. Milliseconds. */
const FRESH = 2_000;

/** Opens flows for real, where nobody can tell beforehand what becomes of them. */
export class OpenedFlows {
  private readonly nodes: Nodes;
  private readonly traffic: Traffic;
  private readonly oracle: Oracle;
  private readonly known = new Map<string, { readonly at: number; readonly flows: Promise<OpenedFlow[]> }>();

  constructor(nodes: Nodes, traffic: Traffic, oracle: Oracle) {
    this.nodes = nodes;
    this.traffic = traffic;
    this.oracle = oracle;
  }

  of(client: Client, ref: FlowsRef): Promise<OpenedFlow[]> {
    const { over: _, ...which } = ref;
    const key = tableKey(which);
    const known = this.known.get(key);
    if (known !== undefined && performance.now() - known.at < FRESH) return known.flows;
    const flows = this.open(client, ref);
    this.known.set(key, { at: performance.now(), flows });
    return flows;
  }

  private async open(client: Client, ref: FlowsRef): Promise<OpenedFlow[]> {
    const { destination: address, port, firstPort, count } = ref;
    const switchName = this.oracle.entryOfClients()?.node;
    const ports = switchName === undefined ? [] : this.fabricPorts(switchName);
    if (switchName !== undefined) await this.watch(switchName, ports, port);
    const answers = await this.traffic.open(client, { address, port, firstPort, count });
    const seen = switchName === undefined ? new Map() : await this.seen(switchName, ports);
    return answers.map((answer, index) => {
      const words = Object.fromEntries((answer ?? '').split(' ').map(word => word.split('=')));
      return {
        ...(words['pod'] === undefined ? {} : { pod: words['pod'] }),
        ...(words['node'] === undefined ? {} : { node: words['node'] }),
        ...(seen.has(firstPort + index) ? { port: seen.get(firstPort + index) } : {}),
      };
    });
  }

  private fabricPorts(node: string): string[] {
    return this.nodes.lab.links
      .filter(({ role }) => role === 'fabric')
      .flatMap(({ a, b }) => [a, b])
      .filter(end => end.node === node)
      .map(end => end.port);
  }

  /** One set for each port: the source ports inside the VXLAN packets that left by it. */
  private async watch(node: string, ports: readonly string[], destinationPort: number): Promise<void> {
    const rules = [
      'table ip opened',
      'delete table ip opened',
      'table ip opened {',
      ...ports.map((_, index) => `  set by${index} { type inet_service; flags dynamic; size 65535; }`),
      '  chain out { type filter hook postrouting priority 0;',
      // Behind the outer UDP and VXLAN headers (8 + 8), Ethernet (14) and IPv4 (20): the ports of the inner TCP.
      ...ports.map(
        (port, index) =>
          `    oifname "${deviceOf(port)}" udp dport 4789 @th,416,16 ${destinationPort} add @by${index} { @th,400,16 }`,
      ),
      '  }',
      '}',
    ].join('\n');
    await this.nodes.tree.script(withInput(`nsenter --net=/run/netns/${netnsOf(node)} nft -f -`, rules));
  }

  private async seen(node: string, ports: readonly string[]): Promise<Map<number, string>> {
    const netns = `nsenter --net=/run/netns/${netnsOf(node)} nft`;
    const { output } = await this.nodes.tree.script(
      `${netns} -j list table ip opened; ${netns} delete table ip opened`,
    );
    const found = new Map<number, string>();
    for (const each of listOf(objectOf(jsonOf(output))['nftables'])) {
      const set = objectOf(each['set']);
      const port = ports[Number(/^by(\d+)$/.exec(String(set['name']))?.[1])];
      if (port === undefined || !Array.isArray(set['elem'])) continue;
      for (const element of set['elem']) if (typeof element === 'number') found.set(element, port);
    }
    return found;
  }
}
