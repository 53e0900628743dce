/** How long things take in the model, lab milliseconds. Where a real cluster takes longer, the comment says so. */

/** Sandbox, network and container of a pod whose image is on the node: a second or two, measured on kind; halved. */
export const containerStart = { least: 400, most: 1_100 };

/** A pull over the Internet takes minutes at worst: compressed. */
export const imagePull = 2_000;

/** The kubelet tries again: an image that is missing, a sandbox that failed. */
export const imageRetry = 10_000;
export const sandboxRetry = 2_000;

/** From the start of a process until it answers its readiness probe. */
export const processStart = 200;

/** From SIGTERM to the end of a process that handles it. */
export const processStop = 1_000;

/** `terminationGracePeriodSeconds` of a pod that sets none. */
export const defaultGracePeriodSeconds = 30;

/** The kubelet renews its lease this often; the node controller looks this often. */
export const nodeLeaseInterval = 10_000;
export const nodeMonitorPeriod = 5_000;

/** A restarted node: kubelet and container runtime come up. Tens of seconds on kind; compressed. */
export const nodeBoot = 3_000;
/** How much later workers of a new cluster join. */
export const nodeJoin = 1_500;

/** The default tolerations for unreachable and not-ready nodes (admission plugin DefaultTolerationSeconds). */
export const defaultTolerationSeconds = 300;

/** CrashLoopBackOff: the first restart is immediate, then the wait doubles up to five minutes; ten good minutes reset it. */
export const restartBackOff = { first: 10_000, most: 300_000, resetAfter: 600_000 };

/** The time without a lease after which a node is NotReady: 50 s from Kubernetes 1.32 on, 40 s before. */
export function nodeMonitorGracePeriod(kubeletVersion: string): number {
  const minor = /^v?1\.(\d+)/.exec(kubeletVersion)?.[1];
  return minor !== undefined && Number(minor) < 32 ? 40_000 : 50_000;
}
