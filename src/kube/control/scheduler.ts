import type { Node, Pod, PodSpec, Taint } from '../objects.ts';
import { conditionOf, isDeleting, withCondition } from '../pod.ts';
import { expressionMatches, labelsMatch, selectorMatches } from '../selector.ts';
import { type Control, note } from './control-plane.ts';
import { podFact } from './deletion.ts';

/** Binds every pending pod to a node: filters first, then the node with the fewest of its siblings, then the fewest pods. */
export function schedulePods(control: Control): void {
  for (const pod of control.store.list('Pod')) {
    if (pod.spec.nodeName !== undefined || isDeleting(pod)) continue;
    const refusals: Refusals = new Map();
    const nodes = control.store.list('Node');
    const fitting = nodes.filter(node => fits(control, pod, node, refusals));
    const chosen = leastLoaded(control, pod, fitting);
    if (chosen === undefined) refuse(control, pod, nodes.length, refusals);
    else bind(control, pod, chosen);
  }
}

/** Whether a toleration of the pod covers the taint. */
export function tolerates(spec: PodSpec, taint: Taint): boolean {
  return (spec.tolerations ?? []).some(
    toleration =>
      (toleration.key === undefined || toleration.key === taint.key) &&
      (toleration.effect === undefined || toleration.effect === taint.effect) &&
      (toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '')),
  );
}

/** nodeSelector and required node affinity. */
export function nodeAccepts(spec: PodSpec, node: Node): boolean {
  const { labels } = node.metadata;
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    labelsMatch(spec.nodeSelector ?? {}, labels) &&
    (terms === undefined ||
      terms.some(term =>
        (term.matchExpressions ?? []).every(({ key, operator, values }) =>
          expressionMatches(key, operator, values ?? [], labels),
        ),
      ))
  );
}

/** Reason in the scheduler's words → how many nodes said so. */
type Refusals = Map<string, number>;

function fits(control: Control, pod: Pod, node: Node, refusals: Refusals): boolean {
  const refusal = refusalOf(control, pod, node);
  if (refusal === undefined) return true;
  refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
  return false;
}

function refusalOf(control: Control, pod: Pod, node: Node): string | undefined {
  if (node.spec.unschedulable === true) return 'node(s) were unschedulable';
  const taint = (node.spec.taints ?? []).find(
    each => each.effect !== 'PreferNoSchedule' && !tolerates(pod.spec, each),
  );
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (!nodeAccepts(pod.spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  if (hostPortTaken(control, pod, node)) {
    return "node(s) didn't have free ports for the requested pod ports";
  }
  if (wouldSkew(control, pod, node)) return "node(s) didn't match pod topology spread constraints";
  return undefined;
}

function hostPortTaken(control: Control, pod: Pod, node: Node): boolean {
  const wanted = hostPorts(pod);
  return (
    wanted.length > 0 &&
    podsOn(control, node).some(other => hostPorts(other).some(port => wanted.includes(port)))
  );
}

function hostPorts(pod: Pod): number[] {
  return pod.spec.containers
    .flatMap(container => container.ports ?? [])
    .flatMap(port => {
      const host = pod.spec.hostNetwork === true ? port.containerPort : port.hostPort;
      return host === undefined ? [] : [host];
    });
}

/** DoNotSchedule constraints over any node label. */
function wouldSkew(control: Control, pod: Pod, node: Node): boolean {
  const constraints = (pod.spec.topologySpreadConstraints ?? []).filter(
    constraint => constraint.whenUnsatisfiable === 'DoNotSchedule',
  );
  if (constraints.length === 0) return false;
  return constraints.some(({ topologyKey, labelSelector, maxSkew }) => {
    const domain = node.metadata.labels?.[topologyKey];
    if (domain === undefined) return true;
    const counts = new Map<string, number>();
    for (const each of control.store.list('Node')) {
      const name = each.metadata.labels?.[topologyKey];
      if (name === undefined || !nodeAccepts(pod.spec, each)) continue;
      const matching = podsOn(control, each).filter(
        other =>
          other.metadata.namespace === pod.metadata.namespace &&
          !isDeleting(other) &&
          selectorMatches(labelSelector, other.metadata.labels),
      ).length;
      counts.set(name, (counts.get(name) ?? 0) + matching);
    }
    const fewest = Math.min(...counts.values());
    return (counts.get(domain) ?? 0) + 1 - fewest > maxSkew;
  });
}

/** A stand-in for the scheduler's scores: spreading of siblings first, then few pods; the first node wins a tie. */
function leastLoaded(control: Control, pod: Pod, nodes: readonly Node[]): Node | undefined {
  const owner = pod.metadata.ownerReferences?.[0]?.uid;
  let best: Node | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const there = podsOn(control, node).filter(other => !isDeleting(other));
    const siblings = there.filter(other => other.metadata.ownerReferences?.[0]?.uid === owner).length;
    const load = siblings * 1_000 + there.length;
    if (load < least) {
      least = load;
      best = node;
    }
  }
  return best;
}

function podsOn(control: Control, node: Node): Pod[] {
  return control.store.list('Pod').filter(pod => pod.spec.nodeName === node.metadata.name);
}

function bind(control: Control, pod: Pod, node: Node): void {
  const bound = control.store.replace<Pod>({
    ...pod,
    spec: { ...pod.spec, nodeName: node.metadata.name },
    status: {
      ...pod.status,
      conditions: withCondition(pod.status.conditions, { type: 'PodScheduled', status: 'True' }, control.now),
    },
  });
  const id = `${pod.metadata.namespace}/${pod.metadata.name}`;
  note(
    control,
    bound,
    'Normal',
    'Scheduled',
    `Successfully assigned ${id} to ${node.metadata.name}`,
    'default-scheduler',
  );
  control.report({ type: 'pod-scheduled', ...podFact(control, bound) });
}

function refuse(control: Control, pod: Pod, nodes: number, refusals: Refusals): void {
  const reasons = [...refusals].map(([reason, count]) => `${count} ${reason}`).sort();
  const message = `0/${nodes} nodes are available: ${reasons.join(', ')}.`;
  const before = conditionOf(pod.status.conditions, 'PodScheduled');
  if (before?.message === message) return;
  control.store.replace<Pod>({
    ...pod,
    status: {
      ...pod.status,
      conditions: withCondition(
        pod.status.conditions,
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
        control.now,
      ),
    },
  });
  note(control, pod, 'Warning', 'FailedScheduling', message, 'default-scheduler');
}
