import { mergePatch } from '../kube/apply.ts';
import { qualifiedName } from '../kube/kinds.ts';
import type { Deployment, KubeObject, PodTemplate } from '../kube/objects.ts';
import { refusalText } from './apply.ts';
import { hasOption, optionOfName } from './arguments.ts';
import { select, selectOne } from './resources.ts';
import type { Session } from './session.ts';

/** `kubectl scale deployment hello --replicas=4`. */
export function scale(session: Session, words: readonly string[]): number {
  const replicas = Number(optionOfName(session.args, 'replicas') ?? Number.NaN);
  if (!Number.isInteger(replicas) || replicas < 0)
    return session.fail(
      'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
    );
  const selected = select(session, words);
  if (typeof selected === 'string') return session.fail(selected);
  let exitCode = 0;
  for (const object of selected.flatMap(each => each.objects)) {
    if (object.kind !== 'Deployment' && object.kind !== 'ReplicaSet') {
      exitCode = session.fail(
        `Error from server (NotFound): the server could not find the requested resource`,
      );
      continue;
    }
    const code = change(
      session,
      object,
      live => ({ ...live, spec: { ...specOf(live), replicas } }),
      'scaled',
      true,
    );
    if (code !== 0) exitCode = code;
  }
  session.run.reconcile();
  return exitCode;
}

/** `kubectl patch svc hello-lb -p '{"spec":…}'`. Lists are replaced as a whole. */
export function patch(session: Session, words: readonly string[]): number {
  const text = optionOfName(session.args, 'patch');
  if (text === undefined)
    return session.fail('error: must specify --patch or --patch-file containing the contents of the patch');
  const type = optionOfName(session.args, 'type') ?? 'strategic';
  if (type === 'json')
    return session.fail('error: this lab knows --type=merge and strategic patches, no JSON patches');
  let wanted: unknown;
  try {
    wanted = JSON.parse(text);
  } catch {
    return session.fail(`error: unable to parse "${text}": this lab takes patches in JSON`);
  }
  const found = selectOne(session, words);
  if (typeof found === 'string') return session.fail(found);
  const code = change(session, found.object, live => mergePatch(live, wanted) as KubeObject, 'patched');
  session.run.reconcile();
  return code;
}

/** `kubectl label node datacenter-worker a=b c-`, and `annotate` alike. */
export function label(session: Session, words: readonly string[], field: 'labels' | 'annotations'): number {
  const changes = words.filter(
    word => /^[\w./-]+(=[^=]*|-)$/.test(word) && !(word.includes('/') && !/[=-]$|=/.test(word)),
  );
  const selected = select(
    session,
    words.filter(word => !changes.includes(word)),
  );
  if (typeof selected === 'string') return session.fail(selected);
  if (changes.length === 0)
    return session.fail(`error: at least one ${field.slice(0, -1)} update is required`);
  const verb = field === 'labels' ? 'labeled' : 'annotated';
  let exitCode = 0;
  for (const object of selected.flatMap(each => each.objects)) {
    const before = object.metadata[field] ?? {};
    const clash = changes
      .map(each => each.split('=')[0] ?? '')
      .find(key =>
        changes.some(
          each => each.startsWith(`${key}=`) && before[key] !== undefined && each !== `${key}=${before[key]}`,
        ),
      );
    if (clash !== undefined && !hasOption(session.args, 'overwrite')) {
      exitCode = session.fail(
        `error: '${clash}' already has a value (${before[clash]}), and --overwrite is false`,
      );
      continue;
    }
    const after: Record<string, string> = { ...before };
    for (const each of changes) {
      const equals = each.indexOf('=');
      if (equals < 0) delete after[each.slice(0, -1)];
      else after[each.slice(0, equals)] = each.slice(equals + 1);
    }
    const removed = changes.every(each => each.endsWith('-') && !each.includes('='));
    const word = field === 'labels' && removed ? 'unlabeled' : verb;
    const code = change(
      session,
      object,
      live => ({ ...live, metadata: { ...live.metadata, [field]: after } }),
      word,
    );
    if (code !== 0) exitCode = code;
  }
  session.run.reconcile();
  return exitCode;
}

/** `kubectl set image deployment/hello hello=python:3.14`. */
export function set(session: Session, words: readonly string[]): number {
  const [what, ...rest] = words;
  if (what !== 'image')
    return session.fail(`error: this lab knows "kubectl set image"; other fields: kubectl patch`);
  const images = new Map(
    rest
      .filter(word => word.includes('='))
      .map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  );
  const found = selectOne(
    session,
    rest.filter(word => !word.includes('=')),
  );
  if (typeof found === 'string') return session.fail(found);
  if (images.size === 0) return session.fail('error: at least one image update is required');
  const names = templateOf(found.object)?.spec.containers.map(each => each.name) ?? [];
  const unknown = [...images.keys()].find(name => name !== '*' && !names.includes(name));
  if (unknown !== undefined) return session.fail(`error: unable to find container named "${unknown}"`);
  const code = changeTemplate(session, found.object, 'image updated', template => ({
    ...template,
    spec: {
      ...template.spec,
      containers: template.spec.containers.map(container => ({
        ...container,
        image: images.get(container.name) ?? images.get('*') ?? container.image,
      })),
    },
  }));
  session.run.reconcile();
  return code;
}

/** Changes the pod template of a workload. */
export function changeTemplate(
  session: Session,
  object: KubeObject,
  word: string,
  edit: (template: PodTemplate) => PodTemplate,
): number {
  const template = templateOf(object);
  if (template === undefined)
    return session.fail(`error: ${qualifiedName(object.kind)}/${object.metadata.name} has no pod template`);
  return change(
    session,
    object,
    live => ({ ...live, spec: { ...specOf(live), template: edit(template) } }),
    word,
  );
}

/** Admits and stores a changed object and says so; `always`: also when nothing changed. */
export function change(
  session: Session,
  object: KubeObject,
  edit: (live: KubeObject) => KubeObject,
  word: string,
  always = false,
): number {
  const outcome = session.run.cluster.edit(object, edit);
  if (outcome.outcome === 'refused') return session.fail(refusalText(outcome, undefined));
  const done = outcome.outcome === 'unchanged' && !always ? `${word} (no change)` : word;
  session.out(`${qualifiedName(object.kind)}/${object.metadata.name} ${done}`);
  return 0;
}

function specOf(object: KubeObject): Record<string, unknown> {
  return (object.spec ?? {}) as Record<string, unknown>;
}

function templateOf(object: KubeObject): PodTemplate | undefined {
  return (object as Partial<Deployment>).spec?.template;
}
