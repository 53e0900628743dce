import { addressOf, containsAddress, networkOf } from '../../net/prefix.ts';
import { type Attachment, type ClusterNode, containerOf, type LabLink } from '../lab.ts';
import { linkEnd, splitEndpoint } from './fabric-links.ts';
import type { LabFile, Located } from './lab-file.ts';
import type { Fabric } from './read-fabric.ts';
import type { Sources } from './source.ts';
import type { JoinPlan } from './stage-plans.ts';
import { expectedOneOf } from './suggestion.ts';
import type { Place } from './yaml-text.ts';

export type Joins = {
  /** The nodes with their places on the fabric. */
  readonly clusterNodes: readonly ClusterNode[];
  readonly links: readonly LabLink[];
  readonly plans: readonly JoinPlan[];
};

type LinkEntry = LabFile['links'][number];

/** `links:` of srklab.yml: which Kubernetes node is plugged into which switch port, and how it is addressed there. */
export function readJoins(
  { value, document }: Located<LabFile>,
  file: string,
  fabric: Fabric,
  nodes: readonly ClusterNode[],
  sources: Sources,
): Joins {
  const attachments = new Map<string, Attachment[]>();
  const links: LabLink[] = [];
  const plans: JoinPlan[] = [];
  const taken = new Map<string, number>();
  for (const link of fabric.links)
    for (const end of [link.a, link.b]) taken.set(`${end.node}:${end.port}`, 0);
  const addresses = new Map<string, string>();
  value.links.forEach((entry, index) => {
    const at = (key: string) => document.at(['links', index, key]);
    const error = (code: string, place: Place, message: string, expected: string) =>
      sources.errors.push({ code, file, ...place, message, expected, severity: 'error' });
    const kube = splitEndpoint(entry.k8sNode);
    const node = nodes.find(candidate => candidate.name === kube.node);
    if (node === undefined)
      error(
        'unknown-node',
        at('k8sNode'),
        `there is no Kubernetes node "${kube.node}"`,
        expectedOneOf(
          kube.node,
          nodes.map(candidate => candidate.name),
        ),
      );
    const container = splitEndpoint(entry.clabNode);
    const switchName = fabricNodeName(container.node, fabric);
    const end = linkEnd(switchName, container.port, fabric.nodes, file, at('clabNode'), sources);
    checkAddress(entry, kube.node, addresses, at, error);
    if (end === undefined || node === undefined) return;
    for (const [key, written, place] of [
      [`${end.node}:${end.port}`, entry.clabNode, at('clabNode')],
      [entry.k8sNode, entry.k8sNode, at('k8sNode')],
    ] as const) {
      const before = taken.get(key);
      if (before !== undefined)
        error(
          'duplicate-endpoint',
          place,
          `${written} is already an end of ${before === 0 ? 'a link of the topology' : `the link in line ${before}`}`,
          'a port of its own',
        );
      taken.set(key, place.line);
    }
    const attachment = attachmentOf(entry, kube.port);
    const gateway = entry.k8sIpv4Gw;
    if (entry.routes === undefined && gateway !== undefined && !containsAddress(value.prefix, gateway))
      sources.warnings.push({
        code: 'default-route-replaced',
        file,
        ...at('k8sIpv4Gw'),
        message: `${kube.node} gets ${gateway} as its default route and loses the way it had to the Internet`,
        expected: 'routes: [prefixes that are behind the fabric]',
        severity: 'warning',
      });
    attachments.set(node.name, [...(attachments.get(node.name) ?? []), attachment]);
    const id = `${switchName}:${container.port} ${entry.k8sNode}`;
    links.push({ id, a: end, b: { node: node.name, port: kube.port }, role: 'join' });
    plans.push({
      link: id,
      node: containerOf(node),
      attachment,
      clabNode: `${fabric.containerPrefix}${switchName}:${container.port}`,
    });
  });
  return {
    clusterNodes: nodes.map(node => ({ ...node, attachments: attachments.get(node.name) ?? [] })),
    links,
    plans,
  };
}

/** The original names the container ("clab-dc-k8s-LEAF-DC-1"), the topology the node ("LEAF-DC-1"): both are understood. */
function fabricNodeName(written: string, fabric: Fabric): string {
  const byContainer = fabric.nodes.find(node => 'containerName' in node && node.containerName === written);
  return byContainer?.name ?? written;
}

function checkAddress(
  entry: LinkEntry,
  node: string,
  addresses: Map<string, string>,
  at: (key: string) => Place,
  error: (code: string, place: Place, message: string, expected: string) => void,
): void {
  const address = addressOf(entry.k8sIpv4);
  const other = addresses.get(address);
  if (other !== undefined)
    error(
      'duplicate-address',
      at('k8sIpv4'),
      `${address} is already the address of ${other}`,
      'an address of its own',
    );
  addresses.set(address, node);
  if (entry.k8sIpv4Gw === address)
    error(
      'duplicate-address',
      at('k8sIpv4Gw'),
      `${node} cannot be its own gateway`,
      'the address of the switch',
    );
  if (entry.routes !== undefined && entry.routes.length > 0) {
    if (entry.k8sIpv4Gw === undefined)
      error('missing-key', at('routes'), 'routes need a gateway', 'k8sIpv4Gw: …');
    else if (!containsAddress(networkOf(entry.k8sIpv4), entry.k8sIpv4Gw))
      error(
        'address-outside',
        at('k8sIpv4Gw'),
        `the gateway ${entry.k8sIpv4Gw} is not in ${networkOf(entry.k8sIpv4)}, so no route can use it`,
        `an address in ${networkOf(entry.k8sIpv4)}`,
      );
  }
}

function attachmentOf(entry: LinkEntry, port: string): Attachment {
  return {
    port,
    address: entry.k8sIpv4,
    ...(entry.k8sIpv4Gw === undefined ? {} : { gateway: entry.k8sIpv4Gw }),
    ...(entry.routes === undefined ? {} : { routes: entry.routes }),
    vlans: entry.ipvlanMaster.map(({ vlan }) => vlan),
  };
}
