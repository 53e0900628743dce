import type {
  BfdProfile,
  BgpAdvertisement,
  BgpPeer,
  ConfigMap,
  DaemonSet,
  Deployment,
  EndpointSlice,
  IpAddressPool,
  KubeObject,
  Namespace,
  Node,
  Pod,
  PodSpec,
  ReplicaSet,
  Service,
} from '../kube/objects.ts';
import { conditionOf, podStatusWord, restartsOf } from '../kube/pod.ts';
import { selectorText } from '../kube/selector.ts';
import { ageText } from './age.ts';
import type { Surroundings } from './surroundings.ts';

/** A column of `kubectl get`; `wide` ones appear with `-o wide`. */
export type GetColumn = {
  readonly title: string;
  readonly wide?: true;
  readonly of: (object: KubeObject, now: number, date: Surroundings['date']) => string;
};

const NONE = '<none>';
const name: GetColumn = { title: 'NAME', of: object => object.metadata.name };
const age: GetColumn = {
  title: 'AGE',
  of: (object, now) => ageText(object.metadata.creationTimestamp, now),
};

function columns<T extends KubeObject>(
  titles: Readonly<Record<string, (object: T, now: number) => string>>,
  wide: Readonly<Record<string, (object: T, now: number) => string>> = {},
): GetColumn[] {
  return [
    ...Object.entries(titles).map(([title, of]) => ({
      title,
      of: (object: KubeObject, now: number) => of(object as T, now),
    })),
    ...Object.entries(wide).map(([title, of]) => ({
      title,
      wide: true as const,
      of: (object: KubeObject, now: number) => of(object as T, now),
    })),
  ];
}

type Workload = Deployment | ReplicaSet | DaemonSet;

const workloadColumns: readonly GetColumn[] = columns<Workload>(
  {},
  {
    CONTAINERS: each => containersOf(each.spec.template.spec, container => container.name),
    IMAGES: each => containersOf(each.spec.template.spec, container => container.image),
    SELECTOR: each => selectorText(each.spec.selector),
  },
);

function containersOf(spec: PodSpec, of: (container: PodSpec['containers'][number]) => string): string {
  return spec.containers.map(of).join(',');
}

const byKind: Readonly<Record<string, readonly GetColumn[]>> = {
  Namespace: [name, ...columns<Namespace>({ STATUS: each => each.status?.phase ?? 'Active' }), age],
  Node: [
    name,
    ...columns<Node>({ STATUS: nodeStatus, ROLES: rolesOf }),
    age,
    ...columns<Node>(
      { VERSION: node => node.status.nodeInfo.kubeletVersion },
      {
        'INTERNAL-IP': node =>
          node.status.addresses.find(each => each.type === 'InternalIP')?.address ?? NONE,
        'EXTERNAL-IP': () => NONE,
        'OS-IMAGE': () => '<unknown>',
        'KERNEL-VERSION': () => '<unknown>',
        'CONTAINER-RUNTIME': () => '<unknown>',
      },
    ),
  ],
  Pod: [
    name,
    ...columns<Pod>({ READY: readyOf, STATUS: podStatusWord, RESTARTS: restartsText }),
    age,
    ...columns<Pod>(
      {},
      {
        IP: pod => pod.status.podIP ?? NONE,
        NODE: pod => pod.spec.nodeName ?? NONE,
        'NOMINATED NODE': () => NONE,
        'READINESS GATES': () => NONE,
      },
    ),
  ],
  Service: [
    name,
    ...columns<Service>({
      TYPE: service => service.spec.type,
      'CLUSTER-IP': service => service.spec.clusterIP,
      'EXTERNAL-IP': externalIp,
      'PORT(S)': service =>
        service.spec.ports
          .map(
            port => `${port.port}${port.nodePort === undefined ? '' : `:${port.nodePort}`}/${port.protocol}`,
          )
          .join(','),
    }),
    age,
    ...columns<Service>({}, { SELECTOR: service => selectorText(service.spec.selector) }),
  ],
  Deployment: [
    name,
    ...columns<Deployment>({
      READY: each => `${each.status.readyReplicas}/${each.spec.replicas}`,
      'UP-TO-DATE': each => String(each.status.updatedReplicas),
      AVAILABLE: each => String(each.status.availableReplicas),
    }),
    age,
    ...workloadColumns,
  ],
  ReplicaSet: [
    name,
    ...columns<ReplicaSet>({
      DESIRED: each => String(each.spec.replicas),
      CURRENT: each => String(each.status.replicas),
      READY: each => String(each.status.readyReplicas),
    }),
    age,
    ...workloadColumns,
  ],
  DaemonSet: [
    name,
    ...columns<DaemonSet>({
      DESIRED: each => String(each.status.desiredNumberScheduled),
      CURRENT: each => String(each.status.currentNumberScheduled),
      READY: each => String(each.status.numberReady),
      'UP-TO-DATE': each => String(each.status.updatedNumberScheduled),
      AVAILABLE: each => String(each.status.numberAvailable),
      'NODE SELECTOR': each => selectorText(each.spec.template.spec.nodeSelector ?? {}),
    }),
    age,
    ...workloadColumns,
  ],
  EndpointSlice: [
    name,
    ...columns<EndpointSlice>({
      ADDRESSTYPE: each => each.addressType,
      PORTS: each => listText(each.ports.map(port => String(port.port))),
      ENDPOINTS: each => shortList(each.endpoints.flatMap(endpoint => endpoint.addresses)),
    }),
    age,
  ],
  Endpoints: [name, ...columns<KubeObject>({ ENDPOINTS: endpointsText }), age],
  ConfigMap: [name, ...columns<ConfigMap>({ DATA: map => String(Object.keys(map.data ?? {}).length) }), age],
  BGPPeer: [
    name,
    ...columns<BgpPeer>({
      ADDRESS: peer => peer.spec.peerAddress ?? '',
      ASN: peer => String(peer.spec.peerASN ?? ''),
      'BFD PROFILE': peer => peer.spec.bfdProfile ?? '',
      'MULTI HOPS': peer => (peer.spec.ebgpMultiHop === undefined ? '' : String(peer.spec.ebgpMultiHop)),
    }),
  ],
  IPAddressPool: [
    name,
    ...columns<IpAddressPool>({
      'AUTO ASSIGN': pool => String(pool.spec.autoAssign ?? true),
      'AVOID BUGGY IPS': pool => String(pool.spec.avoidBuggyIPs ?? false),
      ADDRESSES: pool => JSON.stringify(pool.spec.addresses),
    }),
  ],
  BGPAdvertisement: [
    name,
    ...columns<BgpAdvertisement>(
      {
        IPADDRESSPOOLS: each => jsonOrEmpty(each.spec?.ipAddressPools),
        'IPADDRESSPOOL SELECTORS': each => jsonOrEmpty(each.spec?.ipAddressPoolSelectors),
        PEERS: each => jsonOrEmpty(each.spec?.peers),
      },
      { 'NODE SELECTORS': each => jsonOrEmpty(each.spec?.nodeSelectors) },
    ),
  ],
  BFDProfile: [
    name,
    ...columns<BfdProfile>({
      'PASSIVE MODE': each => jsonOrEmpty(each.spec?.passiveMode),
      'TRANSMIT INTERVAL': each => jsonOrEmpty(each.spec?.transmitInterval),
      'RECEIVE INTERVAL': each => jsonOrEmpty(each.spec?.receiveInterval),
      MULTIPLIER: each => jsonOrEmpty(each.spec?.detectMultiplier),
    }),
  ],
  CustomResourceDefinition: [
    name,
    { title: 'CREATED AT', of: ({ metadata }, _now, date) => date(metadata.creationTimestamp ?? 0) },
  ],
  BGPSessionState: [
    name,
    ...columns<KubeObject>({
      NODE: each => statusText(each, 'node'),
      PEER: each => statusText(each, 'peer'),
      VRF: each => statusText(each, 'vrf'),
      BGP: each => statusText(each, 'bgpStatus'),
      BFD: each => statusText(each, 'bfdStatus'),
    }),
  ],
  ServiceBGPStatus: [
    name,
    ...columns<KubeObject>({
      NODE: each => statusText(each, 'node'),
      'SERVICE NAME': each => statusText(each, 'serviceName'),
      'SERVICE NAMESPACE': each => statusText(each, 'serviceNamespace'),
    }),
  ],
};

