import type { Ipv4 } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';
import type { FiveTuple } from '../net/flow.ts';
import type { Ipv4InterfaceAddress, Ipv4Prefix } from '../net/prefix.ts';
import type { ClusterState } from './cluster-state.ts';
import type { RouteOwner, SessionState } from './event.ts';
import type { ActiveFault } from './fault.ts';
import type { SpreadOver } from './flow-spread.ts';
import type { LabSize } from './lab.ts';
import type { PacketRow } from './packet-row.ts';
import type { StageState } from './stage.ts';
import type { BgpFamilyName } from './switch-config.ts';
import type { TrafficState } from './traffic-state.ts';

/**
 * What the lab looks like at one moment. The overview is always there and cheap; tables hold only what was asked
 * for. What a router does not say is absent: never guessed. All times are lab milliseconds.
 */
export type Snapshot = {
  readonly at: number;
  /** Set while the lab runs scaled out: its names are those of `Lab.scaledOut`. */
  readonly lab?: LabSize;
  /** Set while the lab is in its past: the moment it came back from. */
  readonly past?: { readonly presentAt: number };
  readonly stages: readonly StageState[];
  readonly nodes: readonly NodeState[];
  readonly links: readonly LinkState[];
  readonly faults: readonly ActiveFault[];
  readonly clusters: readonly ClusterState[];
  readonly traffic: TrafficState;
  readonly tables: ReadonlyMap<string, TableRows[TableRef['name']]>;
};

export type NodeState = {
  readonly name: string;
  /** 'absent': not built yet. */
  readonly state: 'absent' | 'starting' | 'running' | 'stopped';
  /** Set while it runs and does not answer: since when, and what happened when it was asked. What it said before is not shown as if it still held. */
  readonly unknown?: { readonly since: number; readonly because: string };
  /** Established over configured BGP sessions, where the node has any. */
  readonly sessions?: { readonly established: number; readonly configured: number };
};

export type LinkState = {
  readonly id: string;
  /** 'silent': carrier is there, packets are not. */
  readonly state: 'absent' | 'up' | 'down' | 'silent';
  /** BGP over this link: 'up' when every session across it is established. */
  readonly bgp?: 'up' | 'down' | 'partly';
  /** Packets per second each way, averaged over the last second. */
  readonly rateAToB: number;
  readonly rateBToA: number;
};

/** Which rows somebody looks at. */
export type TableRef =
  | { readonly name: 'sessions'; readonly node?: string }
  | { readonly name: 'bfd'; readonly node?: string }
  | { readonly name: 'interfaces'; readonly node: string }
  /** The route table of a network-instance: what won over all owners. */
  | { readonly name: 'routes'; readonly node: string; readonly instance: string }
  /** The BGP IPv4 unicast RIB with losers and reasons. */
  | { readonly name: 'bgp'; readonly node: string; readonly instance: string }
  | { readonly name: 'evpn'; readonly node: string }
  /** What the data plane uses: prefix → group → members. */
  | { readonly name: 'forwarding'; readonly node: string; readonly instance: string }
  | { readonly name: 'macs'; readonly node: string; readonly instance: string }
  /** BGP messages and what opened and closed their connections, oldest first: of the lab, or those that a node sent, took or passed on, or that crossed a link. */
  | { readonly name: 'packets'; readonly node?: string; readonly link?: string }
  /** Which flows of `client` to the prefix's address would move if a member left or joined, by each way of hashing. Nothing is changed. */
  | {
      readonly name: 'hash-comparison';
      readonly node: string;
      readonly instance: string;
      readonly prefix: Ipv4Prefix;
      /** Name or address of a client. */
      readonly client: string;
      readonly port: number;
      readonly firstPort: number;
      readonly count: number;
    }
  /** The path that new flows would take now: one row per source port from `firstPort` on, `count` of them, no packet sent. */
  | {
      readonly name: 'flows';
      /** Name or address of a client. */
      readonly client: string;
      readonly destination: Ipv4;
      readonly port: number;
      readonly firstPort: number;
      readonly count: number;
      /** Where the flows are to be told apart. An engine that cannot foretell it may open them for real. */
      readonly over?: SpreadOver;
    };

export type TableRows = {
  readonly sessions: readonly SessionRow[];
  readonly bfd: readonly BfdRow[];
  readonly interfaces: readonly InterfaceRow[];
  readonly routes: readonly RouteRow[];
  readonly bgp: readonly BgpRow[];
  readonly evpn: readonly EvpnRow[];
  readonly forwarding: readonly ForwardingRow[];
  readonly macs: readonly MacRow[];
  readonly packets: readonly PacketRow[];
  readonly 'hash-comparison': readonly HashComparisonRow[];
  readonly flows: readonly FlowRow[];
};

