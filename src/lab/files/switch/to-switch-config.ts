import type { FileError } from '../../lab-error.ts';
import type { SwitchConfig } from '../../switch-config.ts';
import type { ConfigTree } from './config-tree.ts';
import { findInconsistencies } from './consistency.ts';
import { bfdOf, hashOf, interfacesOf, vxlanInterfacesOf } from './interface-config.ts';
import { networkInstancesOf } from './network-instance-config.ts';
import { policiesOf, prefixSetsOf } from './policy-config.ts';

/** What a tree means, SR Linux defaults filled in, plus what does not hold together (undefined policy, group, interface …), as `commit` checks it. */
export function toSwitchConfig(
  tree: ConfigTree,
  file = 'candidate',
): { readonly config: SwitchConfig; readonly diagnostics: readonly FileError[] } {
  return {
    config: {
      interfaces: interfacesOf(tree),
      vxlanInterfaces: vxlanInterfacesOf(tree),
      networkInstances: networkInstancesOf(tree),
      prefixSets: prefixSetsOf(tree),
      policies: policiesOf(tree),
      bfd: bfdOf(tree),
      hash: hashOf(tree),
    },
    diagnostics: findInconsistencies(tree, file),
  };
}
