import type { Lab } from '../../lab/lab.ts';
import type { FlowHop, FlowRow, TableRef } from '../../lab/snapshot.ts';
import { type FiveTuple, TCP } from '../../net/flow.ts';
import { containsAddress, lengthOf } from '../../net/prefix.ts';
import { ownersOf } from './addresses.ts';
import type { ClientEntry } from './client-entry.ts';
import type { OpenedFlow } from './opened-flows.ts';
import { listOf, objectOf, type Said, textOf } from './said.ts';
import type { Client } from './traffic.ts';

/** Who is asked for the paths of flows. */
export type AskedForFlows = {
  clientNamed(nameOrAddress: string): Client | undefined;
  readonly entry: ClientEntry | undefined;
  /** The next hop of each flow at the entry, as its kernel would choose it. */
  gatewaysOf(entry: ClientEntry, flows: readonly FiveTuple[]): Promise<readonly (string | undefined)[]>;
  /** The same flows opened for real: what their answers said, and the port by which each left the entry's switch. */
  opened(client: Client, ref: FlowsRef): Promise<readonly OpenedFlow[]>;
  /** `show … json` of a switch's zebra. */
  json(node: string, command: string): Promise<unknown>;
};

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/**
 * The paths that new flows would take now, asked of the kernels on the way. Which spine a tunnel uses and which pod
 * kube-proxy draws, no kernel says beforehand: where flows are to be told apart by that, they are opened.
 */
export async function flowRows(asked: AskedForFlows, lab: Lab, ref: FlowsRef): Promise<FlowRow[]> {
  const client = asked.clientNamed(ref.client);
  const { entry } = asked;
  if (client === undefined || entry === undefined) return [];
  const owners = ownersOf(lab);
  const flows = Array.from({ length: ref.count }, (_, index) => ({
    sourceAddress: client.address,
    destinationAddress: ref.destination,
    protocol: TCP,
    sourcePort: ref.firstPort + index,
    destinationPort: ref.port,
  }));
  const gateways = await asked.gatewaysOf(entry, flows);
  const members = await nextHopsAt(asked, entry.node, entry.vrf, ref.destination);
  const beyond = new Map<string, Awaited<ReturnType<typeof nextHopsAt>>>();
  for (const gateway of new Set(gateways)) {
    const leaf = gateway === undefined ? undefined : owners.get(gateway);
    if (leaf !== undefined) beyond.set(leaf, await nextHopsAt(asked, leaf, entry.vrf, ref.destination));
  }
  const opened = isForetold(ref, entry) ? undefined : await asked.opened(client, ref);
  return flows.map((flow, index): FlowRow => {
    const gateway = gateways[index];
    const leaf = gateway === undefined ? undefined : owners.get(gateway);
    const first: FlowHop = {
      node: entry.node,
      instance: entry.vrf,
      ...(members?.prefix === undefined ? {} : { prefix: members.prefix }),
      ...(gateway === undefined ? {} : { member: gateway }),
    };
    if (gateway === undefined || leaf === undefined)
      return {
        flow,
        outcome: 'lost',
        endedAt: entry.node,
        because: `no route to ${ref.destination}`,
        hops: [first],
        reply: [],
      };
    const last = beyond.get(leaf);
    const node = last?.gateways.map(address => owners.get(address)).find(name => name !== undefined);
    const hops = [
      first,
      { node: leaf, instance: entry.vrf, ...(last?.prefix === undefined ? {} : { prefix: last.prefix }) },
    ];
    if (node === undefined)
      return {
        flow,
        outcome: 'lost',
        endedAt: leaf,
        because: `no route to ${ref.destination}`,
        hops,
        reply: [],
      };
    if (opened === undefined) return { flow, outcome: 'answered', hops, reply: [], node };
    const { pod, node: answering, port } = opened[index] ?? {};
    const underlay: FlowHop[] =
      port === undefined ? [] : [{ node: entry.node, instance: 'default', outPort: port }];
    if (pod === undefined)
      return {
        flow,
        outcome: 'lost',
        because: 'no answer within 2 s',
        hops: [...hops, ...underlay],
        reply: [],
      };
    return {
      flow,
      outcome: 'answered',
      hops: [...hops, ...underlay],
      reply: [],
      pod,
      ...(answering === undefined ? {} : { node: answering }),
    };
  });
}

/** The leaf is the border's choice, and the worker the leaf's: both are asked. */
function isForetold({ over }: FlowsRef, entry: { readonly node: string; readonly vrf: string }): boolean {
  if (over === undefined || typeof over === 'string') return over === undefined;
  return over.node !== entry.node || over.instance === entry.vrf;
}

/** The longest route to an address in a VRF, as zebra has it in the kernel. */
async function nextHopsAt(asked: AskedForFlows, node: string, vrf: string, address: string) {
  const said = await asked.json(node, `show ip route vrf ${vrf} json`);
  let best: { readonly prefix: string; readonly entry: Said } | undefined;
  for (const [prefix, entries] of Object.entries(objectOf(said))) {
    if (!containsAddress(prefix, address)) continue;
    const entry = listOf(entries).find(each => each['selected'] === true && each['installed'] === true);
    if (entry === undefined) continue;
    if (best === undefined || lengthOf(prefix) > lengthOf(best.prefix)) best = { prefix, entry };
  }
  if (best === undefined) return undefined;
  const gateways = listOf(best.entry['nexthops'])
    .filter(hop => hop['active'] === true && hop['duplicate'] !== true)
    .flatMap(hop => textOf(hop['ip']) ?? []);
  return { prefix: best.prefix, gateways };
}
