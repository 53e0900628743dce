/** Something broken on purpose. Faults that heal by themselves (a killed pod) are never active. */
export type Fault =
  /** Carrier lost on both ends. */
  | { readonly kind: 'link-cut'; readonly link: string }
  /** Carrier stays, packets vanish. `a-to-b` loses only what end a sends. */
  | { readonly kind: 'silent-loss'; readonly link: string; readonly direction: 'both' | 'a-to-b' | 'b-to-a' }
  /** Down and up again, `times` times. */
  | {
      readonly kind: 'link-flap';
      readonly link: string;
      readonly downMs: number;
      readonly upMs: number;
      readonly times: number;
    }
  /**
   * Carrier stays; what one end sends is late, unevenly late or lost by chance: containerlab's `tools netem set` at that end.
   * `lossPercent` 0 to 100.
   */
  | {
      readonly kind: 'link-impaired';
      readonly link: string;
      readonly direction: 'a-to-b' | 'b-to-a';
      readonly delayMs: number;
      readonly jitterMs: number;
      readonly lossPercent: number;
    }
  /** Every link of the node loses everything silently: power off behind a media converter. */
  | { readonly kind: 'node-silent'; readonly node: string }
  /** The container stops: switch or Kubernetes node; links lose carrier. */
  | { readonly kind: 'node-stopped'; readonly node: string }
  /** MetalLB's speaker on a Kubernetes node, or the BGP process of a switch, dies (SIGKILL) and is restarted by its supervisor. */
  | { readonly kind: 'speaker-killed'; readonly node: string }
  /** The same process ends in good order (SIGTERM): its peers get a NOTIFICATION Cease (RFC 4486). Its supervisor restarts it. */
  | { readonly kind: 'speaker-terminated'; readonly node: string }
  /**
   * The same process stands still (SIGSTOP): its kernel keeps its connections, BFD is another process and stays up, what it
   * had put into forwarding stays there. It says and hears nothing until it is healed (SIGCONT).
   */
  | { readonly kind: 'speaker-frozen'; readonly node: string }
  /** One pod dies; its ReplicaSet makes another. */
  | {
      readonly kind: 'pod-killed';
      readonly cluster: string;
      readonly namespace: string;
      readonly pod: string;
    };

/** Stable name of a fault, the same for the same fault: "link-cut LEAF-DC-1:e1-1 SPINE-DC-1:e1-1". */
export function faultId(fault: Fault): string {
  switch (fault.kind) {
    case 'link-cut':
    case 'link-flap':
      return `${fault.kind} ${fault.link}`;
    case 'silent-loss':
    case 'link-impaired':
      return `${fault.kind} ${fault.link} ${fault.direction}`;
    case 'node-silent':
    case 'node-stopped':
    case 'speaker-killed':
    case 'speaker-terminated':
    case 'speaker-frozen':
      return `${fault.kind} ${fault.node}`;
    case 'pod-killed':
      return `${fault.kind} ${fault.cluster}/${fault.namespace}/${fault.pod}`;
  }
}

export type LinkImpaired = Extract<Fault, { readonly kind: 'link-impaired' }>;

export type SpeakerFault = Extract<Fault, { readonly kind: `speaker-${string}` }>;

/** Something is done to a BGP process. */
export function isSpeakerFault(fault: Fault): fault is SpeakerFault {
  return (
    fault.kind === 'speaker-killed' || fault.kind === 'speaker-terminated' || fault.kind === 'speaker-frozen'
  );
}

/** A supervisor restarts a process that ended, a ReplicaSet replaces a pod: nothing is left to heal. */
export function healsItself(fault: Fault): boolean {
  return (
    fault.kind === 'speaker-killed' || fault.kind === 'speaker-terminated' || fault.kind === 'pod-killed'
  );
}

export type ActiveFault = {
  readonly id: string;
  readonly fault: Fault;
  /** Lab time in milliseconds. */
  readonly since: number;
  /** The event that reported it. */
  readonly event: number;
};
