import type { Ipv4 } from '../net/address.ts';
import type { Ipv4Prefix } from '../net/prefix.ts';
import type { RouteOwner, SessionState } from './event.ts';
import type { Fault } from './fault.ts';
import type { SpreadOver } from './flow-spread.ts';
import type { BfdRow, ForwardingRow, LinkState, NodeState } from './snapshot.ts';
import type { StageId } from './stage.ts';
import type { BgpFamilyName } from './switch-config.ts';

/**
 * A question with a yes or no about the lab. With `absent: true` the probe holds when what it describes is not there.
 * Peers, next hops and members may be addresses or node names. Durations are lab milliseconds.
 */
export type Probe = {
  readonly absent?: boolean;
} /** Sessions that match node, instance, peer and family are in `state`: `count` of them, or (without) all and at least one. */ & (
  | {
      readonly probe: 'bgp.session';
      readonly node: string;
      readonly instance?: string;
      readonly peer?: string;
      readonly family?: BgpFamilyName;
      /** 'established' unless told otherwise. */
      readonly state?: SessionState;
      readonly count?: number;
      /** Only sessions that changed their state in the last … ms. */
      readonly newerThan?: number;
    }
  | {
      readonly probe: 'bfd.session';
      readonly node: string;
      readonly instance?: string;
      readonly peer?: string;
      /** 'up' unless told otherwise. */
      readonly state?: BfdRow['state'];
      readonly count?: number;
    }
  /** The active route to the prefix has this many next hops, or exactly these. */
  | {
      readonly probe: 'rib.nexthops';
      readonly node: string;
      readonly instance: string;
      readonly prefix: Ipv4Prefix;
      readonly count?: number;
      readonly nextHops?: readonly string[];
    }
  | {
      readonly probe: 'rib.route';
      readonly node: string;
      readonly instance: string;
      readonly prefix: Ipv4Prefix;
      readonly owner?: RouteOwner;
    }
  /** Valid EVPN routes that match; `count` counts different originators (next hops). */
  | {
      readonly probe: 'evpn.route';
      readonly node: string;
      readonly type: 2 | 3 | 5;
      readonly prefix?: Ipv4Prefix;
      readonly address?: Ipv4;
      readonly mac?: string;
      readonly vni?: number;
      readonly count?: number;
    }
  /** The data plane's group for the prefix has this many members, or exactly these. */
  | {
      readonly probe: 'fib.ecmp';
      readonly node: string;
      readonly instance: string;
      readonly prefix: Ipv4Prefix;
      readonly count?: number;
      readonly members?: readonly string[];
      readonly algorithm?: ForwardingRow['algorithm'];
    }
  /** The service has an external address (this one); absent: it exists and is still `<pending>`. */
  | {
      readonly probe: 'service.address';
      readonly cluster: string;
      readonly service: string;
      readonly namespace?: string;
      readonly address?: Ipv4;
    }
  /** Every one of `flows` new flows from the client would be answered; absent: none would. */
  | {
      readonly probe: 'service.answers';
      readonly client: string;
      readonly address: Ipv4;
      readonly port: number;
      /** 64 unless told otherwise. */
      readonly flows?: number;
    }
  /** How `flows` new flows would spread: the number of members used, and the smallest and largest share (0 to 1). */
  | {
      readonly probe: 'flow.spread';
      readonly client: string;
      readonly address: Ipv4;
      readonly port: number;
      /** 'node' and 'pod': who answers; otherwise the switch whose choice is looked at. */
      readonly over: SpreadOver;
      /** 1000 unless told otherwise. */
      readonly flows?: number;
      readonly members?: number;
      readonly least?: number;
      readonly most?: number;
    }
  /** Ready pods whose name starts with `name`, exactly `count` of them (on `node`). */
  | {
      readonly probe: 'pod.ready';
      readonly cluster: string;
      readonly name: string;
      readonly namespace?: string;
      readonly node?: string;
      readonly count: number;
    }
  /** A node of the Kubernetes cluster is Ready. */
  | { readonly probe: 'node.ready'; readonly node: string }
  | { readonly probe: 'node.state'; readonly node: string; readonly state: NodeState['state'] }
  | { readonly probe: 'link.state'; readonly link: string; readonly state: LinkState['state'] }
  | { readonly probe: 'mac.known'; readonly node: string; readonly instance: string; readonly address: Ipv4 }
  | { readonly probe: 'stage.done'; readonly stage: StageId }
  | { readonly probe: 'fault.active'; readonly fault: Fault }
  | { readonly probe: 'fault.none' }
  | { readonly probe: 'traffic.running' }
  /** Of the requests of the last `last` ms (at least `requests` of them) at least `share` (0 to 1) were answered. */
  | {
      readonly probe: 'traffic.answered';
      readonly last: number;
      readonly requests: number;
      readonly share: number;
    }
  /** MetalLB announces the service from exactly these nodes. */
  | {
      readonly probe: 'announced.from';
      readonly cluster: string;
      readonly service: string;
      readonly nodes: readonly string[];
    }
);

export type ProbeName = Probe['probe'];

/** One probe of a check, and what a learner reads when this one does not hold. */
export type CheckItem = { readonly probe: Probe; readonly hint?: string };

/** What must hold, all of it, at the latest `within` lab milliseconds after it is first asked. */
export type Check = { readonly within: number; readonly items: readonly CheckItem[] };

/** Sentences a learner reads: "BORDER-DC has 2 next hops to 10.254.254.240/32" and "1 next hop: 1.1.1.1". */
export type Verdict = { readonly holds: boolean; readonly expected: string; readonly observed: string };

export { evaluate, tablesFor } from './evaluate-probe.ts';
