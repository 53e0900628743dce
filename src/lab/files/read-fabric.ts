import { containsAddress } from '../../net/prefix.ts';
import type { LabLink, LabNode, SwitchNode } from '../lab.ts';
import type { SwitchConfig } from '../switch-config.ts';
import { readLinks } from './fabric-links.ts';
import { folderOf, joinPath } from './paths.ts';
import type { Sources } from './source.ts';
import { emptyTree } from './switch/config-tree.ts';
import { parseSwitchConfig } from './switch/parse-switch-config.ts';
import { toSwitchConfig } from './switch/to-switch-config.ts';
import { effectiveNode, readTopologyFile, type TopologyFile } from './topology-file.ts';
import type { Place, YamlDocument } from './yaml-text.ts';

/** The switches, containers and links that the topology describes. */
export type Fabric = {
  readonly name: string;
  readonly containerPrefix: string;
  readonly nodes: readonly LabNode[];
  readonly links: readonly LabLink[];
};

type Network = { readonly name: string; readonly prefix: string };

/** Reads topo.yml and the configurations it names. `at` is where srklab.yml names it. */
export function readFabric(
  file: string,
  namedIn: string,
  at: Place,
  network: Network,
  sources: Sources,
): Fabric | undefined {
  const text = sources.read(file, namedIn, at);
  if (text === undefined) return undefined;
  const topology = readTopologyFile(text, file, sources.errors);
  if (topology === undefined) return undefined;
  const { value, document } = topology;
  const containerPrefix = prefixOf(value);
  checkManagementNetwork(value, document, file, network, sources);
  const nodes = Object.keys(value.topology.nodes).flatMap(name =>
    readNode(name, value, document, file, containerPrefix, sources),
  );
  checkManagementAddresses(value, document, file, network, sources);
  const links = readLinks(value, document, file, nodes, sources);
  return { name: value.name, containerPrefix, nodes, links };
}

/** "clab-dc-k8s-"; with `prefix: ""` bare names, with `__lab-name` only the lab's. */
function prefixOf(topology: TopologyFile): string {
  if (topology.prefix === '') return '';
  if (topology.prefix === '__lab-name') return `${topology.name}-`;
  return `${topology.prefix ?? 'clab'}-${topology.name}-`;
}

function checkManagementNetwork(
  topology: TopologyFile,
  document: YamlDocument,
  file: string,
  network: Network,
  sources: Sources,
): void {
  const name = topology.mgmt?.network ?? 'clab';
  if (name !== network.name)
    sources.errors.push({
      code: 'different-network',
      file,
      ...document.at(['mgmt', 'network']),
      message: `the switches would be in the Docker network ${name}, the clusters in ${network.name}`,
      expected: `mgmt: {network: ${network.name}}, or the same name in srklab.yml`,
      severity: 'error',
    });
  const subnet = topology.mgmt?.['ipv4-subnet'];
  if (subnet !== undefined && subnet !== 'auto' && subnet !== network.prefix)
    sources.errors.push({
      code: 'different-network',
      file,
      ...document.at(['mgmt', 'ipv4-subnet']),
      message: `the management subnet ${subnet} is not the lab's prefix ${network.prefix}`,
      expected: network.prefix,
      severity: 'error',
    });
}

function checkManagementAddresses(
  topology: TopologyFile,
  document: YamlDocument,
  file: string,
  network: Network,
  sources: Sources,
): void {
  const seen = new Map<string, string>();
  for (const [name, node] of Object.entries(topology.topology.nodes)) {
    const address = node?.['mgmt-ipv4'];
    if (address === undefined) continue;
    const error = (code: string, message: string, expected: string) =>
      sources.errors.push({
        code,
        file,
        ...document.at(['topology', 'nodes', name, 'mgmt-ipv4']),
        message,
        expected,
        severity: 'error',
      });
    const other = seen.get(address);
    if (other !== undefined)
      error(
        'duplicate-address',
        `${address} is already the management address of ${other}`,
        'an address of its own',
      );
    if (!containsAddress(network.prefix, address))
      error(
        'address-outside',
        `${address} of ${name} is outside of ${network.prefix}`,
        `an address in ${network.prefix}`,
      );
    seen.set(address, name);
  }
}

function readNode(
  name: string,
  topology: TopologyFile,
  document: YamlDocument,
  file: string,
  containerPrefix: string,
  sources: Sources,
): LabNode[] {
  const node = effectiveNode(topology, name);
  const place = document.at(['topology', 'nodes', name], 'key');
  if (node.image === undefined) {
    sources.errors.push({
      code: 'missing-key',
      file,
      ...place,
      message: `${name} has no image, nor has its kind`,
      expected: `topology: {kinds: {${node.kind}: {image: …}}}`,
      severity: 'error',
    });
    return [];
  }
  const management = node['mgmt-ipv4'];
  const common = {
    name,
    containerName: `${containerPrefix}${name}`,
    image: node.image,
    ...(management === undefined ? {} : { managementAddress: management }),
  };
  const label = node.labels?.['srklab-config'];
  if (node.kind === 'linux' && label === undefined) return [{ kind: 'container', ...common }];
  if (node.kind === 'linux') {
    const at = document.at(['topology', 'nodes', name, 'labels', 'srklab-config']);
    return [
      { kind: 'switch', ...common, type: 'frr', ...readConfig(name, label, at, document, file, sources) },
    ];
  }
  const at = document.at(['topology', 'nodes', name, 'startup-config']);
  return [
    {
      kind: 'switch',
      ...common,
      type: node.type ?? 'ixr-d2l',
      ...readConfig(name, node['startup-config'], at, document, file, sources),
    },
  ];
}

function readConfig(
  name: string,
  startup: string | undefined,
  at: Place,
  document: YamlDocument,
  file: string,
  sources: Sources,
): Pick<SwitchNode, 'config' | 'configFile'> {
  const place = document.at(['topology', 'nodes', name], 'key');
  if (startup === undefined) {
    sources.warnings.push({
      code: 'no-startup-config',
      file,
      ...place,
      message: `${name} has no startup-config: it starts with an empty configuration`,
      expected: `startup-config: fabric/${name}.cfg`,
      severity: 'warning',
    });
    return { config: emptyConfig() };
  }
  const configFile = joinPath(folderOf(file), startup.replaceAll('__clabNodeName__', name));
  const text = sources.read(configFile, file, at);
  if (text === undefined) return { config: emptyConfig(), configFile };
  if (/\.json$/i.test(configFile)) {
    sources.errors.push({
      code: 'not-modelled',
      file,
      ...at,
      message: `${configFile} is a JSON configuration, which replaces everything; the lab reads the CLI forms only`,
      expected: 'a file of `set / …` lines (`info flat` prints them)',
      severity: 'error',
    });
    return { config: emptyConfig(), configFile };
  }
  const { config, diagnostics } = parseSwitchConfig(text, configFile);
  sources.add(diagnostics);
  return { config, configFile };
}

function emptyConfig(): SwitchConfig {
  return toSwitchConfig(emptyTree).config;
}
