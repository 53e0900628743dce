import { lengthOf } from '../../../net/prefix.ts';
import type {
  BgpFamilyName,
  PolicyResult,
  PolicyStatementConfig,
  PrefixSetConfig,
  RoutingPolicyConfig,
} from '../../switch-config.ts';
import type { ConfigContainer, ConfigTree } from './config-tree.ts';
import { optional } from './interface-config.ts';
import { type Entry, entriesOf, leafOf, numberOf, textOf, valuesOf } from './tree-reading.ts';

export function prefixSetsOf(tree: ConfigTree): PrefixSetConfig[] {
  return entriesOf(tree, 'routing-policy', 'prefix-set').map(({ key: name, node }) => ({
    name,
    entries: entriesOf(node, 'prefix').map(({ key }) => {
      const [prefix = '', range = 'exact'] = key.split(' ');
      const length = lengthOf(prefix);
      const [from = length, to = length] = range === 'exact' ? [] : range.split('..').map(Number);
      return { prefix, from, to };
    }),
  }));
}

export function policiesOf(tree: ConfigTree): RoutingPolicyConfig[] {
  return entriesOf(tree, 'routing-policy', 'policy').map(({ key: name, node }) => ({
    name,
    defaultResult: resultOf(node, 'default-action'),
    statements: entriesOf(node, 'statement').map(statementOf),
  }));
}

function statementOf({ key: name, node }: Entry): PolicyStatementConfig {
  const families = valuesOf(node, 'match', 'family')?.values;
  const routeTypes = valuesOf(node, 'match', 'bgp', 'evpn', 'route-type')?.values;
  const prepend = numberOf(node, 'action', 'bgp', 'as-path', 'prepend', 'as-number');
  return {
    name,
    match: {
      ...optional('prefixSet', textOf(node, 'match', 'prefix', 'prefix-set')),
      ...optional('protocol', protocolOf(node)),
      ...optional(
        'family',
        families?.map(family => family as BgpFamilyName),
      ),
      ...optional('evpnRouteTypes', routeTypes?.map(Number)),
    },
    result: resultOf(node, 'action'),
    set: {
      ...optional('localPreference', numberOf(node, 'action', 'bgp', 'local-preference', 'set')),
      ...optional('med', numberOf(node, 'action', 'bgp', 'med', 'value')),
      ...(prepend === undefined
        ? {}
        : {
            asPathPrepend: {
              asn: prepend,
              times: numberOf(node, 'action', 'bgp', 'as-path', 'prepend', 'repeat-n') ?? 1,
            },
          }),
      ...optional('nextHop', textOf(node, 'action', 'bgp', 'next-hop', 'set')),
    },
  };
}

function resultOf(node: ConfigContainer, action: string): PolicyResult | undefined {
  return leafOf(node, action, 'policy-result')?.value as PolicyResult | undefined;
}

function protocolOf(node: ConfigContainer): PolicyStatementConfig['match']['protocol'] {
  return textOf(node, 'match', 'protocol') as PolicyStatementConfig['match']['protocol'];
}
