import { qualifiedName } from '../kube/kinds.ts';
import type { Deployment, KubeObject } from '../kube/objects.ts';
import { apply, refusalText } from './apply.ts';
import { optionOfName } from './arguments.ts';
import { pluralOf, selectOne } from './resources.ts';
import { namespaceOf, type Session } from './session.ts';

/** `kubectl create -f FILE`, `create namespace|deployment|service`. */
export function create(session: Session, words: readonly string[]): number {
  const [kind, ...rest] = words;
  if (kind === undefined) return apply(session, 'create');
  switch (kind) {
    case 'namespace':
    case 'ns':
      return createOne(
        session,
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: rest[0] ?? '' } },
        rest,
      );
    case 'deployment':
    case 'deploy':
      return createDeployment(session, rest);
    case 'service':
    case 'svc':
      return createService(session, rest);
    default:
      return session.fail(
        `error: "create ${kind}" is not answered here; create namespace, deployment and service are, and create -f FILE`,
      );
  }
}

function createDeployment(session: Session, words: readonly string[]): number {
  const [name = ''] = words;
  const images = session.args.options.get('image')?.flatMap(each => each.split(',')) ?? [];
  if (images.length === 0) return session.fail('error: required flag(s) "image" not set');
  const labels = { app: name };
  return createOne(
    session,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: namespaceOf(session), labels },
      spec: {
        replicas: Number(optionOfName(session.args, 'replicas') ?? 1),
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: images.map(image => ({
              name: containerName(image),
              image,
              ...portsOf(session),
            })),
          },
        },
      },
    },
    words,
  );
}

/** `create service clusterip|nodeport|loadbalancer NAME --tcp=PORT:TARGET`: it selects the pods labelled app=NAME. */
function createService(session: Session, words: readonly string[]): number {
  const [form = '', name = '', ...more] = words;
  const type = SERVICE_TYPES[form];
  if (type === undefined)
    return session.fail(`error: create service ${form}: clusterip, nodeport and loadbalancer are known`);
  const [port, target = port] = (optionOfName(session.args, 'tcp') ?? '').split(':').map(Number);
  if (port === undefined || target === undefined || !(port > 0 && target > 0))
    return session.fail('error: at least one tcp port specifier must be provided');
  return createOne(
    session,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: namespaceOf(session), labels: { app: name } },
      spec: {
        type,
        selector: { app: name },
        ports: [{ name: `${port}-${target}`, port, protocol: 'TCP', targetPort: target }],
      },
    },
    [name, ...more],
  );
}

const SERVICE_TYPES: Readonly<Record<string, string>> = {
  clusterip: 'ClusterIP',
  nodeport: 'NodePort',
  loadbalancer: 'LoadBalancer',
};

/** `kubectl run NAME --image=IMAGE`: a pod without a controller. */
export function run(session: Session, words: readonly string[]): number {
  const image = optionOfName(session.args, 'image');
  const [name = ''] = words;
  if (image === undefined) return session.fail('error: required flag(s) "image" not set');
  if ((optionOfName(session.args, 'restart') ?? 'Always') !== 'Always')
    return session.fail('error: --restart: the pods of this lab are always restarted');
  if (session.args.rest.length > 0)
    return session.fail(
      'error: what runs inside a container is not modelled: no command may stand behind --',
    );
  return createOne(
    session,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: namespaceOf(session), labels: labelsOf(session) ?? { run: name } },
      spec: {
        containers: [
          {
            name,
            image,
            ...portsOf(session),
          },
        ],
      },
    },
    words,
  );
}

/** `--port`, of every container. */
function portsOf(session: Session) {
  const port = optionOfName(session.args, 'port');
  return port === undefined ? {} : { ports: [{ containerPort: Number(port), protocol: 'TCP' }] };
}

function labelsOf(session: Session): Record<string, string> | undefined {
  const text = optionOfName(session.args, 'labels');
  return text === undefined
    ? undefined
    : Object.fromEntries(text.split(',').map(pair => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
}

/** `kubectl expose deployment NAME --port=80 [--target-port=8080] [--type=LoadBalancer] [--name=…]`. */
export function expose(session: Session, words: readonly string[]): number {
  const found = selectOne(session, words);
  if (typeof found === 'string') return session.fail(found);
  const { object } = found;
  const selector =
    object.kind === 'Service'
      ? (object.spec as { readonly selector?: Record<string, string> }).selector
      : object.kind === 'Pod'
        ? object.metadata.labels
        : (object as Deployment).spec.selector?.matchLabels;
  if (selector === undefined) return session.fail(`error: cannot expose a ${object.kind}`);
  const ports = (object as Partial<Deployment>).spec?.template?.spec.containers.flatMap(
    each => each.ports ?? [],
  );
  const port = Number(optionOfName(session.args, 'port') ?? ports?.[0]?.containerPort ?? Number.NaN);
  if (Number.isNaN(port))
    return session.fail(
      "error: couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples",
    );
  const target = optionOfName(session.args, 'target-port') ?? `${port}`;
  const name = optionOfName(session.args, 'name') ?? object.metadata.name;
  const outcome = store(session, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: object.metadata.namespace ?? 'default',
      labels: object.metadata.labels ?? {},
    },
    spec: {
      type: optionOfName(session.args, 'type') ?? 'ClusterIP',
      selector,
      ports: [{ port, protocol: 'TCP', targetPort: /^\d+$/.test(target) ? Number(target) : target }],
    },
  });
  if (outcome !== undefined) return session.fail(outcome);
  session.out(`service/${name} exposed`);
  session.run.reconcile();
  return 0;
}

function createOne(session: Session, object: KubeObject, words: readonly string[]): number {
  const { name, namespace } = object.metadata;
  if (name === '') return session.fail('error: exactly one NAME is required, got 0');
  if (words.length > 1) return session.fail(`error: exactly one NAME is required, got ${words.length}`);
  if (session.run.cluster.store.get(object.kind, name, namespace) !== undefined)
    return session.fail(`Error from server (AlreadyExists): ${pluralOf(object)} "${name}" already exists`);
  const outcome = store(session, object);
  if (outcome !== undefined) return session.fail(outcome);
  session.out(`${qualifiedName(object.kind)}/${name} created`);
  session.run.reconcile();
  return 0;
}

/** Why the API server refused, undefined when the object is stored. */
function store(session: Session, object: KubeObject): string | undefined {
  const outcome = session.run.cluster.apply(object, session.now());
  return outcome.outcome === 'refused' ? refusalText(outcome, undefined) : undefined;
}

/** "python:3.13-alpine" gives "python". */
function containerName(image: string): string {
  return (image.split('/').at(-1) ?? image).replace(/[:@].*$/, '').replace(/[^a-z0-9-]/g, '-');
}
