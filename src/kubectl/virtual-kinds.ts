import type { EndpointSlice, KubeObject } from '../kube/objects.ts';
import { stateWord } from '../lab/state-word.ts';
import type { ResourceType } from './resources.ts';
import type { Session } from './session.ts';

const ENDPOINTS: ResourceType = {
  kind: 'Endpoints',
  group: '',
  plural: 'endpoints',
  singular: 'endpoints',
  namespaced: true,
};

const SERVICE_BGP_STATUS: ResourceType = {
  kind: 'ServiceBGPStatus',
  group: 'metallb.io',
  plural: 'servicebgpstatuses',
  singular: 'servicebgpstatus',
  namespaced: true,
};

const BGP_SESSION_STATE: ResourceType = {
  kind: 'BGPSessionState',
  group: 'frrk8s.metallb.io',
  plural: 'bgpsessionstates',
  singular: 'bgpsessionstate',
  namespaced: true,
};

/** Kinds that the model does not store but can tell, by what people type. */
const byWord: ReadonlyMap<string, ResourceType> = new Map(
  [ENDPOINTS, SERVICE_BGP_STATUS, BGP_SESSION_STATE].flatMap(type => [
    [type.plural, type] as const,
    [type.singular, type] as const,
    ...(type.group === '' ? [['ep', type] as const] : [[`${type.plural}.${type.group}`, type] as const]),
  ]),
);

/** The kind that a word means, where the cluster serves it. */
export function virtualKind(session: Session, word: string): ResourceType | undefined {
  const type = byWord.get(word.toLowerCase());
  return type !== undefined && served(session, type) ? type : undefined;
}

/** Those that the cluster serves now. */
export function virtualKinds(session: Session): ResourceType[] {
  return [ENDPOINTS, SERVICE_BGP_STATUS, BGP_SESSION_STATE].filter(type => served(session, type));
}

function served(session: Session, type: ResourceType): boolean {
  const { metallb } = session.run.cluster;
  if (type === ENDPOINTS) return true;
  if (metallb.namespace() === undefined) return false;
  return type !== BGP_SESSION_STATE || (metallb.mode() === 'frr-k8s' && session.sessions !== undefined);
}

/** MetalLB's definitions of the kinds that are told and not stored: `get crd` lists them too. */
export function virtualDefinitions(session: Session): KubeObject[] {
  return virtualKinds(session)
    .filter(({ group }) => group !== '')
    .map(({ kind, group, plural, singular }) => {
      const created = session.run.cluster.store
        .list('CustomResourceDefinition')
        .find(({ metadata }) => metadata.name.endsWith('metallb.io'))?.metadata.creationTimestamp;
      return {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: {
          name: `${plural}.${group}`,
          ...(created === undefined ? {} : { creationTimestamp: created }),
        },
        spec: { group, names: { kind, plural, singular }, scope: 'Namespaced' },
      };
    });
}

export function virtualObjects(
  session: Session,
  type: ResourceType,
  namespace: string | undefined,
): KubeObject[] {
  const { store } = session.run.cluster;
  if (type === ENDPOINTS) return endpointsOf(store.list('EndpointSlice', namespace));
  const all = type === SERVICE_BGP_STATUS ? serviceBgpStatuses(session) : bgpSessionStates(session);
  return all.filter(each => namespace === undefined || each.metadata.namespace === namespace);
}

function endpointsOf(slices: readonly EndpointSlice[]): KubeObject[] {
  return slices.map(slice => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: slice.metadata.labels?.['kubernetes.io/service-name'] ?? slice.metadata.name,
      ...(slice.metadata.namespace === undefined ? {} : { namespace: slice.metadata.namespace }),
      ...(slice.metadata.creationTimestamp === undefined
        ? {}
        : { creationTimestamp: slice.metadata.creationTimestamp }),
    },
    subsets: [
      {
        addresses: slice.endpoints
          .filter(endpoint => endpoint.conditions.ready)
          .map(endpoint => ({ ip: endpoint.addresses[0] ?? '', nodeName: endpoint.nodeName ?? '' })),
        ports: slice.ports,
      },
    ],
  }));
}

/** What each speaker writes: which peers a service's address is configured for. */
function serviceBgpStatuses(session: Session): KubeObject[] {
  const { metallb, store } = session.run.cluster;
  return metallb.announcements().flatMap(({ service, node, decision }) => {
    const object = store.get('Node', node);
    if (!decision.announced || object === undefined || !session.run.speakerRuns(node)) return [];
    const peers = metallb
      .sessions(object)
      .filter(each => each.advertisements.length > 0)
      .map(each => each.peer);
    if (peers.length === 0) return [];
    return [
      {
        apiVersion: 'metallb.io/v1beta1',
        kind: 'ServiceBGPStatus',
        metadata: {
          name: `bgp-${service.metadata.name}-${node}`,
          namespace: metallb.namespace() ?? 'metallb-system',
          labels: {
            'metallb.io/node': node,
            'metallb.io/service-name': service.metadata.name,
            'metallb.io/service-namespace': service.metadata.namespace ?? 'default',
          },
        },
        status: {
          node,
          peers,
          serviceName: service.metadata.name,
          serviceNamespace: service.metadata.namespace ?? 'default',
        },
      },
    ];
  });
}

const BFD_WORDS = { up: 'Up', down: 'Down', off: 'N/A' } as const;

/** What frr-k8s writes of each session of a node's FRR. */
function bgpSessionStates(session: Session): KubeObject[] {
  const { metallb, store } = session.run.cluster;
  const namespace = metallb.namespace() ?? 'metallb-system';
  return (session.sessions?.() ?? []).flatMap(({ node, peer, state, bfd }) => {
    const object = store.get('Node', node);
    // The lab's other routers have sessions, too.
    if (object === undefined) return [];
    const configured = metallb.sessions(object).find(({ peerAddress }) => peerAddress === peer);
    const told = {
      apiVersion: 'frrk8s.metallb.io/v1beta1',
      kind: 'BGPSessionState',
      metadata: {
        name: `${node}-${configured?.peer ?? peer}`,
        namespace,
        labels: { 'frrk8s.metallb.io/node': node, 'frrk8s.metallb.io/peer': peer },
      },
      status: { bfdStatus: BFD_WORDS[bfd], bgpStatus: stateWord(state), node, peer, vrf: '' },
    };
    return [told];
  });
}
