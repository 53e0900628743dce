import type { Node, Pod } from '../kube/objects.ts';
import { isDeleting } from '../kube/pod.ts';
import { INTERRUPTED } from '../lab/exit-code.ts';
import { hasOption } from './arguments.ts';
import { notFound, typeCalled } from './resources.ts';
import type { Session } from './session.ts';

const LONGEST_DRAIN = 300_000;

/** `kubectl cordon|uncordon NODE`. */
export function cordon(session: Session, words: readonly string[], unschedulable: boolean): number {
  const node = nodeOf(session, words);
  if (typeof node === 'string') return session.fail(node);
  const word = unschedulable ? 'cordoned' : 'uncordoned';
  if ((node.spec.unschedulable === true) === unschedulable)
    session.out(`node/${node.metadata.name} already ${word}`);
  else {
    session.run.cluster.edit(node, live => ({
      ...live,
      spec: {
        ...(live.spec as object),
        ...(unschedulable ? { unschedulable } : { unschedulable: undefined }),
      },
    }));
    session.out(`node/${node.metadata.name} ${word}`);
    session.run.reconcile();
  }
  return 0;
}

/** `kubectl drain NODE --ignore-daemonsets`: cordons, evicts, waits until the pods are gone. */
export async function drain(session: Session, words: readonly string[]): Promise<number> {
  const node = nodeOf(session, words);
  if (typeof node === 'string') return session.fail(node);
  const { name } = node.metadata;
  cordon(session, words, true);
  const there = session.run.cluster.store.list('Pod').filter(pod => pod.spec.nodeName === name);
  const ofDaemonSets = there.filter(pod => ownerKind(pod) === 'DaemonSet');
  const bare = there.filter(pod => ownerKind(pod) === undefined && pod.metadata.namespace !== 'kube-system');
  const list = (pods: readonly Pod[]) =>
    pods.map(pod => `${pod.metadata.namespace}/${pod.metadata.name}`).join(', ');
  const refusals = [
    ...(ofDaemonSets.length > 0 && !hasOption(session.args, 'ignore-daemonsets')
      ? [`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${list(ofDaemonSets)}`]
      : []),
    ...(bare.length > 0 && !hasOption(session.args, 'force')
      ? [`cannot delete Pods that declare no controller (use --force to override): ${list(bare)}`]
      : []),
  ];
  if (refusals.length > 0)
    return session.fail(
      `error: unable to drain node "${name}" due to error: ${refusals.join(', ')}, continuing command...\nThere are pending nodes to be drained:\n ${name}\n${refusals.join('\n')}`,
    );
  if (ofDaemonSets.length > 0) session.err(`Warning: ignoring DaemonSet-managed Pods: ${list(ofDaemonSets)}`);
  const leaving = there
    .filter(pod => ownerKind(pod) === 'ReplicaSet' || bare.includes(pod))
    .filter(pod => !isDeleting(pod));
  for (const pod of leaving) {
    session.out(`evicting pod ${pod.metadata.namespace}/${pod.metadata.name}`);
    session.run.cluster.delete(pod, session.now());
  }
  session.run.reconcile();
  const waiting = new Map(leaving.map(pod => [pod.metadata.uid, pod]));
  const until = session.now() + LONGEST_DRAIN;
  while (waiting.size > 0) {
    if (!(await session.wait(50))) return INTERRUPTED;
    for (const [uid, pod] of waiting) {
      if (
        session.run.cluster.store.get('Pod', pod.metadata.name, pod.metadata.namespace)?.metadata.uid === uid
      )
        continue;
      waiting.delete(uid);
      session.out(`pod/${pod.metadata.name} evicted`);
    }
    if (session.now() > until) return session.fail('error: timed out waiting for pods to be evicted');
  }
  session.out(`node/${name} drained`);
  return 0;
}

function nodeOf(session: Session, words: readonly string[]): Node | string {
  const name = words[0]?.replace(/^nodes?\//, '');
  if (name === undefined) return 'error: USAGE: give the name of a node';
  const type = typeCalled(session, 'nodes');
  const node = session.run.cluster.store.get('Node', name);
  return node ?? (type === undefined ? 'error: no nodes' : notFound(type, name));
}

function ownerKind(pod: Pod): string | undefined {
  return pod.metadata.ownerReferences?.[0]?.kind;
}