export type SessionRow = {
  readonly node: string;
  readonly instance: string;
  readonly peer: Ipv4;
  /** Name of the node that owns the peer address, where the lab knows it. */
  readonly peerNode?: string;
  readonly localAddress?: Ipv4;
  readonly group?: string;
  readonly localAs: Asn;
  /** 0 until a dynamic peer has told its AS. */
  readonly peerAs: Asn;
  readonly dynamic: boolean;
  readonly state: SessionState;
  /** When `state` was entered. */
  readonly since: number;
  readonly families: readonly {
    readonly name: BgpFamilyName;
    readonly received: number;
    readonly active: number;
    readonly sent: number;
  }[];
  /** Negotiated, milliseconds; absent before OpenConfirm. */
  readonly holdTime?: number;
  readonly keepalive?: number;
  readonly bfd: 'up' | 'down' | 'off';
  /** The last thing that ended the session, in words. */
  readonly lastError?: string;
};

export type BfdRow = {
  readonly node: string;
  readonly instance: string;
  readonly localAddress: Ipv4;
  readonly peer: Ipv4;
  readonly state: 'up' | 'down' | 'init' | 'admin-down';
  readonly since: number;
  readonly multihop: boolean;
  /** Milliseconds, negotiated. */
  readonly transmitInterval: number;
  readonly detectionTime: number;
};

export type InterfaceRow = {
  readonly name: string;
  readonly adminState: 'enable' | 'disable';
  readonly operState: 'up' | 'down';
  readonly operDownReason?: string;
  readonly addresses: readonly Ipv4InterfaceAddress[];
  readonly instance?: string;
  readonly mtu?: number;
  readonly vlanId?: number;
  /** Packets since the lab began. */
  readonly inPackets: number;
  readonly outPackets: number;
};

export type NextHopRow = {
  /** As the route table shows it; absent for a local route. */
  readonly address?: Ipv4;
  readonly interface?: string;
  readonly type: 'local' | 'direct' | 'indirect' | 'vxlan' | 'extract';
  readonly vni?: number;
  /** Node that owns `address`, where known. */
  readonly node?: string;
};

export type RouteRow = {
  readonly prefix: Ipv4Prefix;
  readonly owner: RouteOwner;
  readonly active: boolean;
  readonly preference: number;
  readonly metric: number;
  readonly nextHops: readonly NextHopRow[];
  /** Last change. */
  readonly since: number;
  /** The event that made it so, where the engine knows. */
  readonly event?: number;
};

export type BgpPath = {
  /** Peer it came from; absent for own routes. */
  readonly peer?: Ipv4;
  readonly peerNode?: string;
  readonly nextHop: Ipv4;
  readonly asPath: readonly Asn[];
  readonly origin: 'igp' | 'egp' | 'incomplete';
  readonly localPreference?: number;
  readonly med?: number;
  readonly communities: readonly string[];
  readonly originatorId?: Ipv4;
  readonly clusterList: readonly Ipv4[];
};

export type PathStatus = {
  readonly valid: boolean;
  readonly best: boolean;
  /** Best, or as good as best and used for multipath. */
  readonly used: boolean;
  /** Why it is not valid: "next-hop-unresolved", "rejected-route", "as-loop", … (SR Linux words). */
  readonly invalidReason?: string;
  /** For the best path: the rule that decided. For a loser: the rule at which it fell. Name and RFC section. */
  readonly rule?: { readonly name: string; readonly section: string };
};

export type BgpRow = { readonly prefix: Ipv4Prefix; readonly path: BgpPath } & PathStatus;

export type EvpnRow = {
  readonly routeType: 2 | 3 | 5;
  readonly routeDistinguisher: string;
  readonly ethernetTag: number;
  readonly mac?: string;
  /** Type 2 host address, type 3 originating router. */
  readonly address?: Ipv4;
  /** Type 5. */
  readonly prefix?: Ipv4Prefix;
  readonly vni: number;
  readonly routeTargets: readonly string[];
  readonly path: BgpPath;
} & PathStatus;

export type ForwardingRow = {
  readonly prefix: Ipv4Prefix;
  readonly group: number;
  readonly algorithm: 'hash-threshold' | 'modulo' | 'resilient';
  readonly members: readonly ForwardingMember[];
};

