import type {
  BgpConfig,
  BgpFamilyName,
  BgpSessionConfig,
  NetworkInstanceConfig,
  PolicyStatementConfig,
  PrefixSetConfig,
  RoutingPolicyConfig,
  SwitchConfig,
} from '../../lab/switch-config.ts';
import type { Asn } from '../../net/asn.ts';
import { lengthOf } from '../../net/prefix.ts';

/** Where a session uses a chain of policies. FRR takes one route-map for each direction and family. */
export type PolicyUse = {
  readonly policies: readonly string[];
  readonly direction: 'in' | 'out';
  readonly family: BgpFamilyName;
  /** RFC 8212 is obeyed: without a policy nothing passes. */
  readonly rejects: boolean;
};

/** The route-maps of a session in one family. */
export function routeMapLines(
  config: SwitchConfig,
  bgp: BgpConfig,
  session: BgpSessionConfig,
  prefix: string,
  family: BgpFamilyName,
): string[] {
  return usesOf(bgp, session, family).flatMap(use => {
    const name = routeMapName(config, use);
    return name === undefined ? [] : [`${prefix} route-map ${name} ${use.direction}`];
  });
}

/** Every chain of policies that a session of the instance uses. */
export function policyUses({ bgp }: NetworkInstanceConfig): PolicyUse[] {
  if (bgp === undefined || !bgp.adminState) return [];
  return [...bgp.neighbors, ...bgp.dynamicNeighbors]
    .filter(({ adminState }) => adminState)
    .flatMap(session => session.families.flatMap(family => usesOf(bgp, session, family)));
}

function usesOf(
  { ebgpDefaultPolicy }: BgpConfig,
  session: BgpSessionConfig & { readonly peerAs?: Asn },
  family: BgpFamilyName,
): PolicyUse[] {
  const internal = session.peerAs === session.localAs;
  const { importPolicies, exportPolicies } = session;
  const { importRejectAll, exportRejectAll } = ebgpDefaultPolicy;
  return [
    { policies: importPolicies, direction: 'in', family, rejects: importRejectAll && !internal },
    { policies: exportPolicies, direction: 'out', family, rejects: exportRejectAll && !internal },
  ];
}

/** The prefix lists and route-maps that these uses need, each section a list of lines. */
export function policySections(config: SwitchConfig, uses: readonly PolicyUse[]): string[][] {
  const maps = new Map<string, string[]>();
  const order = (use: PolicyUse) => config.policies.findIndex(({ name }) => name === use.policies[0]);
  for (const use of [...uses].sort((a, b) => order(a) - order(b))) {
    const name = routeMapName(config, use);
    if (name !== undefined && !maps.has(name)) maps.set(name, routeMap(config, name, use));
  }
  return [...config.prefixSets.map(prefixList), ...maps.values()];
}

/** The route-map of a use; undefined: the session needs none. */
function routeMapName(config: SwitchConfig, use: PolicyUse): string | undefined {
  const { direction, family } = use;
  const chain = chainOf(config, use);
  if (chain.length === 0)
    return direction === 'out' && family === 'ipv4-unicast' && !use.rejects ? 'routes-of-bgp' : undefined;
  const decides = ['accept', 'reject'].includes(chain.at(-1)?.defaultResult ?? '');
  const dependsOnFamily = chain.some(({ statements }) =>
    statements.some(({ match }) => match.family !== undefined || match.evpnRouteTypes !== undefined),
  );
  return [
    chain.map(({ name }) => name).join('+'),
    ...(dependsOnFamily && family === 'ipv4-unicast' ? ['ipv4'] : []),
    ...(decides ? [] : [direction]),
  ].join('-');
}

/** What a policy asks that FRR cannot; sentences. */
export function untranslatedPolicies(
  config: SwitchConfig,
  instance: NetworkInstanceConfig,
  uses: readonly PolicyUse[],
): string[] {
  const mixed = ({ direction, family }: PolicyUse) =>
    direction === 'out' && (family === 'evpn' || instance.bgpEvpn?.adminState === true);
  const sentences = uses
    .filter(mixed)
    .flatMap(use =>
      chainOf(config, use).flatMap(({ name, statements }) =>
        statements
          .filter(({ match }) => match.protocol === 'bgp' || match.protocol === 'bgp-evpn')
          .map(
            statement =>
              `policy ${name}, statement ${statement.name}, matches protocol ${statement.match.protocol}: of the ${use.family} routes of ${instance.name} FRR does not say which of the two they are`,
          ),
      ),
    );
  return [...new Set(sentences)];
}

