import type { Node, Taint } from '../kube/objects.ts';
import { change } from './edit.ts';
import { notFound, typeCalled } from './resources.ts';
import type { Session } from './session.ts';

/** `kubectl taint nodes NODE key=value:NoSchedule`, and `key:NoSchedule-` or `key-` to take it away. */
export function taint(session: Session, words: readonly string[]): number {
  const [type, name, ...changes] =
    words[0]?.startsWith('node/') === true ? ['node', words[0].slice(5), ...words.slice(1)] : words;
  const info = typeCalled(session, type ?? '');
  if (info?.kind !== 'Node')
    return session.fail('error: invalid resource type, only node types are supported');
  const node = session.run.cluster.store.get('Node', name ?? '');
  if (node === undefined) return session.fail(notFound(info, name ?? ''));
  if (changes.length === 0) return session.fail('error: at least one taint update is required');
  let taints: readonly Taint[] = node.spec.taints ?? [];
  for (const text of changes) {
    const next = changedTaints(taints, text);
    if (typeof next === 'string') return session.fail(next.replace('NODE', node.metadata.name));
    taints = next;
  }
  const removed = changes.every(text => text.endsWith('-'));
  const code = change(
    session,
    node,
    live => ({ ...live, spec: { ...(live as Node).spec, taints: taints.length === 0 ? undefined : taints } }),
    removed ? 'untainted' : 'tainted',
  );
  session.run.reconcile();
  return code;
}

function changedTaints(before: readonly Taint[], text: string): readonly Taint[] | string {
  const match = /^([\w./-]+?)(?:=([\w.-]*))?(?::(\w+))?(-)?$/.exec(text);
  const [, key = '', value, effect, minus] = match ?? [];
  if (match === null || (minus === undefined && effect === undefined))
    return `error: invalid taint spec: ${text}`;
  if (effect !== undefined && effect !== 'NoSchedule')
    return `error: of taints this lab’s scheduler obeys NoSchedule; ${effect} is not modelled`;
  const same = (one: Taint) => one.key === key && (effect === undefined || one.effect === effect);
  if (minus !== undefined)
    return before.some(same)
      ? before.filter(one => !same(one))
      : `error: taint "${text.slice(0, -1)}" not found`;
  if (before.some(same))
    return `error: node NODE already has ${key} taint(s) with same effect(s) and --overwrite is false`;
  return [...before, { key, effect: 'NoSchedule', ...(value === undefined ? {} : { value }) }];
}
