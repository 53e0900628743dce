import { type Ipv4, toNumber } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import { addressOf, type Ipv4Prefix, lengthOf, maskOf } from '../net/prefix.ts';
import type { Family, Nlri } from './route.ts';

/** Routing policies as data, in SR Linux's words. */
export type PolicyResult = 'accept' | 'reject' | 'next-policy' | 'next-statement';

export type PolicyConfig = {
  readonly name: string;
  readonly defaultResult: PolicyResult | undefined;
  readonly statements: readonly PolicyStatementConfig[];
};

export type PolicyStatementConfig = {
  readonly name: string;
  /** All that is given must fit; nothing given fits every route. */
  readonly match: {
    readonly prefixSet?: string;
    readonly protocol?: Protocol;
    readonly family?: readonly Family[];
    /** EVPN route types. A route that is not EVPN does not fit. */
    readonly evpnRouteTypes?: readonly number[];
  };
  readonly result: PolicyResult | undefined;
  readonly set: PolicyActions;
};

export type PolicyActions = {
  readonly localPreference?: number;
  readonly med?: number;
  readonly asPathPrepend?: { readonly asn: Asn; readonly times: number };
  readonly nextHop?: Ipv4 | 'self';
};

export type PrefixSetConfig = {
  readonly name: string;
  /** Fits prefixes inside `prefix` with a length of `from` to `to`. */
  readonly entries: readonly { readonly prefix: Ipv4Prefix; readonly from: number; readonly to: number }[];
};

/** Where a route comes from, as a policy's `match protocol` asks. */
export type Protocol = 'local' | 'static' | 'bgp' | 'bgp-evpn' | 'arp-nd' | 'aggregate';

/** Judges a route: undefined rejects it, otherwise what to set on it (`noActions` for nothing). Equal judgements are one object. */
export type Policy = (nlri: Nlri, family: Family, protocol: Protocol) => PolicyActions | undefined;

export const noActions: PolicyActions = {};

/**
 * Makes one policy of a chain. `otherwise` judges what no statement and no default action decided: SR Linux accepts
 * everything on import and BGP routes on export. Throws when a policy or prefix set does not exist.
 */
export function compilePolicies(
  names: readonly string[],
  policies: readonly PolicyConfig[],
  prefixSets: readonly PrefixSetConfig[],
  otherwise: (protocol: Protocol, family: Family) => boolean,
): Policy {
  const chain = names.map(name => compilePolicy(named(policies, name, 'policy'), prefixSets));
  const merged = mergedActions();
  return (nlri, family, protocol) => {
    const route = { nlri, family, protocol };
    let actions = noActions;
    for (const policy of chain) {
      let result = policy.defaultResult;
      for (const statement of policy.statements) {
        if (!statement.matches(route)) continue;
        actions = merged(actions, statement.set);
        if (statement.result === undefined || statement.result === 'next-statement') continue;
        result = statement.result;
        break;
      }
      if (result === 'accept') return actions;
      if (result === 'reject') return undefined;
    }
    return otherwise(protocol, family) ? actions : undefined;
  };
}

type Subject = { readonly nlri: Nlri; readonly family: Family; readonly protocol: Protocol };

type CompiledStatement = {
  readonly matches: (route: Subject) => boolean;
  readonly result: PolicyResult | undefined;
  readonly set: PolicyActions;
};

type CompiledPolicy = {
  readonly defaultResult: PolicyResult | undefined;
  readonly statements: readonly CompiledStatement[];
};

function compilePolicy(policy: PolicyConfig, prefixSets: readonly PrefixSetConfig[]): CompiledPolicy {
  return {
    defaultResult: policy.defaultResult,
    statements: policy.statements.map(statement => ({
      matches: compileMatch(statement.match, prefixSets),
      result: statement.result,
      set: Object.values(statement.set).some(value => value !== undefined) ? statement.set : noActions,
    })),
  };
}

function compileMatch(
  match: PolicyStatementConfig['match'],
  prefixSets: readonly PrefixSetConfig[],
): (route: Subject) => boolean {
  const { prefixSet, protocol, family, evpnRouteTypes } = match;
  const inSet =
    prefixSet === undefined ? undefined : compilePrefixSet(named(prefixSets, prefixSet, 'prefix-set'));
  return route => {
    if (protocol !== undefined && protocol !== route.protocol) return false;
    if (family !== undefined && !family.includes(route.family)) return false;
    if (evpnRouteTypes !== undefined) {
      if (typeof route.nlri === 'string' || !evpnRouteTypes.includes(route.nlri.routeType)) return false;
    }
    if (inSet === undefined) return true;
    const prefix = prefixOf(route.nlri);
    return prefix !== undefined && inSet(prefix);
  };
}

/** The prefix that a prefix set is held against: the NLRI itself, or the one inside an EVPN type 5 route. */
function prefixOf(nlri: Nlri): Ipv4Prefix | undefined {
  if (typeof nlri === 'string') return nlri;
  return nlri.routeType === 5 ? nlri.prefix : undefined;
}

function compilePrefixSet(set: PrefixSetConfig): (prefix: Ipv4Prefix) => boolean {
  const entries = set.entries.map(({ prefix, from, to }) => {
    const length = lengthOf(prefix);
    const mask = maskOf(length);
    return { network: (toNumber(addressOf(prefix)) & mask) >>> 0, mask, from: Math.max(from, length), to };
  });
  return prefix => {
    const length = lengthOf(prefix);
    const address = toNumber(addressOf(prefix));
    return entries.some(
      entry => length >= entry.from && length <= entry.to && (address & entry.mask) >>> 0 === entry.network,
    );
  };
}

/** Merges actions so that equal merges give one object: whoever applies them can cache by identity. */
function mergedActions(): (earlier: PolicyActions, later: PolicyActions) => PolicyActions {
  const known = new Map<PolicyActions, Map<PolicyActions, PolicyActions>>();
  return (earlier, later) => {
    if (later === noActions) return earlier;
    if (earlier === noActions) return later;
    let row = known.get(earlier);
    if (row === undefined) {
      row = new Map();
      known.set(earlier, row);
    }
    let merged = row.get(later);
    if (merged === undefined) {
      merged = { ...earlier, ...later };
      row.set(later, merged);
    }
    return merged;
  };
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string, kind: string): T {
  const found = all.find(one => one.name === name);
  if (found === undefined) throw new Error(`no ${kind} is called "${name}"`);
  return found;
}
