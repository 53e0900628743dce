import type { SessionParameters } from '../../kube/metallb/sessions.ts';
import type { Ipv4 } from '../../net/address.ts';
import type { Ipv4Prefix } from '../../net/prefix.ts';

/** A pod that has an address of its own on a node. */
export type HostedPod = {
  readonly key: string;
  readonly name: string;
  readonly node: string;
  readonly address: Ipv4;
  readonly port: number;
  /** Its process runs. */
  readonly alive: boolean;
};

/** A machine that plays a Kubernetes node of the model: what the model wants is done to it, in the order in which it was wanted. */
export interface PodHost {
  readonly name: string;
  readonly dockerAddress: Ipv4;
  readonly podCidr: Ipv4Prefix;
  /** It is switched on. */
  readonly running: boolean;
  /** MetalLB's FRR is up. */
  readonly speaks: boolean;
  /** Its bgpd is stopped by a signal; what is wanted of it waits. */
  readonly speakerFrozen: boolean;
  create(networkLength: number, gateway: Ipv4): Promise<string | undefined>;
  /** Routes to the other nodes' pods, over the Docker network as kindnet sets them. */
  routeToPods(others: readonly PodHost[]): Promise<string | undefined>;
  setPods(pods: readonly HostedPod[]): void;
  /** kube-proxy's rules, for nft. */
  setRules(rules: string): void;
  /** MetalLB's sessions on this node; undefined: its FRR does not run. */
  setSpeaker(sessions: readonly SessionParameters[] | undefined): void;
  /** Its daemons die, or end in good order. */
  killSpeaker(signal: 'KILL' | 'TERM'): Promise<void>;
  freezeSpeaker(frozen: boolean): Promise<void>;
  /** What has been asked for is done; a sentence when something failed. */
  settled(): Promise<string | undefined>;
  /** Power off and on. */
  stop(): Promise<void>;
  start(): void;
  /** Nobody looks after it any more. */
  end(): void;
}

/** What a host is made from. */
export type PodHostSpec = Pick<PodHost, 'name' | 'dockerAddress' | 'podCidr'>;
