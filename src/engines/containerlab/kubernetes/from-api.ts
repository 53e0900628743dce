import type { KubeObject } from '../../../kube/objects.ts';
import type { ApiObject } from '../../../programs/kubernetes-api.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * An object of the API server in the form of `kube/objects.ts`: times are lab milliseconds, lists that the server leaves out when they
 * are empty are there, and what is unset where unset means something is filled in.
 */
export function fromApi(object: ApiObject, ofWall: (milliseconds: number) => number): KubeObject {
  const timed = withLabTimes(object, ofWall) as KubeObject & Fields;
  const shape = shapes[timed.kind];
  return shape === undefined ? timed : shape(timed);
}

/** Where the API has a time (RFC 3339); the same word is nowhere something else in what we watch. */
const timeFields = new Set([
  'creationTimestamp',
  'deletionTimestamp',
  'lastTransitionTime',
  'startedAt',
  'finishedAt',
  'startTime',
  'timeAdded',
]);

function withLabTimes(value: unknown, ofWall: (milliseconds: number) => number): unknown {
  if (Array.isArray(value)) return value.map(each => withLabTimes(each, ofWall));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      // The API server writes null for a time that is not set, and keeps pages of bookkeeping about who set which field.
      if (member === null || name === 'managedFields') return [];
      const at = timeFields.has(name) && typeof member === 'string' ? Date.parse(member) : Number.NaN;
      return [[name, Number.isNaN(at) ? withLabTimes(member, ofWall) : ofWall(at)]];
    }),
  );
}

const shapes: Readonly<Record<string, (object: KubeObject & Fields) => KubeObject>> = {
  Node: object => {
    const status = fieldsOf(object['status']);
    return {
      ...object,
      spec: { podCIDR: '', ...fieldsOf(object['spec']) },
      status: {
        nodeInfo: { kubeletVersion: '' },
        ...status,
        conditions: listOf(status['conditions']),
        addresses: listOf(status['addresses']),
      },
    };
  },
  Pod: object => {
    const status = fieldsOf(object['status']);
    return {
      ...object,
      spec: { ...fieldsOf(object['spec']), containers: listOf(fieldsOf(object['spec'])['containers']) },
      status: {
        phase: 'Pending',
        ...status,
        conditions: listOf(status['conditions']),
        containerStatuses: listOf(status['containerStatuses']),
      },
    };
  },
  Service: object => {
    const spec = fieldsOf(object['spec']);
    const status = fieldsOf(object['status']);
    return {
      ...object,
      spec: { clusterIP: 'None', ...spec, ports: listOf(spec['ports']) },
      status: { ...status, loadBalancer: fieldsOf(status['loadBalancer']) },
    };
  },
  EndpointSlice: object => ({
    ...object,
    endpoints: listOf(object['endpoints']).map(endpoint => {
      const conditions = fieldsOf(endpoint['conditions']);
      // discovery.k8s.io/v1: an unset `ready` is to be taken as true, an unset `serving` as `ready`.
      const ready = conditions['ready'] !== false;
      return {
        ...endpoint,
        addresses: listOf(endpoint['addresses']),
        conditions: {
          ready,
          serving: conditions['serving'] === undefined ? ready : conditions['serving'] === true,
          terminating: conditions['terminating'] === true,
        },
      };
    }),
    ports: listOf(object['ports']).map(port => ({ name: '', protocol: 'TCP', ...port })),
  }),
  // A definition's schemas are long, and nobody here reads them.
  CustomResourceDefinition: object => {
    const { group, names, scope } = fieldsOf(object['spec']);
    return {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: object.metadata,
      spec: { group, names, scope },
    };
  },
};

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value : [];
}
