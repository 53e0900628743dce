import { replicaSetsOf } from '../kube/control/deployment.ts';
import type { DaemonSet, Deployment, KubeObject } from '../kube/objects.ts';
import { INTERRUPTED } from '../lab/exit-code.ts';
import { durationOfName, optionOfName } from './arguments.ts';
import { change, changeTemplate } from './edit.ts';
import { selectOne } from './resources.ts';
import type { Session } from './session.ts';

const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** `kubectl rollout status|restart|history|undo|pause|resume`. */
export async function rollout(session: Session, words: readonly string[]): Promise<number> {
  const [verb = '', ...rest] = words;
  const found = selectOne(session, rest);
  if (typeof found === 'string') return session.fail(found);
  const { object } = found;
  if (object.kind !== 'Deployment' && object.kind !== 'DaemonSet')
    return session.fail(`error: no rollout for ${object.kind.toLowerCase()}s`);
  switch (verb) {
    case 'status':
      return status(session, object);
    case 'restart': {
      const code = changeTemplate(session, object, 'restarted', template => ({
        ...template,
        metadata: {
          ...template.metadata,
          annotations: { ...template.metadata?.annotations, [RESTARTED]: session.date(session.now()) },
        },
      }));
      session.run.reconcile();
      return code;
    }
    case 'history':
      return history(session, object as Deployment);
    case 'undo':
      return undo(session, object as Deployment);
    case 'pause':
    case 'resume': {
      const paused = verb === 'pause';
      const code = change(
        session,
        object,
        live => ({ ...live, spec: { ...(live.spec as object), paused } }),
        paused ? 'paused' : 'resumed',
      );
      session.run.reconcile();
      return code;
    }
    default:
      return session.fail(
        `error: unknown command "${verb}" for "kubectl rollout": status, restart, history, undo, pause and resume are known`,
      );
  }
}

/** Says what it waits for, each time that changes, until the rollout is done or its time is up. */
async function status(session: Session, object: KubeObject): Promise<number> {
  const { kind, metadata } = object;
  // 0, and nothing written, is no limit for kubectl; ten minutes of lab time are enough for a lesson's command.
  const until = session.now() + (durationOfName(session.args, 'timeout') || 600_000);
  let said = '';
  for (;;) {
    const live = session.run.cluster.store.get(kind, metadata.name, metadata.namespace);
    if (live === undefined) return session.fail(`error: object has been deleted`);
    const waiting =
      kind === 'Deployment' ? deploymentWaits(live as Deployment) : daemonSetWaits(live as DaemonSet);
    if (waiting === undefined) break;
    if (waiting !== said) session.out(waiting);
    said = waiting;
    if (session.now() >= until) return session.fail('error: timed out waiting for the condition');
    if (!(await session.wait(100))) return INTERRUPTED;
  }
  session.out(
    kind === 'Deployment'
      ? `deployment "${metadata.name}" successfully rolled out`
      : `daemon set "${metadata.name}" successfully rolled out`,
  );
  return 0;
}

function deploymentWaits({ metadata, spec, status: now }: Deployment): string | undefined {
  const name = `deployment "${metadata.name}"`;
  if (now.observedGeneration < (metadata.generation ?? 1))
    return `Waiting for deployment spec update to be observed...`;
  if (now.updatedReplicas < spec.replicas)
    return `Waiting for ${name} rollout to finish: ${now.updatedReplicas} out of ${spec.replicas} new replicas have been updated...`;
  if (now.replicas > now.updatedReplicas)
    return `Waiting for ${name} rollout to finish: ${now.replicas - now.updatedReplicas} old replicas are pending termination...`;
  if (now.availableReplicas < now.updatedReplicas)
    return `Waiting for ${name} rollout to finish: ${now.availableReplicas} of ${now.updatedReplicas} updated replicas are available...`;
  return undefined;
}

function daemonSetWaits({ metadata, status: now }: DaemonSet): string | undefined {
  const name = `daemon set "${metadata.name}"`;
  if (now.updatedNumberScheduled < now.desiredNumberScheduled)
    return `Waiting for ${name} rollout to finish: ${now.updatedNumberScheduled} out of ${now.desiredNumberScheduled} new pods have been updated...`;
  if (now.numberAvailable < now.desiredNumberScheduled)
    return `Waiting for ${name} rollout to finish: ${now.numberAvailable} of ${now.desiredNumberScheduled} updated pods are available...`;
  return undefined;
}

function history(session: Session, deployment: Deployment): number {
  const sets = [...replicaSetsOf(session.run.cluster, deployment)].reverse();
  const wanted = optionOfName(session.args, 'revision');
  if (wanted === undefined) {
    session.out(`deployment.apps/${deployment.metadata.name}`);
    session.out('REVISION  CHANGE-CAUSE');
    for (const set of sets) session.out(`${revisionOf(set).padEnd(8)}  <none>`);
    session.out('');
    return 0;
  }
  const set = sets.find(each => revisionOf(each) === wanted);
  if (set === undefined) return session.fail('error: unable to find the specified revision');
  session.out(`deployment.apps/${deployment.metadata.name} with revision #${wanted}`);
  session.out('Pod Template:');
  for (const [key, value] of Object.entries(set.spec.template.metadata?.labels ?? {}))
    session.out(`  ${key === 'pod-template-hash' ? '\t' : 'Labels:\t'}${key}=${value}`);
  session.out('  Containers:');
  for (const { name, image } of set.spec.template.spec.containers) {
    session.out(`   ${name}:`);
    session.out(`    Image:\t${image}`);
  }
  return 0;
}

/** Back to the template of the revision before, or of the one that is named. */
function undo(session: Session, deployment: Deployment): number {
  const sets = replicaSetsOf(session.run.cluster, deployment);
  const wanted = optionOfName(session.args, 'to-revision');
  const previous =
    wanted === undefined || wanted === '0' ? sets[1] : sets.find(each => revisionOf(each) === wanted);
  if (previous === undefined)
    return session.fail(
      wanted === undefined
        ? 'error: no rollout history found for deployment'
        : `error: unable to find specified revision ${wanted} in history`,
    );
  const { 'pod-template-hash': _, ...labels } = previous.spec.template.metadata?.labels ?? {};
  const template = { ...previous.spec.template, metadata: { ...previous.spec.template.metadata, labels } };
  const code = changeTemplate(session, deployment, 'rolled back', () => template);
  session.run.reconcile();
  return code;
}

function revisionOf(object: KubeObject): string {
  return object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '';
}
