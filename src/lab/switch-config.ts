import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { Ipv4InterfaceAddress, Ipv4Prefix } from '../net/prefix.ts';

/**
 * What a switch configuration means, in SR Linux 25.3 words. Made from the `set / …` lines by `lab/files/`;
 * SR Linux defaults are already filled in, so an engine never needs to know one.
 * Times are milliseconds unless the name says otherwise.
 */
export type SwitchConfig = {
  readonly interfaces: readonly InterfaceConfig[];
  readonly vxlanInterfaces: readonly VxlanInterfaceConfig[];
  readonly networkInstances: readonly NetworkInstanceConfig[];
  readonly prefixSets: readonly PrefixSetConfig[];
  readonly policies: readonly RoutingPolicyConfig[];
  /** Subinterfaces that run BFD (`/bfd subinterface …`). */
  readonly bfd: readonly BfdSubinterfaceConfig[];
  readonly hash: HashConfig;
};

export type InterfaceConfig = {
  /** "ethernet-1/1", "irb0", "lo1", "system0". */
  readonly name: string;
  readonly adminState: boolean;
  readonly description?: string;
  readonly vlanTagging: boolean;
  readonly mtu?: number;
  readonly subinterfaces: readonly SubinterfaceConfig[];
};

export type SubinterfaceConfig = {
  /** "ethernet-1/1.0". */
  readonly name: string;
  readonly index: number;
  readonly type: 'routed' | 'bridged';
  readonly adminState: boolean;
  /** Undefined when untagged. */
  readonly vlanId?: number;
  readonly ipMtu?: number;
  /** Empty when `ipv4 admin-state` is disabled (SR Linux's default). */
  readonly addresses: readonly SubinterfaceAddress[];
  /** Present when addresses are marked `anycast-gw`. */
  readonly anycastGatewayMac?: string;
  /** `ipv4 arp learn-unsolicited`, `host-route populate …`, `evpn advertise …`. */
  readonly arp: {
    readonly learnUnsolicited: boolean;
    readonly hostRoutePopulate: readonly ('static' | 'dynamic' | 'evpn')[];
    readonly evpnAdvertise: readonly ('static' | 'dynamic')[];
  };
};

export type SubinterfaceAddress = {
  readonly address: Ipv4InterfaceAddress;
  readonly anycastGateway: boolean;
};

export type VxlanInterfaceConfig = {
  /** "vxlan1.4". */
  readonly name: string;
  readonly type: 'routed' | 'bridged';
  readonly ingressVni: number;
};

export type NetworkInstanceConfig = {
  readonly name: string;
  readonly type: 'default' | 'ip-vrf' | 'mac-vrf';
  readonly adminState: boolean;
  /** Subinterface names: "ethernet-1/1.0", "irb0.0", "system0.0". */
  readonly interfaces: readonly string[];
  readonly vxlanInterface?: string;
  readonly routerId?: Ipv4;
  readonly bgp?: BgpConfig;
  readonly bgpEvpn?: BgpEvpnConfig;
  readonly bgpVpn?: BgpVpnConfig;
  readonly staticRoutes: readonly StaticRouteConfig[];
  /** `ip-load-balancing resilient-hash-prefix`. */
  readonly resilientHash: readonly ResilientHashConfig[];
};

export type StaticRouteConfig = {
  readonly prefix: Ipv4Prefix;
  readonly nextHops: readonly Ipv4[];
  readonly preference: number;
};

export type ResilientHashConfig = {
  readonly prefix: Ipv4Prefix;
  readonly bucketsPerPath: number;
  readonly maxPaths: number;
};

export type BgpConfig = {
  readonly adminState: boolean;
  readonly autonomousSystem: Asn;
  readonly routerId: Ipv4;
  readonly preference: { readonly ebgp: number; readonly ibgp: number };
  /** RFC 8212: without a policy an eBGP session neither takes nor gives routes. Both true by default. */
  readonly ebgpDefaultPolicy: { readonly importRejectAll: boolean; readonly exportRejectAll: boolean };
  readonly families: readonly BgpFamilyConfig[];
  readonly rapidWithdrawal: boolean;
  /** Group settings are already merged into the neighbours. */
  readonly neighbors: readonly BgpNeighborConfig[];
  readonly dynamicNeighbors: readonly DynamicNeighborConfig[];
};

export type BgpFamilyName = 'ipv4-unicast' | 'evpn';

