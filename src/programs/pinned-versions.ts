/** The versions of other people's tools that the real lab is written for: the only copy. The doctor compares them with what it finds. */
export const pinned = {
  /** 0.78 made `deploy` idempotent; 0.81 is the newest whose notes were read. */
  containerlab: { oldest: '0.78.0', newest: '0.81' },
  /** Node images of Kubernetes 1.36 and later need kind 0.32 to be loaded with images. */
  kind: { oldest: '0.32.0', newest: '0.33' },
  /** `wait --for=jsonpath` without a value came with 1.31. */
  kubectl: { oldest: '1.31.0', newest: '1.38' },
  /** Docker 20.10. */
  dockerApi: { oldest: '1.41' },
} as const;

/** Kubernetes from this version on does not start on cgroup v1. */
export const CGROUP_V2_SINCE = '1.35';

/** Less than zero when `one` is the older. Only numbers count: "1.32.4-dispatcher" is 1.32.4. */
export function compareVersions(one: string, other: string): number {
  const parts = (text: string) => (/^v?(\d+(?:\.\d+)*)/.exec(text)?.[1] ?? '0').split('.').map(Number);
  const [left, right] = [parts(one), parts(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version is of the newest line that is known, or older: "0.81.3" is of "0.81". */
export function isKnown(version: string, newest: string): boolean {
  const length = newest.split('.').length;
  return compareVersions(version.split('.').slice(0, length).join('.'), newest) <= 0;
}
