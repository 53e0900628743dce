import { expectedOneOf } from '../suggestion.ts';
import type { ConfigContainer, ConfigTree } from './config-tree.ts';
import type { Findings } from './findings.ts';
import { enabledOf, entriesOf, leafOf, placeOf, valuesOf } from './tree-reading.ts';

/** What BGP of a network-instance needs, and what its groups, neighbours and policies refer to. */
export function checkBgp(found: Findings, tree: ConfigTree, instance: string, bgp: ConfigContainer): void {
  if (leafOf(bgp, 'autonomous-system') === undefined)
    found.error(
      'missing-statement',
      placeOf(bgp),
      `BGP of ${instance} needs an AS number`,
      'protocols bgp autonomous-system N',
    );
  if (leafOf(bgp, 'router-id') === undefined)
    found.error(
      'missing-statement',
      placeOf(bgp),
      `BGP of ${instance} needs a router id`,
      'protocols bgp router-id A.B.C.D',
    );
  const groups = new Map(entriesOf(bgp, 'group').map(({ key, node }) => [key, node]));
  const policies = entriesOf(tree, 'routing-policy', 'policy').map(({ key }) => key);
  checkPolicyUse(found, bgp, policies);
  for (const [name, group] of groups) {
    checkPolicyUse(found, group, policies);
    checkFamilies(found, bgp, `group ${name}`, group, group);
  }
  for (const { key, node } of entriesOf(bgp, 'neighbor')) {
    checkPolicyUse(found, node, policies);
    const group = checkGroupUse(found, groups, node, `neighbor ${key}`);
    if (
      group !== undefined &&
      leafOf(node, 'peer-as') === undefined &&
      leafOf(group, 'peer-as') === undefined
    )
      found.error(
        'missing-statement',
        placeOf(node),
        `neighbor ${key} has no AS number, and its group has none`,
        'peer-as N',
      );
    if (group !== undefined) checkFamilies(found, bgp, `neighbor ${key}`, node, group);
  }
  for (const { key, node } of entriesOf(bgp, 'dynamic-neighbors', 'accept', 'match')) {
    checkGroupUse(found, groups, node, `dynamic-neighbors ${key}`);
    if (valuesOf(node, 'allowed-peer-as') === undefined)
      found.warning(
        'no-effect',
        placeOf(node),
        `no AS is allowed for ${key}, so no session will be accepted`,
        'allowed-peer-as [ N ]',
      );
  }
}

function checkGroupUse(
  found: Findings,
  groups: ReadonlyMap<string, ConfigContainer>,
  node: ConfigContainer,
  what: string,
): ConfigContainer | undefined {
  const group = leafOf(node, 'peer-group');
  if (group === undefined) {
    found.error('missing-statement', placeOf(node), `${what} has no group`, 'peer-group NAME');
    return undefined;
  }
  const known = groups.get(group.value);
  if (known === undefined)
    found.error(
      'undefined-group',
      group.at,
      `${what} is in the group ${group.value}, which is not configured`,
      expectedOneOf(group.value, [...groups.keys()]),
    );
  return known;
}

/** SR Linux wants at least one address family enabled on every session. */
function checkFamilies(
  found: Findings,
  bgp: ConfigContainer,
  what: string,
  node: ConfigContainer,
  group: ConfigContainer,
): void {
  const state = (level: ConfigContainer, family: string) =>
    enabledOf(entriesOf(level, 'afi-safi').find(({ key }) => key === family)?.node);
  const enabled = ['ipv4-unicast', 'evpn'].some(
    family => state(node, family) ?? state(group, family) ?? state(bgp, family) ?? false,
  );
  if (!enabled)
    found.error(
      'no-family',
      placeOf(node),
      `${what} has no address family enabled`,
      'afi-safi ipv4-unicast admin-state enable',
    );
}

function checkPolicyUse(found: Findings, node: ConfigContainer, known: readonly string[]): void {
  for (const direction of ['import-policy', 'export-policy']) {
    const used = valuesOf(node, direction);
    for (const policy of used?.values ?? []) {
      if (used !== undefined && !known.includes(policy))
        found.error(
          'undefined-policy',
          used.at,
          `${direction} ${policy} is not configured`,
          expectedOneOf(policy, known),
        );
    }
  }
}
