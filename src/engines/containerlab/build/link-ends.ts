import { type Attachment, containerOf, type Lab, type LabLink } from '../../../lab/lab.ts';
import type { Endpoint } from '../../../programs/containerlab.ts';

export type Join = {
  readonly cluster: string;
  readonly node: Endpoint;
  readonly switchPort: Endpoint;
  readonly attachment: Attachment;
};

/** A join's two ends as containers name them: the link's id holds the switch's device as the file writes it. */
export function joinOf(lab: Lab, link: LabLink): Join | undefined {
  const [written = ''] = link.id.split(' ');
  const device = deviceName(written.slice(written.indexOf(':') + 1));
  const on = lab.nodes.find(node => node.name === link.a.node);
  const node = lab.nodes.find(candidate => candidate.name === link.b.node);
  if (on === undefined || on.kind === 'cluster-node' || node?.kind !== 'cluster-node') return undefined;
  const attachment = node.attachments.find(({ port }) => port === link.b.port);
  if (attachment === undefined) return undefined;
  // The light fabric's switches take their customers' frames untagged: there VLANs have no devices.
  const untagged = on.kind === 'switch' && on.type === 'frr';
  return {
    cluster: node.cluster,
    node: { container: containerOf(node), device: link.b.port },
    switchPort: { container: on.containerName, device },
    attachment: untagged ? { ...attachment, vlans: [] } : attachment,
  };
}

/** Ends of fabric links as containers name them: a link's id holds them as the topology writes them. */
export function fabricEnds(lab: Lab): Endpoint[] {
  return lab.links
    .filter(({ role }) => role === 'fabric')
    .flatMap(({ id, a, b }) => {
      const [first = '', second = ''] = id.split(' ');
      return [
        [a.node, first],
        [b.node, second],
      ] as const;
    })
    .flatMap(([name, written]) => {
      const node = lab.nodes.find(candidate => candidate.name === name);
      if (node === undefined) return [];
      return [{ container: containerOf(node), device: deviceName(written.slice(written.indexOf(':') + 1)) }];
    });
}

/** "ethernet-1/10" is e1-10 in the container. */
function deviceName(written: string): string {
  return written.replace(/^ethernet-(\d+)\/(\d+)$/, 'e$1-$2');
}
