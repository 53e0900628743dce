import type { DockerContainer, DockerNetwork } from '../../../programs/docker.ts';
import { LAB_LABEL } from '../build/step-commands.ts';
import { type Ledger, type LedgerThing, thingNamed } from '../ledger.ts';

/** What Docker has of what the lab names. */
export type Found = {
  /** Containers that containerlab says are of a lab with this name. */
  readonly fabric: readonly DockerContainer[];
  /** By cluster name: containers that kind says are its nodes. */
  readonly clusters: ReadonlyMap<string, readonly DockerContainer[]>;
  readonly network: DockerNetwork | undefined;
  /** Named network namespaces of this machine: containerlab parks a stopped node's cables in one, and forgets it. */
  readonly namespaces: readonly string[];
};

export type ClearPlan = {
  readonly removals: readonly Removal[];
  /** What stays, and why. */
  readonly left: readonly string[];
};

/** A lab's name and its clusters, kubeconfigs from the root of this machine. */
export type ClearedLab = {
  readonly name: string;
  readonly clusters: readonly { readonly name: string; readonly kubeconfig: string }[];
};

/** In the order in which they are removed. */
export type Removal =
  /** All containers of the lab, with their links and the lab's folder. */
  | { readonly type: 'fabric'; readonly topology: string; readonly containers: readonly string[] }
  /** Single containers, where others of the same lab's name are not ours. */
  | { readonly type: 'container'; readonly name: string; readonly id: string }
  | {
      readonly type: 'cluster';
      readonly name: string;
      readonly kubeconfig: string;
      readonly containers: readonly string[];
    }
  | { readonly type: 'namespace'; readonly name: string }
  | { readonly type: 'network'; readonly name: string; readonly id: string };

const PARK = 'clab-park-';

/**
 * What clearing removes: what the ledger says the lab made, and what carries its label. What was there before the lab stays, unless
 * `adoptedToo`. `topology` is the lab's, from the root of this machine.
 */
export function clearPlan(
  lab: ClearedLab,
  topology: string,
  ledger: Ledger,
  found: Found,
  adoptedToo = false,
): ClearPlan {
  const removals: Removal[] = [];
  const left: string[] = [];
  const ours = (thing: LedgerThing | undefined, otherwise: boolean) =>
    thing === undefined ? otherwise || adoptedToo : thing.own !== 'adopted' || adoptedToo;

  const fabric = fabricRemovals(lab, topology, ledger, found, ours);
  removals.push(...fabric.removals);
  left.push(...fabric.left);

  const going = new Set([...removals.flatMap(namesOf), ...madeContainers(ledger, topology)]);
  for (const name of found.namespaces)
    if (name.startsWith(PARK) && going.has(name.slice(PARK.length)))
      removals.push({ type: 'namespace', name });

  for (const { name, kubeconfig } of clustersOf(lab, ledger)) {
    const nodes = found.clusters.get(name) ?? [];
    const thing = thingNamed(ledger, 'cluster', name);
    // A cluster that has no ledger carries no mark of whose it is.
    if (nodes.length === 0 && (thing === undefined || thing.own === 'adopted')) continue;
    if (ours(thing, false))
      removals.push({ type: 'cluster', name, kubeconfig, containers: nodes.map(one => one.name) });
    else
      left.push(
        `the kind cluster ${name}: it was there before this lab, or nothing is written down about it (kind delete cluster --name ${name} removes it)`,
      );
  }

  const { network } = found;
  if (network !== undefined) {
    const thing = thingNamed(ledger, 'network', network.name);
    const labelled = network.labels[LAB_LABEL] === lab.name;
    const known = thing?.type === 'network' && (thing.id === undefined || thing.id === network.id);
    const removed = new Set(removals.flatMap(namesOf));
    const staying = network.containers.filter(name => !removed.has(name));
    if (!ours(known ? thing : undefined, labelled))
      left.push(`the Docker network ${network.name}: it was there before this lab`);
    else if (staying.length > 0)
      left.push(
        `the Docker network ${network.name}: ${staying.join(', ')} still ${staying.length === 1 ? 'uses' : 'use'} it`,
      );
    else removals.push({ type: 'network', name: network.name, id: network.id });
  }

  const images = ledger.things.filter(({ type }) => type === 'image').length;
  if (images > 0)
    left.push(
      `${images === 1 ? 'an image that was' : `${images} images that were`} pulled: the next start needs them again (docker image prune -a removes what nothing uses)`,
    );
  return { removals, left };
}

function fabricRemovals(
  lab: ClearedLab,
  topology: string,
  ledger: Ledger,
  { fabric }: Found,
  ours: (thing: LedgerThing | undefined, otherwise: boolean) => boolean,
): ClearPlan {
  const thing = thingNamed(ledger, 'fabric', topology);
  // Cut off before its first container, it may have left a folder.
  if (fabric.length === 0)
    return {
      removals:
        thing !== undefined && thing.own !== 'adopted' ? [{ type: 'fabric', topology, containers: [] }] : [],
      left: [],
    };
  const made = new Set(thing?.type === 'fabric' ? thing.containers.map(({ id }) => id) : []);
  const ofThisTopology = (one: DockerContainer) =>
    made.has(one.id) || one.labels['clab-topo-file'] === topology;
  const own = fabric.filter(ofThisTopology);
  const foreign = fabric.filter(one => !ofThisTopology(one));
  const left = foreign.map(
    one =>
      `the container ${one.name}: a lab ${lab.name} of another topology, ${one.labels['clab-topo-file']}`,
  );
  if (own.length === 0) return { removals: [], left };
  if (!ours(thing, true))
    return {
      removals: [],
      left: [
        ...left,
        `the switches ${own.map(({ name }) => name).join(', ')}: they ran before this lab was started (containerlab destroy -t ${topology} removes them)`,
      ],
    };
  // containerlab removes all that carries the lab's name: with a stranger among them, ours go one by one.
  if (foreign.length > 0)
    return { removals: own.map(({ name, id }) => ({ type: 'container', name, id })), left };
  return { removals: [{ type: 'fabric', topology, containers: own.map(({ name }) => name) }], left };
}

/** The lab's clusters, and those that it made when its files named others. */
function clustersOf(
  lab: ClearedLab,
  ledger: Ledger,
): { readonly name: string; readonly kubeconfig: string }[] {
  const noted = ledger.things.flatMap(thing => (thing.type === 'cluster' ? [thing] : []));
  const named = lab.clusters.filter(({ name }) => !noted.some(thing => thing.name === name));
  return [...noted, ...named].map(({ name, kubeconfig }) => ({ name, kubeconfig }));
}

/** Of the fabric, where it is ours to remove. */
function madeContainers(ledger: Ledger, topology: string): string[] {
  const thing = thingNamed(ledger, 'fabric', topology);
  return thing?.type === 'fabric' && thing.own !== 'adopted' ? thing.containers.map(({ name }) => name) : [];
}

function namesOf(removal: Removal): readonly string[] {
  if (removal.type === 'container') return [removal.name];
  return 'containers' in removal ? removal.containers : [];
}
