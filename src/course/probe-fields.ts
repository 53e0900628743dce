import type { Measurement } from '../lab/measurement.ts';
import type { Probe, ProbeName } from '../lab/probe.ts';
import type { Field } from './fields.ts';

/** One field description for each field of a union member, so that neither a probe nor a field of it is forgotten. */
type FieldsOf<T> = { readonly [K in keyof T]-?: Field };

const optional = <T extends Field['type']>(type: T) => ({ type, optional: true }) as const;
const needed = <T extends Field['type']>(type: T) => ({ type }) as const;

const sessionStates = { oneOf: ['idle', 'connect', 'active', 'opensent', 'openconfirm', 'established'] };
const spread = {
  client: needed('peer'),
  address: needed('address'),
  port: needed('port'),
  flows: optional('count'),
} as const;

/** What may be written below each probe's name in a lesson. */
export const probeFields: {
  readonly [N in ProbeName]: FieldsOf<Omit<Probe & { readonly probe: N }, 'probe' | 'absent'>>;
} = {
  'bgp.session': {
    node: needed('switch'),
    instance: optional('instance'),
    peer: optional('peer'),
    family: optional({ oneOf: ['ipv4-unicast', 'evpn'] }),
    state: optional(sessionStates),
    count: optional('count'),
    newerThan: optional('duration'),
  },
  'bfd.session': {
    node: needed('switch'),
    instance: optional('instance'),
    peer: optional('peer'),
    state: optional({ oneOf: ['up', 'down', 'init', 'admin-down'] }),
    count: optional('count'),
  },
  'rib.nexthops': {
    node: needed('switch'),
    instance: needed('instance'),
    prefix: needed('prefix'),
    count: optional('count'),
    nextHops: optional('peers'),
  },
  'rib.route': {
    node: needed('switch'),
    instance: needed('instance'),
    prefix: needed('prefix'),
    owner: optional({ oneOf: ['local', 'host', 'static', 'bgp', 'bgp-evpn', 'arp-nd'] }),
  },
  'evpn.route': {
    node: needed('switch'),
    type: needed({ oneOf: [2, 3, 5] }),
    prefix: optional('prefix'),
    address: optional('address'),
    mac: optional('mac'),
    vni: optional('count'),
    count: optional('count'),
  },
  'fib.ecmp': {
    node: needed('switch'),
    instance: needed('instance'),
    prefix: needed('prefix'),
    count: optional('count'),
    members: optional('peers'),
    algorithm: optional({ oneOf: ['hash-threshold', 'modulo', 'resilient'] }),
  },
  'service.address': {
    cluster: needed('cluster'),
    service: needed('text'),
    namespace: optional('text'),
    address: optional('address'),
  },
  'service.answers': spread,
  'flow.spread': {
    ...spread,
    over: needed('spread-over'),
    members: optional('count'),
    least: optional('fraction'),
    most: optional('fraction'),
  },
  'pod.ready': {
    cluster: needed('cluster'),
    name: needed('text'),
    namespace: optional('text'),
    node: optional('node'),
    count: needed('count'),
  },
  'node.ready': { node: needed('node') },
  'node.state': {
    node: needed('node'),
    state: needed({ oneOf: ['absent', 'starting', 'running', 'stopped'] }),
  },
  'link.state': { link: needed('link'), state: needed({ oneOf: ['absent', 'up', 'down', 'silent'] }) },
  'mac.known': { node: needed('switch'), instance: needed('instance'), address: needed('address') },
  'stage.done': { stage: needed('stage') },
  'fault.active': { fault: needed('fault') },
  'fault.none': {},
  'traffic.running': {},
  'traffic.answered': { last: needed('duration'), requests: needed('count'), share: needed('fraction') },
  'announced.from': { cluster: needed('cluster'), service: needed('text'), nodes: needed('nodes') },
};

const measuredFlows = {
  client: needed('peer'),
  address: needed('address'),
  port: needed('port'),
  flows: needed('count'),
  over: needed('spread-over'),
} as const;

type MeasureName = Measurement['measure'];

/** What may be written beside `measure:` in a prediction. */
export const measurementFields: {
  readonly [N in MeasureName]: FieldsOf<Omit<Measurement & { readonly measure: N }, 'measure'>>;
} = {
  'next-hops': { node: needed('switch'), instance: needed('instance'), prefix: needed('prefix') },
  sessions: { node: optional('switch'), instance: optional('instance') },
  'flow-share': { ...measuredFlows, member: needed('text') },
  'flows-moved': measuredFlows,
  'requests-lost': {},
  'requests-reset': {},
  detection: {},
  reconvergence: {},
  outage: {},
};
