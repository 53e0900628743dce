import type {
  AsnRange,
  BgpConfig,
  BgpFamilyConfig,
  BgpFamilyName,
  BgpSessionConfig,
  BgpTimersConfig,
} from '../../switch-config.ts';
import type { ConfigContainer } from './config-tree.ts';
import { optional } from './interface-config.ts';
import { booleanOf, enabledOf, entriesOf, numberOf, textOf, valuesOf } from './tree-reading.ts';

const families: readonly BgpFamilyName[] = ['ipv4-unicast', 'evpn'];

/** What `protocols bgp` means: group settings merged into neighbours, defaults of SR Linux 25.3 filled in. Undefined without AS or router id. */
export function bgpOf(bgp: ConfigContainer | undefined): BgpConfig | undefined {
  const autonomousSystem = numberOf(bgp, 'autonomous-system');
  const routerId = textOf(bgp, 'router-id');
  if (bgp === undefined || autonomousSystem === undefined || routerId === undefined) return undefined;
  const groups = new Map(entriesOf(bgp, 'group').map(({ key, node }) => [key, node]));
  const groupNamed = (name: string | undefined) => (name === undefined ? undefined : groups.get(name));
  return {
    adminState: enabledOf(bgp) ?? true,
    autonomousSystem,
    routerId,
    preference: {
      ebgp: numberOf(bgp, 'preference', 'ebgp') ?? 170,
      ibgp: numberOf(bgp, 'preference', 'ibgp') ?? 170,
    },
    ebgpDefaultPolicy: {
      importRejectAll: booleanOf(bgp, 'ebgp-default-policy', 'import-reject-all') ?? true,
      exportRejectAll: booleanOf(bgp, 'ebgp-default-policy', 'export-reject-all') ?? true,
    },
    families: familiesOf(bgp),
    rapidWithdrawal: booleanOf(bgp, 'route-advertisement', 'rapid-withdrawal') ?? false,
    neighbors: entriesOf(bgp, 'neighbor').flatMap(({ key: peerAddress, node }) => {
      const group = groupNamed(textOf(node, 'peer-group'));
      const peerAs = numberOf(node, 'peer-as') ?? numberOf(group, 'peer-as');
      if (peerAs === undefined || group === undefined) return [];
      return [
        { peerAddress, peerAs, ...sessionOf([node, group, bgp], textOf(node, 'peer-group') ?? '', peerAs) },
      ];
    }),
    dynamicNeighbors: entriesOf(bgp, 'dynamic-neighbors', 'accept', 'match').flatMap(
      ({ key: prefix, node }) => {
        const name = textOf(node, 'peer-group');
        const group = groupNamed(name);
        if (name === undefined || group === undefined) return [];
        return [
          {
            prefix,
            allowedPeerAs: (valuesOf(node, 'allowed-peer-as')?.values ?? []).map(asnRange),
            maxSessions: numberOf(bgp, 'dynamic-neighbors', 'accept', 'max-sessions') ?? 0,
            ...sessionOf([group, bgp], name, numberOf(group, 'peer-as')),
          },
        ];
      },
    ),
  };
}

function familiesOf(bgp: ConfigContainer): BgpFamilyConfig[] {
  const entries = new Map(entriesOf(bgp, 'afi-safi').map(({ key, node }) => [key, node]));
  return families.map(name => {
    const family = entries.get(name);
    const all = numberOf(family, 'multipath', 'maximum-paths') ?? 1;
    return {
      name,
      adminState: enabledOf(family) ?? false,
      multipath: {
        ebgp: numberOf(family, 'multipath', 'ebgp', 'maximum-paths') ?? all,
        ibgp: numberOf(family, 'multipath', 'ibgp', 'maximum-paths') ?? all,
        allowMultipleAs: booleanOf(family, 'multipath', 'allow-multiple-as') ?? true,
      },
    };
  });
}

/** `levels` from the most specific: neighbour, group, instance. The first that says something decides. */
function sessionOf(
  levels: readonly ConfigContainer[],
  group: string,
  peerAs: number | undefined,
): BgpSessionConfig {
  const bgp = levels.at(-1);
  const first = <Value>(read: (level: ConfigContainer) => Value | undefined): Value | undefined => {
    for (const level of levels) {
      const value = read(level);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const sessionLevels = levels.slice(0, -1);
  const localAs =
    sessionLevels.map(level => numberOf(level, 'local-as', 'as-number')).find(asn => asn !== undefined) ??
    numberOf(bgp, 'autonomous-system') ??
    0;
  const localAddress = first(level => textOf(level, 'transport', 'local-address'));
  const clusterId = first(level => textOf(level, 'route-reflector', 'cluster-id'));
  return {
    group,
    adminState: sessionLevels.every(level => enabledOf(level) ?? true),
    localAs,
    families: families.filter(name => first(level => familyState(level, name)) ?? false),
    importPolicies: first(level => valuesOf(level, 'import-policy')?.values) ?? [],
    exportPolicies: first(level => valuesOf(level, 'export-policy')?.values) ?? [],
    nextHopSelf: first(level => booleanOf(level, 'next-hop-self')) ?? false,
    sendDefaultRoute: first(level => booleanOf(level, 'send-default-route', 'ipv4-unicast')) ?? false,
    ttl: first(multihopTtl) ?? (peerAs === localAs ? 64 : 1),
    bfd: first(level => booleanOf(level, 'failure-detection', 'enable-bfd')) ?? false,
    fastFailover: first(level => booleanOf(level, 'failure-detection', 'fast-failover')) ?? true,
    timers: timersOf(first),
    ...optional('localAddress', localAddress),
    passive: first(level => booleanOf(level, 'transport', 'passive-mode')) ?? false,
    routeReflectorClient: first(level => booleanOf(level, 'route-reflector', 'client')) ?? false,
    ...optional('clusterId', clusterId),
  };
}

/** A level counts only when it has both leaves, as SR Linux inherits them. */
function multihopTtl(level: ConfigContainer): number | undefined {
  return enabledOf(level, 'multihop') === true ? numberOf(level, 'multihop', 'maximum-hops') : undefined;
}

function familyState(level: ConfigContainer, name: string): boolean | undefined {
  return enabledOf(entriesOf(level, 'afi-safi').find(({ key }) => key === name)?.node);
}

/** Seconds in the file, milliseconds in the lab. Keepalives never come slower than three in a hold time. */
function timersOf(
  first: <Value>(read: (level: ConfigContainer) => Value | undefined) => Value | undefined,
): BgpTimersConfig {
  const seconds = (name: string) => first(level => numberOf(level, 'timers', name));
  const holdTime = seconds('hold-time') ?? 90;
  const third = Math.floor(holdTime / 3);
  return {
    connectRetry: (seconds('connect-retry') ?? 120) * 1000,
    holdTime: holdTime * 1000,
    keepaliveInterval: Math.min(seconds('keepalive-interval') ?? third, third) * 1000,
    minimumAdvertisementInterval: (seconds('minimum-advertisement-interval') ?? 5) * 1000,
  };
}

/** "65201" or "65201..65210". */
function asnRange(text: string): AsnRange {
  const [from = 0, to = from] = text.split('..').map(Number);
  return { from, to };
}