function chainOf(config: SwitchConfig, { policies }: PolicyUse): RoutingPolicyConfig[] {
  return policies.flatMap(name => config.policies.filter(policy => policy.name === name));
}

function prefixList({ name, entries }: PrefixSetConfig): string[] {
  return entries.map(({ prefix, from, to }, index) => {
    const length = lengthOf(prefix);
    const range = `${from > length ? ` ge ${from}` : ''}${to > from || from > length ? ` le ${to}` : ''}`;
    return `ip prefix-list ${name} seq ${(index + 1) * 10} permit ${prefix}${range}`;
  });
}

const LAST = 65_535;

/** FRR asks the entries of a route-map in order and denies what none of them takes. Policies of a chain follow each other. */
function routeMap(config: SwitchConfig, name: string, use: PolicyUse): string[] {
  const chain = chainOf(config, use);
  // A chain of one is numbered as its statements are.
  const step = chain.length === 1 ? 0 : Math.floor((LAST - 1) / chain.length);
  const lines = chain.flatMap((policy, index) => {
    const last = index === chain.length - 1;
    const next = last ? LAST : (index + 1) * step;
    const { defaultResult } = policy;
    const decides = defaultResult === 'accept' || defaultResult === 'reject';
    return [
      ...policy.statements.flatMap((statement, nth) =>
        entriesOf(name, statement, use, index * step + (nth + 1) * 10, next),
      ),
      ...(decides && !last ? [`route-map ${name} ${permits(defaultResult)} ${next - 1}`, 'exit'] : []),
    ];
  });
  return [...lines, ...finalEntry(name, use, chain.at(-1)?.defaultResult)];
}

/** What no statement decided: the policy's default, else SR Linux's: everything comes in, what BGP knows goes out. */
function finalEntry(name: string, use: PolicyUse, result: RoutingPolicyConfig['defaultResult']): string[] {
  if (result === 'accept' || result === 'reject')
    return [`route-map ${name} ${permits(result)} ${LAST}`, 'exit'];
  const ownStaysIn = use.direction === 'out' && use.family === 'ipv4-unicast';
  return [`route-map ${name} permit ${LAST}`, ...(ownStaysIn ? [' match source-protocol bgp'] : []), 'exit'];
}

function permits(result: 'accept' | 'reject'): string {
  return result === 'accept' ? 'permit' : 'deny';
}

const evpnTypeNames: Readonly<Record<number, string>> = {
  1: 'ead',
  2: 'macip',
  3: 'multicast',
  4: 'es',
  5: 'prefix',
};
const sourceProtocols = { local: 'connected', static: 'static', bgp: 'bgp' } as const;

/** One entry for each EVPN route type that the statement names; none where it cannot fit. */
function entriesOf(
  name: string,
  { match, set, result }: PolicyStatementConfig,
  { family, direction }: PolicyUse,
  sequence: number,
  nextPolicy: number,
): string[] {
  const { protocol } = match;
  if (match.family !== undefined && !match.family.includes(family)) return [];
  if (match.evpnRouteTypes !== undefined && family !== 'evpn') return [];
  // What comes in is BGP's. The routes that SR Linux makes of neighbours, and aggregates, FRR does not have.
  const possible =
    direction === 'in' ? protocol === 'bgp' : protocol !== undefined && protocol in sourceProtocols;
  if (protocol !== undefined && !possible) return [];
  const source = direction === 'in' ? undefined : sourceProtocols[protocol as keyof typeof sourceProtocols];
  const goesOn =
    result === undefined || result === 'next-statement'
      ? [' on-match next']
      : result === 'next-policy'
        ? [` on-match goto ${nextPolicy}`]
        : [];
  return (match.evpnRouteTypes ?? [undefined]).flatMap((type, nth) => [
    `route-map ${name} ${result === 'reject' ? 'deny' : 'permit'} ${sequence + nth}`,
    ...(match.prefixSet === undefined ? [] : [` match ip address prefix-list ${match.prefixSet}`]),
    ...(type === undefined ? [] : [` match evpn route-type ${evpnTypeNames[type] ?? type}`]),
    ...(source === undefined ? [] : [` match source-protocol ${source}`]),
    ...(set.localPreference === undefined ? [] : [` set local-preference ${set.localPreference}`]),
    ...(set.med === undefined ? [] : [` set metric ${set.med}`]),
    ...(set.asPathPrepend === undefined
      ? []
      : [` set as-path prepend ${Array(set.asPathPrepend.times).fill(set.asPathPrepend.asn).join(' ')}`]),
    ...(set.nextHop === undefined || set.nextHop === 'self' ? [] : [` set ip next-hop ${set.nextHop}`]),
    ...goesOn,
    'exit',
  ]);
}
