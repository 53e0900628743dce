import type { KubeFact, NotAnnouncedReason } from '../kube/fact.ts';
import type { Ipv4 } from '../net/address.ts';
import type { FiveTuple } from '../net/flow.ts';
import type { Ipv4Prefix } from '../net/prefix.ts';
import type { Fault } from './fault.ts';
import type { StageId } from './stage.ts';
import type { BgpFamilyName } from './switch-config.ts';

export type { NotAnnouncedReason } from '../kube/fact.ts';

/** A fact about the lab. `at` is lab time in milliseconds; `cause` the id of the event that led to it. */
export type LabEvent = { readonly id: number; readonly at: number; readonly cause?: number } & Fact;

export type SessionState = 'idle' | 'connect' | 'active' | 'opensent' | 'openconfirm' | 'established';

export type Fact =
  // what the learner or the lesson did
  | { readonly type: 'fault-injected'; readonly fault: Fault }
  | { readonly type: 'fault-healed'; readonly fault: Fault }
  | { readonly type: 'command-run'; readonly commandLine: string }
  | { readonly type: 'traffic-started'; readonly ratePerClient: number }
  | { readonly type: 'traffic-stopped' }
  | { readonly type: 'config-changed'; readonly node: string; readonly lines: readonly string[] }
  // building
  | { readonly type: 'stage-started'; readonly stage: StageId }
  | { readonly type: 'stage-finished'; readonly stage: StageId }
  | { readonly type: 'stage-failed'; readonly stage: StageId; readonly because: string }
  | { readonly type: 'task-started'; readonly stage: StageId; readonly task: string }
  | { readonly type: 'task-finished'; readonly stage: StageId; readonly task: string }
  // wires and nodes
  | { readonly type: 'node-started'; readonly node: string }
  | { readonly type: 'node-stopped'; readonly node: string }
  | { readonly type: 'link-went-down'; readonly link: string }
  | { readonly type: 'link-came-up'; readonly link: string }
  | { readonly type: 'port-went-down'; readonly node: string; readonly port: string }
  | { readonly type: 'port-came-up'; readonly node: string; readonly port: string }
  // BFD (RFC 5880)
  | { readonly type: 'bfd-came-up'; readonly node: string; readonly instance: string; readonly peer: Ipv4 }
  | {
      readonly type: 'bfd-went-down';
      readonly node: string;
      readonly instance: string;
      readonly peer: Ipv4;
      readonly diagnostic:
        | 'control-detection-time-expired'
        | 'neighbor-signaled-session-down'
        | 'path-down'
        | 'administratively-down';
    }
  // BGP (RFC 4271)
  | {
      readonly type: 'session-changed';
      readonly node: string;
      readonly instance: string;
      readonly peer: Ipv4;
      readonly from: SessionState;
      readonly to: SessionState;
      readonly because: string;
    }
  | {
      readonly type: 'notification-sent' | 'notification-received';
      readonly node: string;
      readonly instance: string;
      readonly peer: Ipv4;
      /** Error code and subcode (RFC 4271 section 4.5) with their names. */
      readonly code: number;
      readonly subcode: number;
      readonly text: string;
    }
  | {
      readonly type: 'update-sent' | 'update-received';
      readonly node: string;
      readonly instance: string;
      readonly peer: Ipv4;
      readonly family: BgpFamilyName;
      /** Route texts, at most the first eight; the counts are whole. */
      readonly announced: readonly string[];
      readonly withdrawn: readonly string[];
      readonly announcedCount: number;
      readonly withdrawnCount: number;
    }
  | {
      readonly type: 'route-chosen';
      readonly node: string;
      readonly instance: string;
      readonly prefix: Ipv4Prefix;
      readonly nextHops: readonly Ipv4[];
      /** Next hops before, empty when the prefix was not there. */
      readonly previously: readonly Ipv4[];
      readonly owner: RouteOwner;
      readonly decidedBy?: string;
    }
  | {
      readonly type: 'route-lost';
      readonly node: string;
      readonly instance: string;
      readonly prefix: Ipv4Prefix;
      readonly previously: readonly Ipv4[];
    }
  /** The data plane follows the route table. Members are "port" or "vtep" texts. */
  | {
      readonly type: 'forwarding-changed';
      readonly node: string;
      readonly instance: string;
      readonly prefix: Ipv4Prefix;
      readonly members: readonly string[];
      readonly previously: readonly string[];
    }
  | {
      readonly type: 'mac-learned';
      readonly node: string;
      readonly instance: string;
      readonly mac: string;
      readonly address?: Ipv4;
      readonly via: string;
    }
  | {
      readonly type: 'mac-lost';
      readonly node: string;
      readonly instance: string;
      readonly mac: string;
      readonly address?: Ipv4;
    }
  // Kubernetes and MetalLB
  | KubeFact
  | {
      readonly type: 'announcement-started';
      readonly node: string;
      readonly service: string;
      readonly prefix: Ipv4Prefix;
    }
  | {
      readonly type: 'announcement-stopped';
      readonly node: string;
      readonly service: string;
      readonly prefix: Ipv4Prefix;
      readonly reason: NotAnnouncedReason | 'serviceGone' | 'speakerGone';
    }
  // traffic: one event for a request that was not answered; answered ones are only counted
  | {
      readonly type: 'request-lost';
      readonly flow: FiveTuple;
      readonly client: string;
      readonly lostAt: string;
      readonly because: string;
    }
  | {
      readonly type: 'request-reset';
      readonly flow: FiveTuple;
      readonly client: string;
      readonly by: string;
      readonly because: string;
    }
  | {
      readonly type: 'requests-recovered';
      readonly lost: number;
      readonly reset: number;
      readonly gapMs: number;
    }
  /** The engine gave up on reaching quiet. */
  | { readonly type: 'did-not-settle'; readonly after: number };

export type RouteOwner = 'local' | 'host' | 'static' | 'bgp' | 'bgp-evpn' | 'arp-nd';
