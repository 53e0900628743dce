import { qualifiedName } from '../kube/kinds.ts';
import type { KubeObject } from '../kube/objects.ts';
import { INTERRUPTED } from '../lab/exit-code.ts';
import { objectsOfFiles } from './apply.ts';
import { durationOfName, hasOption, optionOfName } from './arguments.ts';
import { pluralOf, select } from './resources.ts';
import type { Session } from './session.ts';

/** kubectl waits for graceful deletion at most this long in the lab. */
const LONGEST_WAIT = 120_000;

/** `kubectl delete`. */
export async function remove(session: Session, words: readonly string[]): Promise<number> {
  const { args, run } = session;
  const { store } = run.cluster;
  const objects: KubeObject[] = [];
  let exitCode = 0;
  if (args.options.has('filename')) {
    const read = objectsOfFiles(session, 'delete');
    if (typeof read === 'number') return read;
    for (const each of read) {
      const { name, namespace } = each.metadata;
      const live =
        store.get(each.kind, name) ?? store.get(each.kind, name, namespace ?? session.namespace ?? 'default');
      if (live !== undefined) objects.push(live);
      else if (!hasOption(args, 'ignore-not-found'))
        exitCode = session.fail(
          `Error from server (NotFound): error when deleting: ${pluralOf(each)} "${name}" not found`,
        );
    }
  } else {
    const selected = select(session, words);
    if (typeof selected === 'string')
      return hasOption(args, 'ignore-not-found') && selected.includes('(NotFound)')
        ? 0
        : session.fail(selected);
    const everything = hasOption(args, 'all') || args.options.has('selector');
    if (!everything && selected.some(each => !each.named))
      return session.fail('error: resource(s) were provided, but no name was specified');
    objects.push(...selected.flatMap(each => each.objects));
  }
  const force = hasOption(args, 'force') || optionOfName(args, 'grace-period') === '0';
  for (const object of objects) {
    if (object.kind === 'Node') {
      exitCode = session.fail(
        'error: this lab does not take nodes out of a cluster; stop it: docker stop <node>',
      );
      continue;
    }
    run.cluster.delete(object, session.now(), { force });
    const where =
      object.metadata.namespace === undefined ? '' : ` from ${object.metadata.namespace} namespace`;
    const how = force ? 'force deleted' : 'deleted';
    session.out(`${qualifiedName(object.kind)} "${object.metadata.name}" ${how}${where}`);
  }
  if (objects.length === 0 && exitCode === 0) session.out('No resources found');
  run.reconcile();
  if (optionOfName(args, 'wait') === 'false') return exitCode;
  // 0 is no limit of the user's.
  const limit = durationOfName(args, 'timeout') || undefined;
  const until = session.now() + (limit ?? LONGEST_WAIT);
  for (;;) {
    const waited = objects.find(object => stillThere(session, object));
    if (waited === undefined) return exitCode;
    if (session.now() >= until)
      return limit === undefined
        ? exitCode
        : session.fail(
            `error: timed out waiting for the condition on ${pluralOf(waited)}/${waited.metadata.name}`,
          );
    if (!(await session.wait(50))) return INTERRUPTED;
  }
}

function stillThere(session: Session, object: KubeObject): boolean {
  const { name, namespace, uid } = object.metadata;
  return session.run.cluster.store.get(object.kind, name, namespace)?.metadata.uid === uid;
}
