import { qualifiedName } from '../kube/kinds.ts';
import type { Deployment, KubeObject, Node, Pod } from '../kube/objects.ts';
import { conditionOf, isReady } from '../kube/pod.ts';
import { INTERRUPTED } from '../lab/exit-code.ts';
import { durationOfName, optionOfName } from './arguments.ts';
import { select } from './resources.ts';
import type { Session } from './session.ts';

/** What kubectl makes of a negative limit. */
const A_WEEK = 7 * 24 * 3_600_000;

/** `kubectl wait --for=condition=Ready pod -l app=hello --timeout=60s`, `--for=delete`. */
export async function wait(session: Session, words: readonly string[]): Promise<number> {
  const wanted = optionOfName(session.args, 'for');
  const condition = /^condition=(\w+)/i.exec(wanted ?? '')?.[1]?.toLowerCase();
  const deletion = wanted === 'delete';
  if (condition === undefined && !deletion)
    return session.fail(
      'error: this lab waits with --for=condition=Ready, --for=condition=Available or --for=delete',
    );
  const selected = select(session, words);
  if (typeof selected === 'string')
    return deletion && selected.includes('(NotFound)') ? 0 : session.fail(selected);
  const objects = selected.flatMap(({ type, objects: all }) => all.map(object => ({ type, object })));
  if (objects.length === 0) return deletion ? 0 : session.fail('error: no matching resources found');
  const limit = durationOfName(session.args, 'timeout') ?? 30_000;
  const until = session.now() + (limit < 0 ? A_WEEK : limit);
  for (const { type, object } of objects) {
    const label = `${qualifiedName(object.kind)}/${object.metadata.name}`;
    for (;;) {
      const { name, namespace } = object.metadata;
      const live = session.run.cluster.store.get(object.kind, name, namespace);
      if (deletion ? live === undefined : live !== undefined && holds(live, condition ?? '')) break;
      if (session.now() >= until)
        return session.fail(`error: timed out waiting for the condition on ${type.plural}/${name}`);
      if (!(await session.wait(100))) return INTERRUPTED;
    }
    session.out(`${label} ${deletion ? 'deleted' : 'condition met'}`);
  }
  return 0;
}

function holds(object: KubeObject, condition: string): boolean {
  switch (object.kind) {
    case 'Pod':
      return condition === 'ready' && isReady(object as Pod);
    case 'Node':
      return (
        condition === 'ready' && conditionOf((object as Node).status.conditions, 'Ready')?.status === 'True'
      );
    case 'Deployment': {
      const { spec, status } = object as Deployment;
      return condition === 'available' && status.availableReplicas >= spec.replicas;
    }
    default:
      return false;
  }
}
