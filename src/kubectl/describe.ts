import type { DaemonSet, Deployment, KubeObject, Node, Pod, Service } from '../kube/objects.ts';
import { podStatusWord } from '../kube/pod.ts';
import { selectorText } from '../kube/selector.ts';
import { durationText } from './age.ts';
import { externalIp, rolesOf, shortList } from './columns.ts';
import { eventLines } from './events.ts';
import { presentable, shownAnnotations, yamlLines } from './render.ts';
import { select } from './resources.ts';
import type { Session } from './session.ts';

type Field = readonly [name: string, value: string | readonly string[]];

/** `kubectl describe`. */
export function describe(session: Session, words: readonly string[]): number {
  const selected = select(session, words);
  if (typeof selected === 'string') return session.fail(selected);
  const objects = selected.flatMap(each => each.objects);
  if (objects.length === 0) {
    session.err(`No resources found in ${session.namespace ?? 'default'} namespace.`);
    return 0;
  }
  objects.forEach((object, index) => {
    if (index > 0) {
      session.out('');
      session.out('');
    }
    for (const line of describeOne(session, object)) session.out(line);
  });
  return 0;
}

function describeOne(session: Session, object: KubeObject): string[] {
  const lines = bodyOf(session, object);
  const { namespace = 'default', name } = object.metadata;
  const kind = object.kind.toLowerCase();
  const now = session.now();
  const events = session.run.cluster.occurrences.about(now, kind, namespace, name);
  return [...lines, ...eventLines(events, now)];
}

function bodyOf(session: Session, object: KubeObject): string[] {
  switch (object.kind) {
    case 'Pod':
      return pod(session, object as Pod);
    case 'Service':
      return service(session, object as Service);
    case 'Node':
      return node(session, object as Node);
    case 'Deployment':
      return deployment(session, object as Deployment);
    case 'DaemonSet':
      return daemonSet(object as DaemonSet);
    default:
      return generic(session, object);
  }
}

function pod({ date }: Session, pod: Pod): string[] {
  const { metadata, spec, status } = pod;
  const lines = fields([
    ['Name', metadata.name],
    ['Namespace', metadata.namespace ?? 'default'],
    ['Node', spec.nodeName === undefined ? '<none>' : `${spec.nodeName}/${status.hostIP ?? ''}`],
    ['Start Time', status.startTime === undefined ? '<unknown>' : date(status.startTime)],
    ['Labels', pairs(metadata.labels)],
    ['Annotations', colonPairs(shownAnnotations(pod))],
    ['Status', metadata.deletionTimestamp === undefined ? status.phase : 'Terminating'],
    ['IP', status.podIP ?? ''],
    ['Controlled By', metadata.ownerReferences?.map(owner => `${owner.kind}/${owner.name}`) ?? '<none>'],
  ]);
  lines.push('Containers:');
  for (const container of spec.containers) {
    const state = status.containerStatuses.find(each => each.name === container.name);
    lines.push(`  ${container.name}:`);
    const ports = (container.ports ?? []).map(each => `${each.containerPort}/${each.protocol ?? 'TCP'}`);
    const inner: Field[] = [
      ['Image', container.image],
      ['Port', ports.length === 0 ? '<none>' : ports.join(', ')],
      ...(state === undefined ? [] : stateFields('State', state.state, date)),
      ...(state?.lastState === undefined ? [] : stateFields('Last State', state.lastState, date)),
      ['Ready', state?.ready === true ? 'True' : 'False'],
      ['Restart Count', String(state?.restartCount ?? 0)],
      ...((container.env ?? []).length === 0
        ? []
        : [
            [
              'Environment',
              (container.env ?? []).map(each => `${each.name}: ${each.value ?? '(set by the API)'}`),
            ] as Field,
          ]),
    ];
    lines.push(...fields(inner, '    '));
  }
  lines.push('Conditions:', '  Type              Status');
  for (const { type, status: value } of status.conditions) lines.push(`  ${type.padEnd(16)}  ${value}`);
  lines.push(...fields([['Tolerations', (spec.tolerations ?? []).map(tolerationText)]]));
  return lines;
}

