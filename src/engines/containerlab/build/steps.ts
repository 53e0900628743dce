import type { Attachment, Lab, LabCluster, LabResource } from '../../../lab/lab.ts';
import { type StageId, stagesUpTo, type TaskPlan } from '../../../lab/stage.ts';
import type { Ipv4Prefix } from '../../../net/prefix.ts';
import type { Endpoint } from '../../../programs/containerlab.ts';
import { fabricEnds, joinOf } from './link-ends.ts';
import { type Wait, waitsOf } from './waits.ts';

/** One thing that the build makes on this machine. Finer than a stage's task: images are pulled while clusters boot. */
export type Step = {
  /** "pull alpine:3.22", "cable datacenter-worker:e1-1". */
  readonly id: string;
  /** The first stage that needs it. */
  readonly stage: StageId;
  /** The tasks of Lab.stages that it is a part of. */
  readonly tasks: readonly string[];
  readonly title: string;
  /** Steps that must be done first. */
  readonly needs: readonly string[];
  readonly work: StepWork;
  /** After that long it has failed. */
  readonly limitSeconds: number;
};

export type StepWork =
  | { readonly type: 'network'; readonly name: string; readonly prefix: Ipv4Prefix }
  | { readonly type: 'pull'; readonly image: string }
  | {
      readonly type: 'fabric';
      readonly containers: readonly string[];
      /** Of every fabric link. */
      readonly ends: readonly Endpoint[];
    }
  | { readonly type: 'cluster'; readonly cluster: LabCluster; readonly nodes: readonly string[] }
  | {
      readonly type: 'load';
      readonly image: string;
      readonly cluster: string;
      readonly nodes: readonly string[];
    }
  | { readonly type: 'cable'; readonly node: Endpoint; readonly switchPort: Endpoint }
  | { readonly type: 'port'; readonly node: string; readonly attachment: Attachment }
  | {
      readonly type: 'apply';
      readonly cluster: LabCluster;
      readonly resource: LabResource;
      readonly waits: readonly Wait[];
    };

/** The whole build of a lab, in an order that respects `needs`. */
export function stepsOf(lab: Lab): Step[] {
  const steps: Step[] = [];
  const add = (step: Step) => {
    steps.push(step);
    return step.id;
  };
  const task = (wanted: TaskPlan['action']): TaskPlan | undefined =>
    lab.stages
      .flatMap(({ tasks }) => tasks)
      .find(({ action }) => JSON.stringify(action) === JSON.stringify(wanted));
  const part = (wanted: TaskPlan['action'], title?: string) => {
    const plan = task(wanted);
    return { tasks: plan === undefined ? [] : [plan.id], title: title ?? plan?.title ?? wanted.type };
  };

  const network = add({
    id: 'network',
    stage: 'network',
    ...part({ type: 'create-network' }),
    needs: [],
    work: { type: 'network', ...lab.network },
    limitSeconds: 60,
  });
  const pulls = pullSteps(lab, task);
  const pulled = (image: string) => `pull ${image}`;
  for (const step of pulls) add(step);

  const inTopology = topologyContainers(lab);
  const realClusters = lab.clusters.filter(({ nodes }) => nodes === 'kind');
  const fabric = add({
    id: 'fabric',
    stage: 'fabric',
    ...part({ type: 'deploy-fabric' }),
    needs: [network, ...unique(inTopology.map(({ image }) => pulled(image)))],
    work: {
      type: 'fabric',
      containers: inTopology.map(({ name }) => name),
      ends: fabricEnds(lab),
    },
    limitSeconds: 600,
  });

  const made = new Map<string, string>();
  for (const cluster of realClusters)
    made.set(
      cluster.name,
      add({
        id: `cluster ${cluster.name}`,
        stage: 'clusters',
        ...part({ type: 'create-cluster', cluster: cluster.name }),
        needs: [network, pulled(cluster.image)],
        work: { type: 'cluster', cluster, nodes: nodesOf(lab, cluster.name) },
        limitSeconds: 900,
      }),
    );
  // A cluster of the topology's containers comes with the fabric.
  const clusterStep = (name: string) => made.get(name) ?? fabric;

  const loads = realClusters.flatMap(({ name, imagesToLoad }) =>
    imagesToLoad.map(image =>
      add({
        id: `load ${image} into ${name}`,
        stage: 'images',
        ...part({ type: 'load-image', cluster: name, image }),
        needs: [pulled(image), clusterStep(name)],
        work: { type: 'load', image, cluster: name, nodes: nodesOf(lab, name) },
        limitSeconds: 600,
      }),
    ),
  );

  const ports = lab.links
    .filter(({ role }) => role === 'join')
    .flatMap(link => {
      const join = joinOf(lab, link);
      if (join === undefined) return [];
      const { tasks, title } = part({ type: 'join', link: link.id });
      const end = `${join.node.container}:${join.node.device}`;
      const cable = add({
        id: `cable ${end}`,
        stage: 'links',
        tasks,
        title: `${title}: the cable`,
        needs: unique([fabric, clusterStep(join.cluster)]),
        work: { type: 'cable', node: join.node, switchPort: join.switchPort },
        limitSeconds: 120,
      });
      const port = add({
        id: `port ${end}`,
        stage: 'links',
        tasks,
        title: `${title}: the node’s port`,
        needs: [cable],
        work: { type: 'port', node: join.node.container, attachment: join.attachment },
        limitSeconds: 60,
      });
      return [port];
    });

  const perStage = applySteps(lab, part);
  let before: readonly string[] = [...loads, ...ports];
  for (const stage of perStage) {
    // In order: what a manifest holds may need what the one before it made.
    let previous: readonly string[] = before;
    for (const step of stage) {
      const cluster = step.work.type === 'apply' ? [clusterStep(step.work.cluster.name)] : [];
      previous = [add({ ...step, needs: unique([...cluster, ...previous]) })];
    }
    before = previous;
  }
  return steps;
}