export type ForwardingMember = {
  /** "ethernet-1/1", or "1.1.1.2" for a VTEP. */
  readonly label: string;
  readonly nextHop?: Ipv4;
  readonly port?: string;
  readonly vtep?: Ipv4;
  readonly vni?: number;
  /** Node at the other end. */
  readonly node?: string;
  /** Share of the hash space, 0 to 1. */
  readonly share: number;
};

/** What one change of a group's members does to `flows` flows. */
export type HashComparisonRow = {
  readonly change: 'leaves' | 'joins';
  /** The member that leaves, as in `ForwardingMember`; absent for one that joins: the group does not have it yet. */
  readonly member?: string;
  readonly node?: string;
  readonly membersBefore: number;
  readonly flows: number;
  readonly moved: Readonly<Record<ForwardingRow['algorithm'], MovedFlows>>;
};

/** `needless`: those among them that neither had the leaver nor got the joiner. */
export type MovedFlows = { readonly moved: number; readonly needless: number };

export type MacRow = {
  readonly mac: string;
  readonly address?: Ipv4;
  readonly type: 'learnt' | 'evpn' | 'irb-interface' | 'evpn-static';
  /** "ethernet-1/10.0" or "vxlan1.1 vtep 1.1.1.2". */
  readonly destination: string;
  readonly node?: string;
};

export type FlowRow = {
  readonly flow: FiveTuple;
  readonly outcome: 'answered' | 'lost' | 'refused';
  /** Where it ended, when not answered: node and reason. */
  readonly endedAt?: string;
  readonly because?: string;
  readonly hops: readonly FlowHop[];
  readonly reply: readonly FlowHop[];
  /** Kubernetes node that took it from the fabric, and the pod that answered. */
  readonly node?: string;
  readonly pod?: string;
  readonly podNode?: string;
};

export type FlowHop = {
  readonly node: string;
  readonly instance?: string;
  /** The entry that matched. */
  readonly prefix?: Ipv4Prefix;
  /** Only where there was a choice. */
  readonly choice?: {
    readonly algorithm: ForwardingRow['algorithm'];
    /** The fields hashed, in order, as "name=value". */
    readonly fields: readonly string[];
    readonly seed: number;
    readonly hash: number;
    readonly bucket: number;
    readonly buckets: number;
    readonly members: readonly string[];
    readonly chosen: string;
  };
  /** The member it goes to, where nobody says how that was worked out. */
  readonly member?: string;
  readonly outPort?: string;
  /** Set where the packet enters a tunnel. */
  readonly encapsulation?: {
    readonly vni: number;
    readonly from: Ipv4;
    readonly to: Ipv4;
    readonly sourcePort: number;
  };
  /** In words, where something else happens: "SNAT to 192.168.101.101", "DNAT to 10.244.1.5:8080", "irb0.0 anycast gateway". */
  readonly note?: string;
};

/** The key of a table in `Snapshot.tables`. */
export function tableKey(ref: TableRef): string {
  switch (ref.name) {
    case 'sessions':
    case 'bfd':
      return ref.node === undefined ? ref.name : `${ref.name} ${ref.node}`;
    case 'interfaces':
    case 'evpn':
      return `${ref.name} ${ref.node}`;
    case 'routes':
    case 'bgp':
    case 'forwarding':
    case 'macs':
      return `${ref.name} ${ref.node} ${ref.instance}`;
    case 'packets':
      return [ref.name, ref.node, ref.link].filter(part => part !== undefined).join(' ');
    case 'hash-comparison':
      return `hash-comparison ${ref.node} ${ref.instance} ${ref.prefix} ${ref.client}:${ref.port} ${ref.firstPort}+${ref.count}`;
    case 'flows':
      return [
        `flows ${ref.client} ${ref.destination}:${ref.port} ${ref.firstPort}+${ref.count}`,
        ...(ref.over === undefined ? [] : [spreadWord(ref.over)]),
      ].join(' over ');
  }
}

function spreadWord(over: SpreadOver): string {
  return typeof over === 'string' ? over : `${over.node} ${over.instance}`;
}

/** The rows of a table, undefined when it was not asked for or the engine cannot know it. */
export function rowsOf<R extends TableRef>(snapshot: Snapshot, ref: R): TableRows[R['name']] | undefined {
  return snapshot.tables.get(tableKey(ref)) as TableRows[R['name']] | undefined;
}
