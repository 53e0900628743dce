import { defined } from '../kube/admission.ts';
import { type KindInfo, kindCalled, kindNamed } from '../kube/kinds.ts';
import type { KubeObject } from '../kube/objects.ts';
import { parseSelector, selectorMatches } from '../kube/selector.ts';
import { optionOfName } from './arguments.ts';
import type { Session } from './session.ts';
import { virtualDefinitions, virtualKind, virtualObjects } from './virtual-kinds.ts';

/** A kind as kubectl names it, whether stored or worked out from others. */
export type ResourceType = Pick<KindInfo, 'kind' | 'group' | 'plural' | 'singular' | 'namespaced'>;

export type Selected = {
  readonly type: ResourceType;
  readonly objects: readonly KubeObject[];
  /** Names were given: an object that is missing is an error. */
  readonly named: boolean;
};

const ALL = 'pods,services,daemonsets,deployments,replicasets';

/**
 * What "pods", "pod/a svc/b", "deploy x y", "pods,svc -l app=hello", "all" mean here. A string is the error that
 * kubectl prints.
 */
export function select(session: Session, words: readonly string[]): readonly Selected[] | string {
  const [first, ...names] = words;
  if (first === undefined) return 'error: You must specify the type of resource to get.';
  if (words.some(word => word.includes('/'))) return selectByPath(session, words);
  const selected: Selected[] = [];
  for (const word of (first === 'all' ? ALL : first).split(',')) {
    const type = typeCalled(session, word);
    if (type === undefined) return `error: the server doesn't have a resource type "${word}"`;
    const found = names.length > 0 ? namedOf(session, type, names) : listOf(session, type);
    if (typeof found === 'string') return found;
    selected.push({ type, objects: found, named: names.length > 0 });
  }
  return selected;
}

/** Exactly one object: "svc/hello-lb", "service hello-lb", or for exec and logs "deploy/x" and a bare pod name. */
export function selectOne(
  session: Session,
  words: readonly string[],
  bareKind?: string,
): { readonly type: ResourceType; readonly object: KubeObject } | string {
  const [first = '', second] = words;
  const given = first.includes('/')
    ? [first]
    : second === undefined && bareKind !== undefined
      ? [bareKind, first]
      : words;
  const selected = select(session, given);
  if (typeof selected === 'string') return selected;
  const [only] = selected;
  const object = only?.objects[0];
  return only === undefined || object === undefined || !only.named
    ? 'error: resource name may not be empty'
    : { type: only.type, object };
}

export function typeCalled(session: Session, word: string): ResourceType | undefined {
  const info = kindCalled(word);
  if (info !== undefined) return !info.custom || defined(info, session.run.cluster.store) ? info : undefined;
  return virtualKind(session, word);
}

/** "pods", "deployments.apps": how errors name a type. */
function pluralName(type: ResourceType): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** The same for an object of which only the kind is known. */
export function pluralOf({ kind }: KubeObject): string {
  const info = kindNamed(kind);
  return info === undefined ? kind.toLowerCase() : pluralName(info);
}

/** "pod", "deployment.apps": how answers name it. */
export function singularName(type: ResourceType): string {
  return type.group === '' ? type.singular : `${type.singular}.${type.group}`;
}

export function notFound(type: ResourceType, name: string): string {
  return `Error from server (NotFound): ${pluralName(type)} "${name}" not found`;
}

function selectByPath(session: Session, words: readonly string[]): readonly Selected[] | string {
  const selected: Selected[] = [];
  for (const word of words) {
    const slash = word.indexOf('/');
    if (slash < 0)
      return 'error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form';
    const type = typeCalled(session, word.slice(0, slash));
    if (type === undefined) return `error: the server doesn't have a resource type "${word.slice(0, slash)}"`;
    const found = namedOf(session, type, [word.slice(slash + 1)]);
    if (typeof found === 'string') return found;
    selected.push({ type, objects: found, named: true });
  }
  return selected;
}

function namedOf(session: Session, type: ResourceType, names: readonly string[]): KubeObject[] | string {
  const all = everyOf(session, type, type.namespaced ? (session.namespace ?? 'default') : undefined);
  const found: KubeObject[] = [];
  for (const name of names) {
    const object = all.find(each => each.metadata.name === name);
    if (object === undefined) return notFound(type, name);
    found.push(object);
  }
  return found;
}

function listOf(session: Session, type: ResourceType): KubeObject[] | string {
  const text = optionOfName(session.args, 'selector');
  const selector = text === undefined ? {} : parseSelector(text);
  if (selector === undefined) return `error: unable to parse requirement: "${text}"`;
  const all = everyOf(session, type, type.namespaced ? session.namespace : undefined);
  const wanted = all.filter(object => selectorMatches(selector, object.metadata.labels));
  const fields = optionOfName(session.args, 'field-selector');
  if (fields === undefined) return wanted;
  const [path = '', value = ''] = fields.split(/==?/);
  return wanted.filter(object => String(at(object, path) ?? '') === value);
}

function everyOf(session: Session, type: ResourceType, namespace: string | undefined): KubeObject[] {
  const { store } = session.run.cluster;
  if (virtualKind(session, type.plural) === type)
    return virtualObjects(session, type, namespace).sort(byNamespaceAndName);
  const stored = store.list(type.kind, namespace);
  const told = type.kind === 'CustomResourceDefinition' ? virtualDefinitions(session) : [];
  const missing = told.filter(one => !stored.some(({ metadata }) => metadata.name === one.metadata.name));
  return [...stored, ...missing].sort(byNamespaceAndName);
}

function at(value: unknown, path: string): unknown {
  let found: unknown = value;
  for (const key of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

function byNamespaceAndName(a: KubeObject, b: KubeObject): number {
  const left = `${a.metadata.namespace ?? ''}/${a.metadata.name}`;
  const right = `${b.metadata.namespace ?? ''}/${b.metadata.name}`;
  return left < right ? -1 : left > right ? 1 : 0;
}