/** The columns of a kind as kubectl prints them. */
export function columnsOf(kind: string, wide: boolean): readonly GetColumn[] {
  return (byKind[kind] ?? [name, age]).filter(column => wide || column.wide !== true);
}

/** "Ready", "NotReady", "Ready,SchedulingDisabled". */
function nodeStatus(node: Node): string {
  const ready = conditionOf(node.status.conditions, 'Ready')?.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec.unschedulable === true ? `${ready},SchedulingDisabled` : ready;
}

export function rolesOf(node: Node): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter(label => label.startsWith(prefix))
    .map(label => label.slice(prefix.length));
  return roles.length === 0 ? NONE : roles.sort().join(',');
}

function readyOf(pod: Pod): string {
  const ready = pod.status.containerStatuses.filter(status => status.ready).length;
  return `${ready}/${pod.spec.containers.length}`;
}

export function externalIp(service: Service): string {
  if (service.spec.type !== 'LoadBalancer') return NONE;
  return service.status.loadBalancer.ingress?.map(({ ip }) => ip).join(',') ?? '<pending>';
}

/** At most three, then how many more. */
export function shortList(items: readonly string[]): string {
  if (items.length === 0) return NONE;
  const more = items.length > 3 ? ` + ${items.length - 3} more...` : '';
  return `${items.slice(0, 3).join(',')}${more}`;
}

function restartsText(pod: Pod, now: number): string {
  const restarts = restartsOf(pod);
  const ended = pod.status.containerStatuses.flatMap(({ lastState }) =>
    lastState !== undefined && 'terminated' in lastState ? [lastState.terminated.finishedAt] : [],
  );
  return restarts === 0 || ended.length === 0
    ? String(restarts)
    : `${restarts} (${ageText(Math.max(...ended), now)} ago)`;
}

function endpointsText(object: KubeObject): string {
  const subsets = object['subsets'] as readonly {
    readonly addresses: readonly { readonly ip: string }[];
    readonly ports: readonly { readonly port: number }[];
  }[];
  return shortList(
    subsets.flatMap(({ addresses, ports }) =>
      addresses.flatMap(({ ip }) => ports.map(({ port }) => `${ip}:${port}`)),
    ),
  );
}

function listText(items: readonly string[]): string {
  return items.length === 0 ? '<unset>' : items.join(',');
}

function jsonOrEmpty(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

function statusText(object: KubeObject, field: string): string {
  return String((object.status as Readonly<Record<string, unknown>>)[field] ?? '');
}
