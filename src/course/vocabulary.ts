import type { Lab } from '../lab/lab.ts';

/** The names that a lesson may use: everything a lab's files define. */
export type Vocabulary = {
  readonly switches: readonly string[];
  /** Every container or Kubernetes node. */
  readonly nodes: readonly string[];
  /** Switch → its network-instances. */
  readonly instances: ReadonlyMap<string, readonly string[]>;
  /** Link ids. */
  readonly links: readonly string[];
  readonly clusters: readonly string[];
  readonly stages: readonly string[];
  /** The names of the lab scaled out, for lessons that want it; without one, they get this lab. */
  readonly scaledOut?: Vocabulary | undefined;
};

export function vocabularyOf(lab: Lab): Vocabulary {
  const switches = lab.nodes.filter(node => node.kind === 'switch');
  const names: Vocabulary = {
    switches: switches.map(node => node.name),
    nodes: lab.nodes.map(node => node.name),
    instances: new Map(
      switches.map(node => [node.name, node.config.networkInstances.map(instance => instance.name)]),
    ),
    links: lab.links.map(link => link.id),
    clusters: lab.clusters.map(cluster => cluster.name),
    stages: lab.stages.map(stage => stage.id),
  };
  if (!('scaledOut' in lab)) return names;
  // Asked for by lessons of that lab only: it is read from files then.
  return Object.defineProperty(names, 'scaledOut', {
    enumerable: true,
    get: () => lab.scaledOut && vocabularyOf(lab.scaledOut),
  });
}
