import { qualifiedName } from '../kube/kinds.ts';
import type { KubeObject } from '../kube/objects.ts';
import { knownRemoteManifest, readManifests } from '../lab/files/manifests.ts';
import { formatFileError } from '../lab/lab-error.ts';
import { labPath } from '../lab/lab-path.ts';
import { optionOfName } from './arguments.ts';
import { pluralOf } from './resources.ts';
import type { Session } from './session.ts';

/** `kubectl apply -f`, `create -f`, `replace -f`: files are the lab's. */
export function apply(session: Session, verb: 'apply' | 'create' | 'replace'): number {
  const read = objectsOf(session, verb);
  if (typeof read === 'number') return read;
  let exitCode = 0;
  for (const { object, file } of read) {
    const code = applyOne(session, verb, object, file);
    if (code !== 0) exitCode = code;
  }
  session.run.reconcile();
  return exitCode;
}

/** `kubectl delete -f`. */
export function objectsOfFiles(session: Session, verb: string): readonly KubeObject[] | number {
  const read = objectsOf(session, verb);
  return typeof read === 'number' ? read : read.map(each => each.object);
}

/** Why the API server refused, as kubectl words it. */
export function refusalText(
  outcome: { readonly reason: string; readonly message: string },
  file: string | undefined,
): string {
  switch (outcome.reason) {
    case 'Invalid':
      return outcome.message;
    case 'NoMatch':
      return `error: resource mapping not found${file === undefined ? '' : ` in "${file}"`}: ${outcome.message}\nensure CRDs are installed first`;
    default:
      return `Error from server (${outcome.reason}): ${file === undefined ? '' : `error when creating "${file}": `}${outcome.message}`;
  }
}

function applyOne(session: Session, verb: string, object: KubeObject, file: string): number {
  const { cluster } = session.run;
  const placed =
    session.namespace !== undefined &&
    object.metadata.namespace === undefined &&
    session.namespace !== 'default'
      ? { ...object, metadata: { ...object.metadata, namespace: session.namespace } }
      : object;
  const label = `${qualifiedName(object.kind)}/${object.metadata.name}`;
  if (verb === 'create') {
    const { name, namespace = 'default' } = placed.metadata;
    if (cluster.store.get(placed.kind, name, namespace) ?? cluster.store.get(placed.kind, name))
      return session.fail(
        `Error from server (AlreadyExists): error when creating "${file}": ${pluralOf(object)} "${name}" already exists`,
      );
  }
  const outcome = cluster.apply(placed, session.now());
  if (outcome.outcome === 'refused') return session.fail(refusalText(outcome, file));
  const word = verb === 'replace' && outcome.outcome !== 'created' ? 'replaced' : outcome.outcome;
  session.out(`${label} ${word}`);
  return 0;
}

function objectsOf(
  session: Session,
  verb: string,
): readonly { readonly object: KubeObject; readonly file: string }[] | number {
  const wanted = session.args.options.get('filename') ?? [];
  if (optionOfName(session.args, 'kustomize') !== undefined)
    return session.fail('error: kustomize is not modelled; use -f');
  if (wanted.length === 0) return session.fail('error: must specify one of -f and -k');
  const found: { object: KubeObject; file: string }[] = [];
  for (const word of wanted.flatMap(each => each.split(','))) {
    if (word === '-')
      return session.fail(
        `error: this lab has no standard input; name a file: kubectl ${verb} -f app/hello.yaml`,
      );
    if (/^https?:/.test(word)) {
      const remote = knownRemoteManifest(word);
      if (remote === undefined)
        return session.fail(
          `error: unable to read URL "${word}": a modelled cluster has no Internet; it knows MetalLB's release manifests only`,
        );
      found.push(...remote.map(object => ({ object, file: word })));
      continue;
    }
    const files = filesAt(session, word);
    if (files.length === 0) return session.fail(`error: the path "${word}" does not exist`);
    for (const [file, text] of files) {
      const { objects, diagnostics } = readManifests(text, file);
      const errors = diagnostics.filter(each => each.severity === 'error');
      for (const each of diagnostics) session.err(formatFileError(each, text));
      if (errors.length > 0) return 1;
      found.push(...objects.map(object => ({ object, file })));
    }
  }
  return found;
}

/** A file of the lab, or all manifests of a folder. */
function filesAt(session: Session, word: string): (readonly [string, string])[] {
  const path = labPath(word);
  const all = [...session.lab.files];
  const exact = all.filter(([file]) => labPath(file) === path);
  if (exact.length > 0) return exact;
  const folder = path === '' ? '' : `${path}/`;
  return all
    .filter(([file]) => labPath(file).startsWith(folder) && !labPath(file).slice(folder.length).includes('/'))
    .filter(([file]) => /\.(ya?ml|json)$/.test(file))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
