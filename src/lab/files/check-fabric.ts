import { addressOf } from '../../net/prefix.ts';
import type { SwitchNode } from '../lab.ts';
import type { FileError } from '../lab-error.ts';
import type { NetworkInstanceConfig, SwitchConfig } from '../switch-config.ts';
import type { Fabric } from './read-fabric.ts';
import type { Sources } from './source.ts';

/** What no switch can see alone: one address on two switches. */
export function checkFabric(fabric: Fabric, sources: Sources): void {
  const owners = new Map<string, SwitchNode>();
  for (const node of fabric.nodes) {
    if (node.kind !== 'switch') continue;
    for (const instance of node.config.networkInstances) {
      if (instance.type === 'mac-vrf') continue;
      for (const { address, anycast } of addressesOf(node.config, instance)) {
        const key = `${instance.name} ${addressOf(address)}`;
        const other = owners.get(key);
        if (other !== undefined && !anycast)
          sources.errors.push(doubled(node, other, instance.name, address, sources));
        if (other === undefined) owners.set(key, node);
      }
    }
  }
}

function addressesOf(config: SwitchConfig, instance: NetworkInstanceConfig) {
  const byName = new Map(
    config.interfaces.flatMap(port => port.subinterfaces.map(entry => [entry.name, entry])),
  );
  return instance.interfaces.flatMap(name =>
    (byName.get(name)?.addresses ?? []).map(({ address, anycastGateway }) => ({
      address,
      anycast: anycastGateway,
    })),
  );
}

function doubled(
  node: SwitchNode,
  other: SwitchNode,
  instance: string,
  address: string,
  sources: Sources,
): FileError {
  const file = node.configFile ?? '';
  return {
    code: 'duplicate-address',
    file,
    ...placeOfText(sources.texts.get(file) ?? '', `address ${address}`),
    message: `${addressOf(address)} in ${instance} is already an address of ${other.name}`,
    expected: 'an address of its own (or anycast-gw true on every switch)',
    severity: 'error',
  };
}

function placeOfText(text: string, words: string): { line: number; column: number } {
  const lines = text.split('\n');
  const index = lines.findIndex(line => line.includes(words) && !line.trimStart().startsWith('#'));
  if (index < 0) return { line: 1, column: 1 };
  return { line: index + 1, column: (lines[index] ?? '').indexOf(words) + 'address '.length + 1 };
}
