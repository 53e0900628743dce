import type { Lab } from '../lab/lab.ts';

/** Where a cluster's API server is published on the learner's machine; kind takes any free port. */
export function apiPortOf(lab: Lab, cluster: string): number {
  return (
    6443 +
    Math.max(
      0,
      lab.clusters.findIndex(({ name }) => name === cluster),
    )
  );
}
