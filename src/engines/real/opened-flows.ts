import type { Lab } from '../../lab/lab.ts';
import { type TableRef, tableKey } from '../../lab/snapshot.ts';
import type { ClientEntry } from './client-entry.ts';
import { deviceOf } from './device-names.ts';
import { listOf, objectOf } from './said.ts';
import type { Client, Traffic } from './traffic.ts';

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

export type OpenedFlowsSurroundings = {
  readonly lab: Lab;
  readonly traffic: Traffic;
  entry(): ClientEntry | undefined;
  /** nft in a switch's own namespace: what it printed. */
  nft(node: string, words: string, input?: string): Promise<string>;
};

/** Opens flows for real, where nobody can tell beforehand what becomes of them. */
export class OpenedFlows {
  private readonly around: OpenedFlowsSurroundings;
  private readonly known = new Map<string, { readonly at: number; readonly flows: Promise<OpenedFlow[]> }>();

  constructor(around: OpenedFlowsSurroundings) {
    this.around = around;
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
    const switchName = this.around.entry()?.node;
    const ports = switchName === undefined ? [] : this.fabricPorts(switchName);
    if (switchName !== undefined) await this.watch(switchName, ports, port);
    const answers = await this.around.traffic.open(client, { address, port, firstPort, count });
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
    return this.around.lab.links
      .filter(({ role }) => role === 'fabric')
      .flatMap(({ a, b }) => [a, b])
      .filter(end => end.node === node)
      .map(end => end.port);
  }

  /** One set for each port: the source ports inside the VXLAN packets that left by it. Newer nft wants them to be what they are read as. */
  private async watch(node: string, ports: readonly string[], destinationPort: number): Promise<void> {
    const rules = [
      'table ip opened',
      'delete table ip opened',
      'table ip opened {',
      ...ports.map((_, index) => `  set by${index} { typeof @th,400,16; flags dynamic; size 65535; }`),
      '  chain out { type filter hook postrouting priority 0;',
      // Behind the outer UDP and VXLAN headers (8 + 8), Ethernet (14) and IPv4 (20): the ports of the inner TCP.
      ...ports.map(
        (port, index) =>
          `    oifname "${deviceOf(port)}" udp dport 4789 @th,416,16 ${destinationPort} add @by${index} { @th,400,16 }`,
      ),
      '  }',
      '}',
    ].join('\n');
    await this.around.nft(node, '-f -', rules);
  }

  private async seen(node: string, ports: readonly string[]): Promise<Map<number, string>> {
    const output = await this.around.nft(node, '-j list table ip opened');
    await this.around.nft(node, 'delete table ip opened');
    const found = new Map<number, string>();
    for (const each of listOf(objectOf(parsed(output))['nftables'])) {
      const set = objectOf(each['set']);
      const port = ports[Number(/^by(\d+)$/.exec(String(set['name']))?.[1])];
      if (port === undefined || !Array.isArray(set['elem'])) continue;
      for (const element of set['elem']) if (typeof element === 'number') found.set(element, port);
    }
    return found;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
