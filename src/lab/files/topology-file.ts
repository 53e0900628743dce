import * as v from 'valibot';
import type { FileError } from '../lab-error.ts';
import { type Located, readOne } from './lab-file.ts';
import * as shape from './shapes.ts';

const { record, anything } = shape;

/** Keys of containerlab 0.78 to 0.81 that change nothing in the lab's model, but for one label. */
const plainNodeKeys = {
  'auto-remove': v.optional(anything),
  aliases: v.optional(anything),
  binds: v.optional(anything),
  'cap-add': v.optional(anything),
  certificate: v.optional(anything),
  cmd: v.optional(anything),
  config: v.optional(anything),
  cpu: v.optional(anything),
  'cpu-set': v.optional(anything),
  credentials: v.optional(anything),
  devices: v.optional(anything),
  dns: v.optional(anything),
  'enforce-startup-config': v.optional(anything),
  entrypoint: v.optional(anything),
  env: v.optional(anything),
  'env-files': v.optional(anything),
  exec: v.optional(anything),
  healthcheck: v.optional(anything),
  hostname: v.optional(anything),
  'image-pull-policy': v.optional(anything),
  labels: v.nullish(
    v.looseObject(
      { 'srklab-config': v.optional(shape.path) },
      'labels should be a map of names and texts\nNAME: …',
    ),
  ),
  license: v.optional(anything),
  'link-apply-mode': v.optional(anything),
  memory: v.optional(anything),
  'mgmt-ipv6': v.optional(anything),
  'network-mode': v.optional(anything),
  ports: v.optional(anything),
  position: v.optional(anything),
  'restart-policy': v.optional(anything),
  runtime: v.optional(anything),
  'shm-size': v.optional(anything),
  stages: v.optional(anything),
  'startup-delay': v.optional(anything),
  'suppress-startup-config': v.optional(anything),
  sysctls: v.optional(anything),
  user: v.optional(anything),
};

const kind = v.pipe(
  v.string(issue => `${issue.received} is no kind\nnokia_srlinux, srl or linux`),
  v.check(
    value => ['nokia_srlinux', 'srl', 'linux'].includes(value),
    issue =>
      `the lab does not know the kind "${shape.shown(issue.input)}"\nnokia_srlinux (or srl) for a switch, linux for a plain container`,
  ),
);

const nodeDefaults = {
  kind: v.optional(kind),
  group: v.optional(shape.name),
  image: v.optional(shape.image),
  type: v.optional(shape.name),
  'startup-config': v.optional(shape.path),
  ...plainNodeKeys,
};

const node = record({ 'mgmt-ipv4': v.optional(shape.ipv4), ...nodeDefaults });

const longEnd = record({
  node: shape.name,
  interface: shape.labelText,
  mac: v.optional(anything),
  ipv4: v.optional(anything),
  ipv6: v.optional(anything),
});

const ends = v.array(
  v.union([shape.endpoint, longEnd], issue => {
    const first = issue.issues?.find(inner => inner.path === undefined && typeof issue.input === 'string');
    return first?.message ?? 'this is no endpoint\n"node:interface", or node: … and interface: …';
  }),
  'endpoints should be a list\n["node:interface", "node:interface"]',
);

const link = record({
  type: v.optional(
    v.pipe(
      v.string('this is no link type\nveth'),
      v.check(
        value => value === 'veth',
        issue => `the lab does not model links of the type "${shape.shown(issue.input)}"\nveth`,
      ),
    ),
  ),
  endpoints: v.pipe(
    ends,
    v.length(
      2,
      issue => `a link has two ends, this one ${issue.received}\n["node:interface", "node:interface"]`,
    ),
  ),
  mtu: v.optional(anything),
  labels: v.optional(anything),
  vars: v.optional(anything),
  ipv4: v.optional(anything),
  ipv6: v.optional(anything),
});

const topologyFile = record({
  name: shape.name,
  prefix: v.nullish(
    v.union(
      [v.literal(''), v.literal('__lab-name'), shape.name],
      'this is no prefix\na name, "" or __lab-name',
    ),
  ),
  mgmt: v.optional(
    record({
      network: v.optional(shape.name),
      bridge: v.optional(anything),
      'ipv4-subnet': v.optional(
        v.union([v.literal('auto'), shape.loosePrefix], 'this is no IPv4 prefix\nlike 172.18.0.0/16'),
      ),
      'ipv6-subnet': v.optional(anything),
      'ipv4-gw': v.optional(shape.ipv4),
      'ipv6-gw': v.optional(anything),
      'ipv4-range': v.optional(anything),
      'ipv6-range': v.optional(anything),
      mtu: v.optional(anything),
      'external-access': v.optional(anything),
      'driver-opts': v.optional(anything),
    }),
  ),
  topology: record({
    defaults: v.nullish(record(nodeDefaults)),
    kinds: v.nullish(namedMap(record(nodeDefaults))),
    groups: v.nullish(namedMap(record(nodeDefaults))),
    nodes: namedMap(v.nullable(node)),
    links: shape.optionalList(link),
  }),
  settings: v.optional(anything),
  debug: v.optional(anything),
});

/** The part of a containerlab topology that the lab reads. */
export type TopologyFile = v.InferOutput<typeof topologyFile>;

export type TopologyNode = v.InferOutput<typeof node>;

export function readTopologyFile(
  text: string,
  file: string,
  errors: FileError[],
): Located<TopologyFile> | undefined {
  return readOne(topologyFile, text, file, errors, 'a containerlab topology: name, mgmt, topology');
}

/** A node's own keys over its group's, its kind's and the defaults. */
export function effectiveNode(
  topology: TopologyFile,
  name: string,
): TopologyNode & { readonly kind: string } {
  const { defaults, kinds, groups, nodes } = topology.topology;
  const own = nodes[name] ?? {};
  const group = groups?.[own.group ?? ''] ?? {};
  const kind = own.kind ?? group.kind ?? defaults?.kind ?? 'nokia_srlinux';
  return { ...defaults, ...kinds?.[kind], ...group, ...own, kind };
}

function namedMap<const Value extends v.GenericSchema>(value: Value) {
  return v.pipe(
    v.record(v.string(), value, 'this should be a map of names\nNAME: …'),
    v.check(
      map => Object.keys(map).every(key => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(key)),
      'a name here has signs that names cannot have\nletters, digits and . _ -, beginning with a letter or digit',
    ),
  );
}
