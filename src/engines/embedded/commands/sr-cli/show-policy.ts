import type { PolicyStatementConfig } from '../../../../lab/switch-config.ts';
import type { View } from './view.ts';

/** `show routing-policy policy [<name>]`: the statements, and where the policy is used. */
export function showRoutingPolicy(view: View, words: readonly string[]): boolean {
  const [topic, name, ...more] = words;
  if (topic !== 'policy' || more.length > 0) return view.unknown(more[0] ?? topic ?? '', ['policy <name>']);
  const policies = view.config?.policies ?? [];
  const shown = policies.filter(policy => name === undefined || name === '*' || policy.name === name);
  if (shown.length === 0)
    return view.refuse(
      `Error: there is no policy '${name ?? ''}'. There are ['${policies.map(policy => policy.name).join("', '")}']`,
    );
  const rule = '-'.repeat(72);
  return view.lines(
    shown.flatMap(policy => [
      rule,
      `Routing policy : ${policy.name}`,
      `Used by        : ${usersOf(view, policy.name).join(', ') || 'nobody'}`,
      rule,
      ...policy.statements.flatMap(statement => statementLines(view, statement)),
      `Default action : ${policy.defaultResult ?? 'none'}`,
      rule,
    ]),
  );
}

function statementLines(view: View, { name, match, result, set }: PolicyStatementConfig): string[] {
  const prefixSet = view.config?.prefixSets.find(one => one.name === match.prefixSet);
  const matched = [
    ...(match.prefixSet === undefined ? [] : [`prefix-set ${match.prefixSet}`]),
    ...(match.protocol === undefined ? [] : [`protocol ${match.protocol}`]),
    ...(match.family === undefined ? [] : [`family ${match.family.join(' ')}`]),
    ...(match.evpnRouteTypes === undefined ? [] : [`evpn route-type ${match.evpnRouteTypes.join(' ')}`]),
  ];
  const changed = [
    ...(set.localPreference === undefined ? [] : [`local-preference ${set.localPreference}`]),
    ...(set.med === undefined ? [] : [`med ${set.med}`]),
    ...(set.asPathPrepend === undefined
      ? []
      : [`as-path prepend ${set.asPathPrepend.asn} ${set.asPathPrepend.times} times`]),
    ...(set.nextHop === undefined ? [] : [`next-hop ${set.nextHop}`]),
  ];
  return [
    `Statement ${name}`,
    `  Match  : ${matched.join(', ') || 'everything'}`,
    ...(prefixSet?.entries ?? []).map(
      ({ prefix, from, to }) => `             ${prefix} mask-length-range ${from}..${to}`,
    ),
    `  Action : ${[...changed, result ?? 'next-statement'].join(', ')}`,
  ];
}

function usersOf(view: View, policy: string): string[] {
  return (view.config?.networkInstances ?? []).flatMap(({ name, bgp }) => {
    const sessions = [...(bgp?.neighbors ?? []), ...(bgp?.dynamicNeighbors ?? [])];
    const groups = (which: 'importPolicies' | 'exportPolicies') => [
      ...new Set(sessions.filter(one => one[which].includes(policy)).map(({ group }) => group)),
    ];
    return [
      ...groups('importPolicies').map(group => `${name} group ${group} (import)`),
      ...groups('exportPolicies').map(group => `${name} group ${group} (export)`),
    ];
  });
}