export type BgpFamilyConfig = {
  readonly name: BgpFamilyName;
  readonly adminState: boolean;
  /** `multipath ebgp|ibgp maximum-paths`, 1 by default; `allow-multiple-as` true by default. */
  readonly multipath: { readonly ebgp: number; readonly ibgp: number; readonly allowMultipleAs: boolean };
};

/** What a session is made of, whether configured by address or accepted dynamically. */
export type BgpSessionConfig = {
  readonly group: string;
  readonly adminState: boolean;
  readonly localAs: Asn;
  /** True when `local-as` differs from the instance's AS and is prepended (SR Linux `prepend-local-as`). */
  readonly families: readonly BgpFamilyName[];
  readonly importPolicies: readonly string[];
  readonly exportPolicies: readonly string[];
  readonly nextHopSelf: boolean;
  readonly sendDefaultRoute: boolean;
  /** TTL of what is sent: 1 for eBGP without `multihop`, else `maximum-hops`; 64 for iBGP. */
  readonly ttl: number;
  readonly bfd: boolean;
  readonly fastFailover: boolean;
  readonly timers: BgpTimersConfig;
  readonly localAddress?: Ipv4;
  readonly passive: boolean;
  readonly routeReflectorClient: boolean;
  readonly clusterId?: Ipv4;
};

export type BgpTimersConfig = {
  readonly connectRetry: number;
  readonly holdTime: number;
  readonly keepaliveInterval: number;
  readonly minimumAdvertisementInterval: number;
};

export type BgpNeighborConfig = BgpSessionConfig & { readonly peerAddress: Ipv4; readonly peerAs: Asn };

export type DynamicNeighborConfig = BgpSessionConfig & {
  readonly prefix: Ipv4Prefix;
  readonly allowedPeerAs: readonly AsnRange[];
  /** 0 means no limit. */
  readonly maxSessions: number;
};

export type AsnRange = { readonly from: Asn; readonly to: Asn };

export type BgpEvpnConfig = {
  readonly adminState: boolean;
  readonly evi: number;
  /** `bgp-instance 1 ecmp`, 1 by default. */
  readonly ecmp: number;
  readonly vxlanInterface: string;
  /** `routes route-table mac-ip advertise-gateway-mac`. */
  readonly advertiseGatewayMac: boolean;
};

export type BgpVpnConfig = {
  /** Undefined: `<router id of default>:<evi>`. */
  readonly routeDistinguisher?: string;
  /** "target:65123:4". */
  readonly exportRouteTargets: readonly string[];
  readonly importRouteTargets: readonly string[];
};

export type PrefixSetConfig = {
  readonly name: string;
  readonly entries: readonly { readonly prefix: Ipv4Prefix; readonly from: number; readonly to: number }[];
};

export type PolicyResult = 'accept' | 'reject' | 'next-policy' | 'next-statement';

export type RoutingPolicyConfig = {
  readonly name: string;
  readonly defaultResult: PolicyResult | undefined;
  readonly statements: readonly PolicyStatementConfig[];
};

export type PolicyStatementConfig = {
  readonly name: string;
  readonly match: {
    readonly prefixSet?: string;
    readonly protocol?: 'local' | 'static' | 'bgp' | 'bgp-evpn' | 'arp-nd' | 'aggregate';
    readonly family?: readonly BgpFamilyName[];
    /** EVPN route types 1–5. */
    readonly evpnRouteTypes?: readonly number[];
  };
  readonly result: PolicyResult | undefined;
  readonly set: {
    readonly localPreference?: number;
    readonly med?: number;
    readonly asPathPrepend?: { readonly asn: Asn; readonly times: number };
    readonly nextHop?: Ipv4 | 'self';
  };
};

export type BfdSubinterfaceConfig = {
  /** Subinterface whose address the session uses: "ethernet-1/1.0", "lo1.0". */
  readonly subinterface: string;
  readonly adminState: boolean;
  /** Microseconds in the file, milliseconds here. */
  readonly desiredMinimumTransmit: number;
  readonly requiredMinimumReceive: number;
  readonly detectionMultiplier: number;
};

export type HashConfig = {
  readonly sourceAddress: boolean;
  readonly destinationAddress: boolean;
  readonly sourcePort: boolean;
  readonly destinationPort: boolean;
  readonly protocol: boolean;
  /** Undefined: generated from the chassis MAC, different for each switch. */
  readonly seed?: number;
};
