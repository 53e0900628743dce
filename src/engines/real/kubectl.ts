import { kindCalled, kindNamed, qualifiedName } from '../../kube/kinds.ts';
import type { Deployment, KubeObject, Node, Pod, Service } from '../../kube/objects.ts';
import { isDeleting, podStatusWord, restartsOf } from '../../kube/pod.ts';
import { parseSelector, selectorMatches } from '../../kube/selector.ts';
import type { OutputChunk } from '../../lab/engine.ts';
import { NOT_FOUND } from '../../lab/exit-code.ts';
import { readManifests } from '../../lab/files/manifests.ts';
import type { Lab } from '../../lab/lab.ts';
import type { KubeCluster } from './kube-cluster.ts';
import type { LabTime } from './lab-time.ts';
import type { Client } from './traffic.ts';
import { complain } from './typed-line.ts';

/** Where kubectl is typed, when the cluster is a model. */
export type ModelledKubectl = {
  readonly lab: Lab;
  readonly clusters: ReadonlyMap<string, KubeCluster>;
  readonly clients: readonly Client[];
  readonly time: LabTime;
  readonly cluster: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly print: (chunk: OutputChunk) => void;
  /** A command in a client's pod. */
  readonly onClient: (client: Client, words: readonly string[]) => Promise<number>;
};

type Session = {
  readonly run: KubeCluster;
  readonly context: ModelledKubectl;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly out: (line: string) => void;
};

/** kubectl against the clusters' model, in its most used verbs; the embedded lab's knows more. */
export async function kubectl(words: readonly string[], context: ModelledKubectl): Promise<number> {
  const { plain, options } = split(words);
  const [verb = '', ...rest] = plain;
  const wanted =
    options.get('context')?.replace(/^kind-/, '') ?? context.cluster ?? clusterWithWorkers(context);
  const run = context.clusters.get(wanted);
  if (run === undefined || !run.apiAnswers)
    return complain(
      context,
      `The connection to the server was refused: the cluster ${wanted} does not run`,
      1,
    );
  const session: Session = {
    run,
    context,
    words: rest,
    options,
    namespace: options.has('all-namespaces') ? undefined : (options.get('namespace') ?? 'default'),
    out: line => context.print({ stream: 'stdout', text: `${line}\n` }),
  };
  const act = verbs[verb];
  if (act === undefined)
    return complain(
      context,
      `kubectl ${verb}: not answered in this lab; these are: ${Object.keys(verbs).join(', ')}`,
      NOT_FOUND,
    );
  const code = await act(session);
  run.reconcile();
  return code;
}

const verbs: Readonly<Record<string, (session: Session) => number | Promise<number>>> = {
  get,
  apply,
  delete: remove,
  scale,
  rollout,
  label,
  cordon: session => cordon(session, true),
  uncordon: session => cordon(session, false),
  drain,
  exec,
};

const shortOptions: Readonly<Record<string, string>> = {
  n: 'namespace',
  f: 'filename',
  o: 'output',
  l: 'selector',
  A: 'all-namespaces',
};
const switches = new Set([
  'all-namespaces',
  'overwrite',
  'ignore-daemonsets',
  'force',
  'it',
  'i',
  't',
  'delete-emptydir-data',
]);

function split(words: readonly string[]) {
  const options = new Map<string, string>();
  const plain: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      plain.push(...words.slice(at));
      break;
    }
    const long = /^--?([\w-]+)(?:=(.*))?$/.exec(word);
    if (long === null || (/^[\w./-]+-$/.test(word) && !word.startsWith('-'))) {
      plain.push(word);
      continue;
    }
    const name = shortOptions[long[1] ?? ''] ?? long[1] ?? '';
    if (switches.has(name)) options.set(name, 'true');
    else options.set(name, long[2] ?? words[++at] ?? '');
  }
  return { plain, options };
}

function clusterWithWorkers({ lab }: ModelledKubectl): string {
  const found = lab.clusters.find(({ name }) =>
    lab.nodes.some(node => node.kind === 'cluster-node' && node.cluster === name && node.role === 'worker'),
  );
  return (found ?? lab.clusters[0])?.name ?? '';
}

// get

