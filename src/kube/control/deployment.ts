import type { Deployment, PodTemplate, ReplicaSet } from '../objects.ts';
import { templateHash } from '../pod-names.ts';
import { type Control, note, ownedBy, ownerReference, putStatus } from './control-plane.ts';

const HASH_LABEL = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** Keeps one ReplicaSet per template and moves replicas from the old to the new within maxSurge and maxUnavailable. */
export function reconcileDeployments(control: Control): void {
  for (const deployment of control.store.list('Deployment')) {
    if (deployment.spec.paused !== true) roll(control, deployment);
    updateStatus(control, deployment);
  }
}

/** The ReplicaSets of a deployment, newest revision first. */
export function replicaSetsOf(control: Pick<Control, 'store'>, deployment: Deployment): ReplicaSet[] {
  return control.store
    .list('ReplicaSet', deployment.metadata.namespace)
    .filter(set => ownedBy(set, deployment))
    .sort((a, b) => revisionOf(b) - revisionOf(a));
}

function roll(control: Control, deployment: Deployment): void {
  const { newest, old } = currentSets(control, deployment);
  const wanted = deployment.spec.replicas;
  const running = old.filter(set => set.spec.replicas > 0 || set.status.replicas > 0);
  if (deployment.spec.strategy.type === 'Recreate') {
    for (const set of old) scale(control, deployment, set, 0);
    if (running.every(set => set.status.replicas === 0)) scale(control, deployment, newest, wanted);
    return;
  }
  const { surge, unavailable } = limits(deployment);
  const total = [newest, ...old].reduce((sum, set) => sum + set.spec.replicas, 0);
  if (running.length === 0) {
    scale(control, deployment, newest, wanted);
    return;
  }
  if (newest.spec.replicas < wanted) {
    const room = wanted + surge - total;
    if (room > 0) scale(control, deployment, newest, Math.min(wanted, newest.spec.replicas + room));
  } else if (newest.spec.replicas > wanted) scale(control, deployment, newest, wanted);
  scaleOldDown(control, deployment, wanted - unavailable);
}

/** Unhealthy replicas of old sets go first, then healthy ones as far as the minimum allows. */
function scaleOldDown(control: Control, deployment: Deployment, minimum: number): void {
  const { newest, old } = currentSets(control, deployment);
  const all = [newest, ...old];
  const specified = all.reduce((sum, set) => sum + set.spec.replicas, 0);
  const newUnavailable = newest.spec.replicas - newest.status.availableReplicas;
  let spare = specified - minimum - newUnavailable;
  if (spare <= 0) return;
  for (const set of [...old].reverse()) {
    const unhealthy = Math.max(0, set.spec.replicas - set.status.availableReplicas);
    const remove = Math.min(spare, unhealthy);
    if (remove > 0) scale(control, deployment, set, set.spec.replicas - remove);
    spare -= remove;
  }
  let available = all.reduce((sum, set) => sum + set.status.availableReplicas, 0) - minimum;
  for (const before of [...old].reverse()) {
    const set = control.store.get('ReplicaSet', before.metadata.name, before.metadata.namespace);
    if (set === undefined || available <= 0) continue;
    const remove = Math.min(available, set.spec.replicas);
    if (remove > 0) scale(control, deployment, set, set.spec.replicas - remove);
    available -= remove;
  }
}

/** The ReplicaSet of the present template (made when missing) and all others. */
function currentSets(
  control: Control,
  deployment: Deployment,
): { readonly newest: ReplicaSet; readonly old: readonly ReplicaSet[] } {
  const sets = replicaSetsOf(control, deployment);
  const hash = templateHash(deployment.spec.template);
  let newest = sets.find(set => set.metadata.labels?.[HASH_LABEL] === hash);
  const latest = sets.reduce((most, set) => Math.max(most, revisionOf(set)), 0);
  if (newest === undefined) newest = createSet(control, deployment, hash, latest + 1);
  else if (revisionOf(newest) < latest) newest = setRevision(control, newest, latest + 1);
  const revision = String(revisionOf(newest));
  if (deployment.metadata.annotations?.[REVISION] !== revision) {
    control.store.replace({
      ...(control.store.get('Deployment', deployment.metadata.name, deployment.metadata.namespace) ??
        deployment),
      metadata: {
        ...deployment.metadata,
        annotations: { ...deployment.metadata.annotations, [REVISION]: revision },
      },
    });
  }
  const { uid } = newest.metadata;
  return { newest, old: sets.filter(set => set.metadata.uid !== uid) };
}

function createSet(control: Control, deployment: Deployment, hash: string, revision: number): ReplicaSet {
  const template: PodTemplate = {
    ...deployment.spec.template,
    metadata: {
      ...deployment.spec.template.metadata,
      labels: { ...deployment.spec.template.metadata?.labels, [HASH_LABEL]: hash },
    },
  };
  return control.store.create<ReplicaSet>(
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        namespace: deployment.metadata.namespace ?? 'default',
        labels: template.metadata?.labels ?? {},
        annotations: { [REVISION]: String(revision) },
        ownerReferences: [ownerReference(deployment)],
      },
      spec: {
        replicas: 0,
        selector: {
          ...deployment.spec.selector,
          matchLabels: { ...deployment.spec.selector.matchLabels, [HASH_LABEL]: hash },
        },
        template,
      },
      status: { observedGeneration: 1, replicas: 0, readyReplicas: 0, availableReplicas: 0 },
    },
    control.now,
  );
}

function setRevision(control: Control, set: ReplicaSet, revision: number): ReplicaSet {
  return control.store.replace({
    ...set,
    metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, [REVISION]: String(revision) } },
  });
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function scale(control: Control, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const before = set.spec.replicas;
  if (before === replicas) return;
  control.store.replace({ ...set, spec: { ...set.spec, replicas } });
  const direction = replicas > before ? 'up' : 'down';
  note(
    control,
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`,
    'deployment-controller',
  );
}

/** maxSurge rounds up, maxUnavailable rounds down; both zero would never end, so then one may be unavailable. */
function limits(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { replicas, strategy } = deployment.spec;
  const surge = countOf(strategy.rollingUpdate?.maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = countOf(strategy.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function countOf(value: number | string, of: number, round: (n: number) => number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((Number.parseInt(value, 10) * of) / 100) : Number.parseInt(value, 10);
}

function updateStatus(control: Control, before: Deployment): void {
  const deployment = control.store.get('Deployment', before.metadata.name, before.metadata.namespace);
  if (deployment === undefined) return;
  const sets = replicaSetsOf(control, deployment);
  const sum = (of: (set: ReplicaSet) => number) => sets.reduce((total, set) => total + of(set), 0);
  const hash = templateHash(deployment.spec.template);
  const newest = sets.find(set => set.metadata.labels?.[HASH_LABEL] === hash);
  const available = sum(set => set.status.availableReplicas);
  putStatus(control, deployment, {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas: sum(set => set.status.replicas),
    updatedReplicas: newest?.status.replicas ?? 0,
    readyReplicas: sum(set => set.status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, deployment.spec.replicas - available),
  });
}
