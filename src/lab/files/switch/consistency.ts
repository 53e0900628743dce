import type { FileError } from '../../lab-error.ts';
import { expectedOneOf } from '../suggestion.ts';
import { checkInterfaces } from './check-interfaces.ts';
import { checkNetworkInstances } from './check-network-instances.ts';
import type { ConfigTree } from './config-tree.ts';
import { Findings } from './findings.ts';
import { type Entry, entriesOf, leafOf } from './tree-reading.ts';

/** What `commit` would refuse or a person would want to know: references to nothing, doubled addresses and tags, missing mandatory leaves. */
export function findInconsistencies(tree: ConfigTree, file: string): FileError[] {
  const found = new Findings(file);
  const subinterfaces = subinterfacesOf(tree);
  checkInterfaces(found, tree, subinterfaces);
  checkNetworkInstances(found, tree, subinterfaces);
  checkPolicies(found, tree);
  return found.all;
}

function subinterfacesOf(tree: ConfigTree): Map<string, Entry> {
  const all = new Map<string, Entry>();
  for (const port of entriesOf(tree, 'interface'))
    for (const entry of entriesOf(port.node, 'subinterface')) all.set(`${port.key}.${entry.key}`, entry);
  return all;
}

function checkPolicies(found: Findings, tree: ConfigTree): void {
  const sets = entriesOf(tree, 'routing-policy', 'prefix-set').map(({ key }) => key);
  for (const policy of entriesOf(tree, 'routing-policy', 'policy')) {
    for (const { key, node } of entriesOf(policy.node, 'statement')) {
      const set = leafOf(node, 'match', 'prefix', 'prefix-set');
      if (set !== undefined && !sets.includes(set.value))
        found.error(
          'undefined-prefix-set',
          set.at,
          `statement ${key} of policy ${policy.key} matches the prefix-set ${set.value}, which is not configured`,
          expectedOneOf(set.value, sets),
        );
    }
  }
}