function stateFields(
  title: string,
  state: Pod['status']['containerStatuses'][number]['state'],
  date: Session['date'],
): Field[] {
  if ('running' in state)
    return [
      [title, 'Running'],
      ['  Started', date(state.running.startedAt)],
    ];
  if ('waiting' in state)
    return [
      [title, 'Waiting'],
      ['  Reason', state.waiting.reason],
      ...(state.waiting.message === undefined ? [] : [['  Message', state.waiting.message] as Field]),
    ];
  const { reason, exitCode, finishedAt } = state.terminated;
  return [
    [title, 'Terminated'],
    ['  Reason', reason],
    ['  Exit Code', String(exitCode)],
    ['  Finished', date(finishedAt)],
  ];
}

function service(session: Session, service: Service): string[] {
  const { metadata, spec } = service;
  const slices = session.run.cluster.endpointSlices(service);
  const ready = slices.flatMap(slice =>
    slice.endpoints.filter(endpoint => endpoint.conditions.ready).flatMap(endpoint => endpoint.addresses),
  );
  const lines: Field[] = [
    ['Name', metadata.name],
    ['Namespace', metadata.namespace ?? 'default'],
    ['Labels', pairs(metadata.labels)],
    ['Annotations', colonPairs(shownAnnotations(service))],
    ['Selector', selectorText(spec.selector)],
    ['Type', spec.type],
    ['IP Family Policy', 'SingleStack'],
    ['IP Families', 'IPv4'],
    ['IP', spec.clusterIP],
    ['IPs', spec.clusterIP],
  ];
  const address = externalIp(service);
  if (spec.type === 'LoadBalancer' && address !== '<pending>')
    lines.push(['LoadBalancer Ingress', `${address} (VIP)`]);
  for (const port of spec.ports) {
    const label = port.name === undefined ? '<unset>' : port.name;
    const target = slices[0]?.ports.find(each => each.name === (port.name ?? ''))?.port ?? port.targetPort;
    lines.push(
      ['Port', `${label}  ${port.port}/${port.protocol}`],
      ['TargetPort', `${port.targetPort}/${port.protocol}`],
    );
    if (port.nodePort !== undefined) lines.push(['NodePort', `${label}  ${port.nodePort}/${port.protocol}`]);
    lines.push(['Endpoints', ready.length === 0 ? '' : shortList(ready.map(each => `${each}:${target}`))]);
  }
  lines.push(['Session Affinity', 'None']);
  if (spec.externalTrafficPolicy !== undefined)
    lines.push(['External Traffic Policy', spec.externalTrafficPolicy]);
  lines.push(['Internal Traffic Policy', 'Cluster']);
  if (spec.healthCheckNodePort !== undefined)
    lines.push(['HealthCheck NodePort', String(spec.healthCheckNodePort)]);
  return fields(lines);
}

function node(session: Session, node: Node): string[] {
  const { store } = session.run.cluster;
  const now = session.now();
  const pods = store.list('Pod').filter(each => each.spec.nodeName === node.metadata.name);
  const lines = fields([
    ['Name', node.metadata.name],
    ['Roles', rolesOf(node)],
    ['Labels', pairs(node.metadata.labels)],
    ['Annotations', colonPairs(shownAnnotations(node))],
    ['CreationTimestamp', session.date(node.metadata.creationTimestamp ?? 0)],
    [
      'Taints',
      (node.spec.taints ?? []).map(
        each => `${each.key}${each.value === undefined ? '' : `=${each.value}`}:${each.effect}`,
      ),
    ],
    ['Unschedulable', String(node.spec.unschedulable === true)],
  ]);
  lines.push('Conditions:', '  Type   Status   Reason             Message');
  for (const condition of node.status.conditions)
    lines.push(
      `  ${condition.type.padEnd(5)}  ${condition.status.padEnd(7)}  ${(condition.reason ?? '').padEnd(17)}  ${condition.message ?? ''}`,
    );
  lines.push('Addresses:');
  for (const { type, address } of node.status.addresses) lines.push(`  ${type}:  ${address}`);
  lines.push(...fields([['PodCIDR', node.spec.podCIDR]]));
  lines.push(`Non-terminated Pods:  (${pods.length} in total)`);
  for (const each of pods)
    lines.push(
      `  ${(each.metadata.namespace ?? '').padEnd(18)}  ${each.metadata.name.padEnd(44)}  ${podStatusWord(each).padEnd(17)}  ${durationText(now - (each.metadata.creationTimestamp ?? now))}`,
    );
  return lines;
}

