import type { KubeObject } from '../../../kube/objects.ts';
import { isReady, podStatusWord } from '../../../kube/pod.ts';
import type { ClusterNode, LabLink } from '../../../lab/lab.ts';
import type { ClusterAction } from '../cluster-port.ts';
import type { World } from '../world.ts';
import type { ClusterRun } from './cluster-run.ts';

/** Compressed lab time of the build's steps, and what they take for real. */
const NETWORK_TIME = 200;
const IMAGE_TIME = 350;
const JOIN_TIME = 150;
const APPLY_TIME = 150;
/** After that long without what was waited for, a task has failed. */
const READY_LIMIT = 120_000;

/** What the tasks of a build need of the clusters. */
export type Workshop = {
  readonly world: World;
  network: boolean;
  readonly runs: ReadonlyMap<string, ClusterRun>;
  /** Files applied by the build, by cluster. */
  readonly applied: Set<string>;
  createCluster(name: string): ClusterRun;
};

export function isDone(shop: Workshop, action: ClusterAction): boolean {
  switch (action.type) {
    case 'create-network':
      return shop.network;
    case 'create-cluster':
      return shop.runs.get(action.cluster)?.settled === true;
    case 'load-image':
      return shop.runs.get(action.cluster)?.cluster.hasImage(action.image) === true;
    case 'join':
      return shop.world.wires.has(action.link);
    case 'apply':
      return (
        shop.applied.has(`${action.cluster} ${action.file}`) &&
        shop.runs.get(action.cluster)?.settled === true
      );
  }
}

export function isUndone(shop: Workshop, action: ClusterAction): boolean {
  switch (action.type) {
    case 'create-network':
      return !shop.network;
    case 'join':
      return !shop.world.wires.has(action.link);
    default:
      return !shop.runs.has(action.cluster);
  }
}

export function realDuration(action: ClusterAction): string | undefined {
  switch (action.type) {
    case 'create-network':
      return undefined;
    case 'create-cluster':
      return '1–2 min';
    case 'load-image':
      return 'some seconds per image; minutes where it must be pulled first';
    case 'join':
      return 'a second';
    case 'apply':
      return '10–60 s until everything is ready';
  }
}

export function perform(shop: Workshop, action: ClusterAction, finished: (failure?: string) => void): void {
  const { world } = shop;
  if (isDone(shop, action)) {
    world.schedule(0, () => finished());
    return;
  }
  switch (action.type) {
    case 'create-network':
      world.schedule(NETWORK_TIME, () => {
        shop.network = true;
        finished();
      });
      return;
    case 'create-cluster': {
      const run = shop.runs.get(action.cluster) ?? shop.createCluster(action.cluster);
      waitUntilSettled(run, finished);
      return;
    }
    case 'load-image':
      withCluster(shop, action.cluster, finished, run => {
        world.schedule(IMAGE_TIME, () => {
          run.cluster.loadImage(action.image);
          run.reconcile();
          finished();
        });
      });
      return;
    case 'join':
      world.schedule(JOIN_TIME, () => finished(join(shop, action.link)));
      return;
    case 'apply':
      withCluster(shop, action.cluster, finished, run => {
        world.schedule(APPLY_TIME, () => apply(shop, run, action.file, finished));
      });
  }
}

function withCluster(
  shop: Workshop,
  name: string,
  finished: (failure?: string) => void,
  act: (run: ClusterRun) => void,
): void {
  const run = shop.runs.get(name);
  if (run === undefined) finished(`cluster ${name} does not exist yet`);
  else act(run);
}

/** The veth pair, then what `docker exec … ip …` does at the node's end. */
function join(shop: Workshop, id: string): string | undefined {
  const { world } = shop;
  const link = world.lab.links.find(each => each.id === id);
  const end = link === undefined ? undefined : nodeEnd(world, link);
  if (link === undefined || end === undefined) return `there is no link "${id}" to a cluster node`;
  const run = shop.runs.get(end.node.cluster);
  const device = run?.nodes.get(end.node.name);
  const attachment = end.node.attachments.find(each => each.port === end.port);
  if (run === undefined || device === undefined) return `${end.node.name} does not exist yet`;
  if (attachment === undefined) return `${end.node.name} has no configuration for ${end.port}`;
  const far = link.a.node === end.node.name ? link.b : link.a;
  if (!world.device(far.node)?.ports.has(far.port)) return `${far.node} has no interface ${far.port} yet`;
  device.attach(attachment);
  world.plug(link);
  device.updateRoutes();
  device.announceAll();
  world.nameAddress(attachment.address.slice(0, attachment.address.indexOf('/')), device);
  run.reconcile();
  return undefined;
}

function nodeEnd(
  world: World,
  link: LabLink,
): { readonly node: ClusterNode; readonly port: string } | undefined {
  for (const { node: name, port } of [link.a, link.b]) {
    const node = world.lab.nodes.find(each => each.name === name);
    if (node?.kind === 'cluster-node') return { node, port };
  }
  return undefined;
}

function apply(shop: Workshop, run: ClusterRun, file: string, finished: (failure?: string) => void): void {
  const resource = run.definition.resources.find(each => each.file === file);
  if (resource === undefined) {
    finished(`${file} is no resource of cluster ${run.definition.name}`);
    return;
  }
  const refusal = applyAll(shop.world, run, resource.objects);
  run.reconcile();
  if (refusal !== undefined) {
    finished(`${file}: ${refusal}`);
    return;
  }
  shop.applied.add(`${run.definition.name} ${file}`);
  waitUntilSettled(run, finished);
}

/** Applies objects in order; the first refusal in words, undefined when all went well. */
function applyAll(world: World, run: ClusterRun, objects: readonly KubeObject[]): string | undefined {
  for (const object of objects) {
    const outcome = run.cluster.apply(object, world.now());
    if (outcome.outcome === 'refused') return outcome.message;
  }
  return undefined;
}

function waitUntilSettled(run: ClusterRun, finished: (failure?: string) => void): void {
  run.waitUntil(
    () => run.settled,
    READY_LIMIT,
    () => whatIsMissing(run),
    finished,
  );
}

/** What a person would look at: nodes and pods that are not ready, with their state. */
function whatIsMissing(run: ClusterRun): string {
  const { store } = run.cluster;
  const pods = store
    .list('Pod')
    .filter(pod => !isReady(pod))
    .map(pod => `pod ${pod.metadata.namespace}/${pod.metadata.name} is ${podStatusWord(pod)}`);
  const what = pods.length > 0 ? pods.slice(0, 3).join(', ') : 'not everything is ready';
  const more = pods.length > 3 ? ` and ${pods.length - 3} more` : '';
  return `after ${READY_LIMIT / 1000} s in cluster ${run.definition.name}: ${what}${more}`;
}