/** The steps of a stage and of all that it needs; undefined for an unknown stage. */
export function stepsUpTo(lab: Lab, stage: StageId): Step[] | undefined {
  const stages = stagesUpTo(lab.stages, stage);
  if (stages === undefined) return undefined;
  return stepsOf(lab).filter(step => stages.includes(step.stage));
}

/** All that containerlab makes: switches, other containers, nodes of clusters that are no kind clusters. */
function topologyContainers(lab: Lab): { readonly name: string; readonly image: string }[] {
  return lab.nodes.flatMap(node => {
    if (node.kind !== 'cluster-node') return [{ name: node.containerName, image: node.image }];
    return node.container === undefined ? [] : [node.container];
  });
}

/** Every image once, in the stage that wants it first. */
function pullSteps(lab: Lab, task: (wanted: TaskPlan['action']) => TaskPlan | undefined): Step[] {
  const wanted = new Map<string, { stage: StageId; tasks: string[] }>();
  const want = (image: string, stage: StageId, action: TaskPlan['action']) => {
    const known = wanted.get(image) ?? { stage, tasks: [] };
    const id = task(action)?.id;
    if (id !== undefined && !known.tasks.includes(id)) known.tasks.push(id);
    wanted.set(image, known);
  };
  const clusters = lab.clusters.filter(({ nodes }) => nodes === 'kind');
  for (const { image } of topologyContainers(lab)) want(image, 'fabric', { type: 'deploy-fabric' });
  for (const { name, image } of clusters) want(image, 'clusters', { type: 'create-cluster', cluster: name });
  for (const { name, imagesToLoad } of clusters)
    for (const image of imagesToLoad) want(image, 'images', { type: 'load-image', cluster: name, image });
  return [...wanted].map(([image, { stage, tasks }]) => ({
    id: `pull ${image}`,
    stage,
    tasks,
    title: `The image ${image}`,
    needs: [],
    work: { type: 'pull', image },
    limitSeconds: 3600,
  }));
}

function applySteps(lab: Lab, part: (wanted: TaskPlan['action']) => Pick<Step, 'tasks' | 'title'>): Step[][] {
  const stages = new Map<StageId, Step[]>();
  for (const cluster of lab.clusters.filter(({ nodes }) => nodes === 'kind'))
    for (const resource of cluster.resources) {
      const own = stages.get(resource.stage) ?? [];
      const waits = waitsOf(resource);
      own.push({
        id: `apply ${resource.file} in ${cluster.name}`,
        stage: resource.stage,
        ...part({ type: 'apply', cluster: cluster.name, file: resource.file }),
        needs: [],
        work: { type: 'apply', cluster, resource, waits },
        limitSeconds: 120 + waits.reduce((sum, { seconds }) => sum + seconds, 0),
      });
      stages.set(resource.stage, own);
    }
  return [...stages.values()];
}

function nodesOf(lab: Lab, cluster: string): string[] {
  return lab.nodes.flatMap(node =>
    node.kind === 'cluster-node' && node.cluster === cluster ? [node.name] : [],
  );
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