function get(session: Session): number {
  const found = select(session);
  if (typeof found === 'string') return complain(session.context, found, 1);
  const output = session.options.get('output');
  if (output === 'json') {
    session.out(
      JSON.stringify(
        found.length === 1 && session.words.length > 1 ? found[0] : { items: found },
        undefined,
        2,
      ),
    );
    return 0;
  }
  if (output === 'name') {
    for (const object of found) session.out(`${qualifiedName(object.kind)}/${object.metadata.name}`);
    return 0;
  }
  if (found.length === 0) {
    return complain(
      session.context,
      `No resources found${session.namespace === undefined ? '' : ` in ${session.namespace} namespace`}.`,
      0,
    );
  }
  const rows = found.map(object => columnsOf(object, session, output === 'wide'));
  const titles = Object.keys(rows[0] ?? {});
  const widths = titles.map(title => Math.max(title.length, ...rows.map(row => (row[title] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('   ')
      .trimEnd();
  session.out(line(titles));
  for (const row of rows) session.out(line(titles.map(title => row[title] ?? '')));
  return 0;
}

function columnsOf(object: KubeObject, session: Session, wide: boolean): Record<string, string> {
  const { name, namespace = '', creationTimestamp = 0 } = object.metadata;
  const age = `${Math.max(0, Math.round((session.context.time.now() - creationTimestamp) / 1000))}s`;
  const head = { ...(session.namespace === undefined ? { NAMESPACE: namespace } : {}), NAME: name };
  switch (object.kind) {
    case 'Pod': {
      const pod = object as Pod;
      const ready = pod.status.containerStatuses.filter(each => each.ready).length;
      return {
        ...head,
        READY: `${ready}/${pod.spec.containers.length}`,
        STATUS: podStatusWord(pod),
        RESTARTS: `${restartsOf(pod)}`,
        AGE: age,
        ...(wide ? { IP: pod.status.podIP ?? '<none>', NODE: pod.spec.nodeName ?? '<none>' } : {}),
      };
    }
    case 'Service': {
      const { spec, status } = object as Service;
      const external =
        status.loadBalancer.ingress?.[0]?.ip ?? (spec.type === 'LoadBalancer' ? '<pending>' : '<none>');
      const ports = spec.ports.map(
        port => `${port.port}${port.nodePort === undefined ? '' : `:${port.nodePort}`}/${port.protocol}`,
      );
      return {
        ...head,
        TYPE: spec.type,
        'CLUSTER-IP': spec.clusterIP,
        'EXTERNAL-IP': external,
        'PORT(S)': ports.join(','),
        AGE: age,
      };
    }
    case 'Node': {
      const { spec, status } = object as Node;
      const ready = status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
      return {
        ...head,
        STATUS: `${ready ? 'Ready' : 'NotReady'}${spec.unschedulable === true ? ',SchedulingDisabled' : ''}`,
        AGE: age,
      };
    }
    case 'Deployment': {
      const { spec, status } = object as Deployment;
      return {
        ...head,
        READY: `${status.readyReplicas ?? 0}/${spec.replicas}`,
        'UP-TO-DATE': `${status.updatedReplicas ?? 0}`,
        AVAILABLE: `${status.availableReplicas ?? 0}`,
        AGE: age,
      };
    }
    default:
      return { ...head, AGE: age };
  }
}

/** "pods", "pod NAME", "deployment/NAME": what is meant, or why it is not there. */
function select(session: Session, words = session.words): readonly KubeObject[] | string {
  const [first = '', ...names] = words;
  const slash = first.indexOf('/');
  const type = kindCalled(slash < 0 ? first : first.slice(0, slash));
  if (type === undefined) return `error: the server doesn't have a resource type "${first}"`;
  const namespace = type.namespaced ? session.namespace : undefined;
  const all = session.run.cluster.store.list(type.kind, namespace);
  const wanted = slash < 0 ? names : [first.slice(slash + 1)];
  const selector = parseSelector(session.options.get('selector') ?? '');
  if (wanted.length === 0)
    return session.options.has('selector')
      ? all.filter(each => selectorMatches(selector, each.metadata.labels))
      : all;
  const missing = wanted.find(name => !all.some(each => each.metadata.name === name));
  if (missing !== undefined) return `Error from server (NotFound): ${type.plural} "${missing}" not found`;
  return all.filter(each => wanted.includes(each.metadata.name));
}

// changes

function apply(session: Session): number {
  const objects = objectsOfFile(session);
  if (typeof objects === 'string') return complain(session.context, objects, 1);
  for (const object of objects) {
    const placed =
      object.metadata.namespace === undefined &&
      session.namespace !== 'default' &&
      session.namespace !== undefined
        ? { ...object, metadata: { ...object.metadata, namespace: session.namespace } }
        : object;
    const outcome = session.run.cluster.apply(placed, session.context.time.now());
    if (outcome.outcome === 'refused')
      return complain(session.context, `Error from server (${outcome.reason}): ${outcome.message}`, 1);
    session.out(`${qualifiedName(object.kind)}/${object.metadata.name} ${outcome.outcome}`);
  }
  return 0;
}

/** Files are the lab's. */
function objectsOfFile(session: Session): readonly KubeObject[] | string {
  const file = session.options.get('filename')?.replace(/^(\.\/)+/, '');
  if (file === undefined) return 'error: must specify -f';
  const { files } = session.context.lab;
  const text = files.get(file) ?? files.get(`./${file}`);
  if (text === undefined)
    return `error: the path "${file}" does not exist; the lab's files: ${[...files.keys()].join(', ')}`;
  const reading = readManifests(text, file);
  const problem = reading.diagnostics.find(({ severity }) => severity === 'error');
  return problem === undefined ? reading.objects : `${file}:${problem.line}: ${problem.message}`;
}

function remove(session: Session): number {
  const named = session.options.has('filename') ? objectsOfFile(session) : select(session);
  if (typeof named === 'string') return complain(session.context, named, 1);
  for (const { kind, metadata } of named) {
    const namespace =
      kindNamed(kind)?.namespaced === true
        ? (metadata.namespace ?? session.namespace ?? 'default')
        : undefined;
    const live = session.run.cluster.store.get(kind, metadata.name, namespace);
    if (live === undefined)
      return complain(
        session.context,
        `Error from server (NotFound): ${kind} "${metadata.name}" not found`,
        1,
      );
    session.run.cluster.delete(live, session.context.time.now(), { force: session.options.has('force') });
    session.out(`${qualifiedName(kind)} "${metadata.name}" deleted`);
  }
  return 0;
}

function edit(
  session: Session,
  objects: readonly KubeObject[] | string,
  word: string,
  change: (live: KubeObject) => KubeObject,
): number {
  if (typeof objects === 'string') return complain(session.context, objects, 1);
  for (const object of objects) {
    const outcome = session.run.cluster.edit(object, change);
    if (outcome.outcome === 'refused')
      return complain(session.context, `Error from server (${outcome.reason}): ${outcome.message}`, 1);
    session.out(`${qualifiedName(object.kind)}/${object.metadata.name} ${word}`);
  }
  return 0;
}

function scale(session: Session): number {
  const replicas = Number(session.options.get('replicas'));
  if (!Number.isInteger(replicas) || replicas < 0)
    return complain(session.context, 'error: --replicas=COUNT is required', 1);
  return edit(session, select(session), 'scaled', live => ({
    ...live,
    spec: { ...(live.spec as object), replicas },
  }));
}

async function rollout(session: Session): Promise<number> {
  const [verb, ...words] = session.words;
  if (verb === 'restart') {
    const at = `${session.context.time.now()}`;
    return edit(session, select(session, words), 'restarted', live => {
      const { template, ...spec } = (live as Deployment).spec;
      const annotations = { ...template.metadata?.annotations, 'kubectl.kubernetes.io/restartedAt': at };
      return {
        ...live,
        spec: { ...spec, template: { ...template, metadata: { ...template.metadata, annotations } } },
      };
    });
  }
  if (verb !== 'status')
    return complain(session.context, 'kubectl rollout: restart and status are answered', 1);
  while (!session.run.settled) if (!(await pause(session))) return 130;
  session.out('successfully rolled out');
  return 0;
}

function label(session: Session): number {
  const changes = session.words.filter(word => /=|-$/.test(word) && !/^(node|pod|service)s?\//.test(word));
  const objects = select(
    session,
    session.words.filter(word => !changes.includes(word)),
  );
  return edit(session, objects, changes.every(word => word.endsWith('-')) ? 'unlabeled' : 'labeled', live => {
    const labels: Record<string, string> = { ...live.metadata.labels };
    for (const change of changes) {
      const equals = change.indexOf('=');
      if (equals < 0) delete labels[change.slice(0, -1)];
      else labels[change.slice(0, equals)] = change.slice(equals + 1);
    }
    return { ...live, metadata: { ...live.metadata, labels } };
  });
}

function cordon(session: Session, unschedulable: boolean): number {
  return edit(
    session,
    select(session, ['node', ...session.words]),
    unschedulable ? 'cordoned' : 'uncordoned',
    live => ({
      ...live,
      spec: { ...(live.spec as object), unschedulable: unschedulable ? true : undefined },
    }),
  );
}

async function drain(session: Session): Promise<number> {
  const code = cordon(session, true);
  if (code !== 0) return code;
  const [node = ''] = session.words;
  const pods = session.run.cluster.store
    .list('Pod')
    .filter(
      pod =>
        pod.spec.nodeName === node && pod.metadata.ownerReferences?.some(({ kind }) => kind === 'ReplicaSet'),
    )
    .filter(pod => !isDeleting(pod));
  for (const pod of pods) {
    session.out(`evicting pod ${pod.metadata.namespace}/${pod.metadata.name}`);
    session.run.cluster.delete(pod, session.context.time.now());
  }
  session.run.reconcile();
  const remain = () =>
    pods.some(
      pod =>
        session.run.cluster.store.get('Pod', pod.metadata.name, pod.metadata.namespace)?.metadata.uid ===
        pod.metadata.uid,
    );
  while (remain()) if (!(await pause(session))) return 130;
  session.out(`node/${node} drained`);
  return 0;
}

// pods

function exec(session: Session): number | Promise<number> {
  const dashes = session.words.indexOf('--');
  const target = session.words[0] ?? '';
  const command = dashes < 0 ? session.words.slice(1) : session.words.slice(dashes + 1);
  const name = target.replace(/^.*\//, '');
  const clients = session.context.clients;
  const client = clients.find(
    each => each.name === name || (target.includes('/') && each.name.startsWith(`${name}-`)),
  );
  if (client === undefined)
    return complain(
      session.context,
      `kubectl exec: only the clients' pods have a network to look from in this lab; ${target} is none`,
      1,
    );
  return session.context.onClient(client, command);
}

/** A moment; false when the learner cancelled meanwhile. */
async function pause({ context }: Session): Promise<boolean> {
  if (context.signal?.aborted === true) return false;
  await new Promise(resolve => setTimeout(resolve, 50));
  return true;
}
