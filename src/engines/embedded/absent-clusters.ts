import type { CreateClusters } from './cluster-port.ts';

/** A lab without its Kubernetes side. */
export const createClusters: CreateClusters = world => ({
  perform: (action, finished) => {
    world.schedule(500, () =>
      finished(action.type === 'create-network' ? undefined : 'clusters are not there yet'),
    );
  },
  isDone: () => false,
  realDuration: () => undefined,
  speakers: () => [],
  states: () =>
    world.lab.clusters.map(({ name }) => ({
      name,
      state: 'absent',
      nodes: [],
      pods: [],
      services: [],
      announcements: [],
    })),
  traffic: () => ({
    on: false,
    clients: [],
    rate: 0,
    totals: { sent: 0, answered: 0, lost: 0, reset: 0 },
    samples: [],
    byLeaf: [],
    bySpine: [],
    byNode: [],
    byPod: [],
    recent: [],
  }),
  setTraffic: () => ({ outcome: 'refused', because: 'there are no clients yet', nextSteps: [] }),
  canBreak: () => ({ outcome: 'refused', because: 'there are no clusters yet', nextSteps: [] }),
  break: () => {},
  heal: () => {},
  flows: () => [],
});
