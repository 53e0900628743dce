import type { LabLink, LabNode, LinkEnd } from '../lab.ts';
import type { Sources } from './source.ts';
import { expectedOneOf } from './suggestion.ts';
import type { TopologyFile } from './topology-file.ts';
import type { Place, YamlDocument } from './yaml-text.ts';

/** The links of the topology. Links with an end that does not exist are left out. */
export function readLinks(
  topology: TopologyFile,
  document: YamlDocument,
  file: string,
  nodes: readonly LabNode[],
  sources: Sources,
): LabLink[] {
  const taken = new Map<string, number>();
  return topology.topology.links.flatMap((link, index) => {
    const ends = link.endpoints.flatMap((endpoint, side) => {
      const at = document.at(['topology', 'links', index, 'endpoints', side]);
      const { node, port } =
        typeof endpoint === 'string'
          ? splitEndpoint(endpoint)
          : { node: endpoint.node, port: endpoint.interface };
      const end = linkEnd(node, port, nodes, file, at, sources);
      if (end === undefined) return [];
      const key = `${end.node}:${end.port}`;
      const before = taken.get(key);
      if (before !== undefined)
        sources.errors.push({
          code: 'duplicate-endpoint',
          file,
          ...at,
          message: `${node}:${port} is already an end of the link in line ${before}`,
          expected: 'a port of its own',
          severity: 'error',
        });
      taken.set(key, at.line);
      return [{ end, written: `${node}:${port}` }];
    });
    const [a, b] = ends;
    if (a === undefined || b === undefined) return [];
    return [{ id: `${a.written} ${b.written}`, a: a.end, b: b.end, role: 'fabric' as const }];
  });
}

export function splitEndpoint(text: string): { readonly node: string; readonly port: string } {
  const colon = text.indexOf(':');
  return { node: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** The end of a link; undefined with an error when there is no such node or port. */
export function linkEnd(
  node: string,
  port: string,
  nodes: readonly LabNode[],
  file: string,
  at: Place,
  sources: Sources,
): LinkEnd | undefined {
  const known = nodes.find(candidate => candidate.name === node);
  const error = (code: string, message: string, expected: string): undefined => {
    sources.errors.push({ code, file, ...at, message, expected, severity: 'error' });
    return undefined;
  };
  if (known === undefined)
    return error(
      'unknown-node',
      `there is no node "${node}"`,
      expectedOneOf(
        node,
        nodes.map(candidate => candidate.name),
      ),
    );
  if (known.kind !== 'switch') return { node, port };
  const name = switchPort(port);
  if (name === undefined)
    return error('unknown-port', `"${port}" is no port of an SR Linux switch`, 'like e1-1 or ethernet-1/1');
  return { node, port: name };
}

/** "e1-10" and "ethernet-1/10" are one port; 7220 IXR-D3L has 34 of them, larger ones more. */
export function switchPort(text: string): string | undefined {
  const match =
    /^(?:e(\d{1,2})-(\d{1,3})(?:-(\d{1,2}))?|ethernet-(\d{1,2})\/(\d{1,3})(?:\/(\d{1,2}))?)$/.exec(text);
  if (match === null) return undefined;
  const [slot, port, channel] = [match[1] ?? match[4], match[2] ?? match[5], match[3] ?? match[6]];
  if (Number(slot) === 0 || Number(port) === 0) return undefined;
  return `ethernet-${Number(slot)}/${Number(port)}${channel === undefined ? '' : `/${Number(channel)}`}`;
}