function deployment({ date }: Session, each: Deployment): string[] {
  const { metadata, spec, status } = each;
  const { strategy } = spec;
  const rolling = strategy.rollingUpdate;
  return fields([
    ['Name', metadata.name],
    ['Namespace', metadata.namespace ?? 'default'],
    ['CreationTimestamp', date(metadata.creationTimestamp ?? 0)],
    ['Labels', pairs(metadata.labels)],
    ['Annotations', colonPairs(shownAnnotations(each))],
    ['Selector', selectorText(spec.selector)],
    [
      'Replicas',
      `${spec.replicas} desired | ${status.updatedReplicas} updated | ${status.replicas} total | ${status.availableReplicas} available | ${status.unavailableReplicas} unavailable`,
    ],
    ['StrategyType', strategy.type],
    ...(rolling === undefined
      ? []
      : [
          [
            'RollingUpdateStrategy',
            `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`,
          ] as Field,
        ]),
    ['Image', spec.template.spec.containers.map(container => container.image)],
  ]);
}

function daemonSet(each: DaemonSet): string[] {
  const { metadata, spec, status } = each;
  return fields([
    ['Name', metadata.name],
    ['Namespace', metadata.namespace ?? 'default'],
    ['Selector', selectorText(spec.selector)],
    ['Node-Selector', selectorText(spec.template.spec.nodeSelector ?? {})],
    ['Labels', pairs(metadata.labels)],
    ['Desired Number of Nodes Scheduled', String(status.desiredNumberScheduled)],
    ['Current Number of Nodes Scheduled', String(status.currentNumberScheduled)],
    ['Number of Nodes Scheduled with Available Pods', String(status.numberAvailable)],
    ['Image', spec.template.spec.containers.map(container => container.image)],
  ]);
}

function generic({ date }: Session, object: KubeObject): string[] {
  const { apiVersion, kind, metadata, ...rest } = presentable(object, date) as KubeObject;
  return [
    ...fields([
      ['Name', metadata.name],
      ['Namespace', metadata.namespace ?? ''],
      ['Labels', pairs(metadata.labels)],
      ['Annotations', colonPairs(metadata.annotations)],
      ['API Version', apiVersion],
      ['Kind', kind],
    ]),
    ...yamlLines(rest),
  ];
}

/** "Name:   value" with values in one column; lists go below each other. */
function fields(all: readonly Field[], indent = ''): string[] {
  const width = Math.max(...all.map(([name]) => name.length)) + 3;
  return all.flatMap(([name, value]) => {
    const values = typeof value === 'string' ? [value] : value.length === 0 ? ['<none>'] : value;
    return values.map((each, index) =>
      `${indent}${(index === 0 ? `${name}:` : '').padEnd(width)}${each}`.trimEnd(),
    );
  });
}

function colonPairs(map: Readonly<Record<string, string>> | undefined): readonly string[] {
  return Object.entries(map ?? {}).map(([key, value]) => `${key}: ${value}`);
}

function pairs(map: Readonly<Record<string, string>> | undefined): readonly string[] {
  return Object.entries(map ?? {}).map(([key, value]) => `${key}=${value}`);
}

function tolerationText(each: NonNullable<Pod['spec']['tolerations']>[number]): string {
  const key = each.key ?? '';
  const effect = each.effect === undefined ? '' : `:${each.effect}`;
  const operator = each.operator === 'Exists' ? ' op=Exists' : `=${each.value ?? ''}`;
  const seconds = each.tolerationSeconds === undefined ? '' : ` for ${each.tolerationSeconds}s`;
  return `${key}${effect}${operator}${seconds}`.trim();
}
