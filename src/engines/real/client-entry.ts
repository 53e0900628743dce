import type { Lab, LabLink, LinkEnd } from '../../lab/lab.ts';
import type { FiveTuple } from '../../net/flow.ts';
import { bridgeName, deviceOf, isVrf, placeOfPort } from './device-names.ts';

/** Where the clients' packets come into the fabric: the switch's port, or the bridge it is in. */
export type ClientEntry = {
  readonly node: string;
  readonly vrf: string;
  readonly device: string;
  readonly end: LinkEnd;
};

export function clientEntry(lab: Lab, isPlugged: (link: LabLink) => boolean): ClientEntry | undefined {
  for (const link of lab.links) {
    if (link.role !== 'join' || !isPlugged(link)) continue;
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
    const device = bridge === undefined ? deviceOf(end.port) : bridgeName(node.config, bridge);
    return { node: node.name, vrf, device, end };
  }
  return undefined;
}

/** Lines for `ip -batch`: where the kernel would send each flow if it came in at the entry. No packet is sent. */
export function routeGets({ device }: Pick<ClientEntry, 'device'>, flows: readonly FiveTuple[]): string {
  return flows
    .map(
      ({ sourceAddress, destinationAddress, sourcePort, destinationPort }) =>
        `route get ${destinationAddress} from ${sourceAddress} iif ${device} ipproto tcp sport ${sourcePort} dport ${destinationPort}`,
    )
    .join('\n');
}

/** The next hop of each flow in what `ip -o -batch` answered. */
export function gatewaysIn(output: string, count: number): (string | undefined)[] {
  const answers = output.split('\n').filter(line => line.trim() !== '' && !/^Command failed/.test(line));
  return Array.from({ length: count }, (_, index) => /\bvia (\S+)/.exec(answers[index] ?? '')?.[1]);
}
