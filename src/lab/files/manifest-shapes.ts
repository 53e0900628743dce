import * as v from 'valibot';
import { isIpv4, toNumber } from '../../net/address.ts';
import { isAddressWithLength } from '../../net/prefix.ts';
import { shown } from './shapes.ts';

/*
 * What the model reads of each kind, strictly typed; every other field of Kubernetes' API is kept as written.
 * Kinds of MetalLB are closed: an unknown field there is refused, as the API server refuses it.
 */

const text = v.string(issue => `${issue.received} is no text\na text (numbers and true/false need quotes)`);
const number = (from: number, to: number) =>
  v.pipe(
    v.number(issue => `${issue.received} is no number\na number from ${from} to ${to}`),
    v.check(
      value => Number.isInteger(value) && value >= from && value <= to,
      issue => `${issue.input} is out of range\na number from ${from} to ${to}`,
    ),
  );
const truth = v.boolean(issue => `${issue.received} is neither true nor false\ntrue or false`);
const texts = v.record(
  v.string('a key should be a text\nkey: value'),
  text,
  'this should be a map of texts\nkey: value',
);
const listOf = <const Item extends v.GenericSchema>(item: Item) =>
  v.array(item, 'this should be a list\n- …');
const ipv4 = v.pipe(
  text,
  v.check(isIpv4, issue => `"${shown(issue.input)}" is no IPv4 address\nlike 1.1.1.201`),
);
const asn = number(1, 4_294_967_295);
const port = number(1, 65_535);
const map = 'this should be a map of keys and values\nkey: value';

/** Names of most objects are lower-case; those of roles may hold almost anything. */
export const metadata = metadataWith(
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
  'lower-case letters, digits, . and -',
);

export const rbacMetadata = metadataWith(/^[^/%\s]{1,253}$/, 'a name without / and %');

function metadataWith(pattern: RegExp, expected: string) {
  return v.looseObject(
    {
      name: v.pipe(
        text,
        v.check(
          value => pattern.test(value),
          issue => `"${shown(issue.input)}" is no object name\n${expected}`,
        ),
      ),
      namespace: v.optional(text),
      labels: v.nullish(texts),
      annotations: v.nullish(texts),
    },
    issue => (issue.received === 'undefined' ? 'the key "name" is missing\nmetadata: {name: …}' : map),
  );
}

const selector = v.looseObject(
  {
    matchLabels: v.nullish(texts),
    matchExpressions: v.nullish(
      listOf(
        v.strictObject(
          {
            key: text,
            operator: v.picklist(
              ['In', 'NotIn', 'Exists', 'DoesNotExist'],
              issue => `${issue.received} is no operator\nIn, NotIn, Exists or DoesNotExist`,
            ),
            values: v.nullish(listOf(text)),
          },
          unknownOrMissing(['key', 'operator', 'values']),
        ),
      ),
    ),
  },
  map,
);

const container = v.looseObject(
  {
    name: text,
    image: text,
    imagePullPolicy: v.optional(
      v.picklist(
        ['Always', 'IfNotPresent', 'Never'],
        issue => `${issue.received} is no pull policy\nAlways, IfNotPresent or Never`,
      ),
    ),
    command: v.nullish(listOf(text)),
    args: v.nullish(listOf(text)),
    ports: v.nullish(listOf(v.looseObject({ containerPort: port }, unknownOrMissing(['containerPort'])))),
    env: v.nullish(
      listOf(v.looseObject({ name: text, value: v.optional(text) }, unknownOrMissing(['name', 'value']))),
    ),
  },
  unknownOrMissing(['name', 'image']),
);

const podSpec = v.looseObject(
  {
    containers: v.pipe(listOf(container), v.minLength(1, 'a pod needs a container\n- name: …')),
    nodeSelector: v.nullish(texts),
    nodeName: v.optional(text),
    hostNetwork: v.optional(truth),
    terminationGracePeriodSeconds: v.optional(number(0, 86_400)),
  },
  unknownOrMissing(['containers']),
);

const template = v.looseObject(
  {
    metadata: v.optional(v.looseObject({ labels: v.nullish(texts), annotations: v.nullish(texts) }, map)),
    spec: podSpec,
  },
  unknownOrMissing(['metadata', 'spec']),
);

const workload = v.looseObject(
  { replicas: v.optional(number(0, 10_000)), selector, template },
  unknownOrMissing(['replicas', 'selector', 'template']),
);

const servicePort = v.looseObject(
  {
    name: v.optional(text),
    port,
    targetPort: v.optional(
      v.union([port, text], 'this is no target port\na number, or the name of a container port'),
    ),
    nodePort: v.optional(number(30_000, 32_767)),
    protocol: v.optional(
      v.picklist(['TCP', 'UDP'], issue => `${issue.received} is not modelled\nTCP or UDP`),
    ),
  },
  unknownOrMissing(['port']),
);

const service = v.looseObject(
  {
    type: v.optional(
      v.picklist(
        ['ClusterIP', 'NodePort', 'LoadBalancer'],
        issue => `${issue.received} is no type of service here\nClusterIP, NodePort or LoadBalancer`,
      ),
    ),
    externalTrafficPolicy: v.optional(
      v.picklist(
        ['Cluster', 'Local'],
        issue => `${issue.received} is no traffic policy\nCluster or Local, with a capital`,
      ),
    ),
    selector: v.nullish(texts),
    ports: v.nullish(listOf(servicePort)),
    loadBalancerIP: v.optional(ipv4),
    loadBalancerClass: v.optional(text),
  },
  map,
);

const duration = v.pipe(
  text,
  v.check(
    value => /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value),
    issue => `"${shown(issue.input)}" is no duration\nlike 9s or 1m30s`,
  ),
);

const poolRange = v.pipe(
  text,
  v.check(
    isPoolRange,
    issue =>
      `"${shown(issue.input)}" is neither a prefix nor a range\nlike 10.254.254.240/28 or 10.0.0.1-10.0.0.9`,
  ),
);

function isPoolRange(value: string): boolean {
  if (isAddressWithLength(value)) return true;
  const [from = '', to = '', ...more] = value.split('-').map(end => end.trim());
  return more.length === 0 && isIpv4(from) && isIpv4(to) && toNumber(from) <= toNumber(to);
}

const bgpPeer = closed({
  myASN: asn,
  peerASN: v.optional(asn),
  dynamicASN: v.optional(
    v.picklist(['internal', 'external'], 'this is no kind of peer\ninternal or external'),
  ),
  localASN: v.optional(asn),
  peerAddress: v.optional(ipv4),
  interface: v.optional(text),
  sourceAddress: v.optional(ipv4),
  peerPort: v.optional(port),
  holdTime: v.optional(duration),
  keepaliveTime: v.optional(duration),
  connectTime: v.optional(duration),
  routerID: v.optional(ipv4),
  nodeSelectors: v.nullish(listOf(selector)),
  password: v.optional(text),
  passwordSecret: v.optional(v.unknown()),
  bfdProfile: v.optional(text),
  enableGracefulRestart: v.optional(truth),
  ebgpMultiHop: v.optional(truth),
  vrf: v.optional(text),
  disableMP: v.optional(truth),
  dualStackAddressFamily: v.optional(truth),
});

const addressPool = closed({
  addresses: v.pipe(listOf(poolRange), v.minLength(1, 'a pool needs addresses\n- 10.254.254.240/28')),
  autoAssign: v.optional(truth),
  avoidBuggyIPs: v.optional(truth),
  serviceAllocation: v.optional(
    closed({
      priority: v.optional(number(0, 2_147_483_647)),
      namespaces: v.nullish(listOf(text)),
      namespaceSelectors: v.nullish(listOf(selector)),
      serviceSelectors: v.nullish(listOf(selector)),
    }),
  ),
});

const bgpAdvertisement = closed({
  aggregationLength: v.optional(number(1, 32)),
  aggregationLengthV6: v.optional(number(1, 128)),
  localPref: v.optional(number(0, 4_294_967_295)),
  communities: v.nullish(listOf(text)),
  ipAddressPools: v.nullish(listOf(text)),
  ipAddressPoolSelectors: v.nullish(listOf(selector)),
  nodeSelectors: v.nullish(listOf(selector)),
  peers: v.nullish(listOf(text)),
  serviceSelectors: v.nullish(listOf(selector)),
});

const bfdProfile = closed({
  receiveInterval: v.optional(number(10, 60_000)),
  transmitInterval: v.optional(number(10, 60_000)),
  detectMultiplier: v.optional(number(2, 255)),
  echoInterval: v.optional(number(10, 60_000)),
  echoMode: v.optional(truth),
  passiveMode: v.optional(truth),
  minimumTtl: v.optional(number(1, 254)),
});

/** The whole object of a kind, beside `apiVersion`, `kind` and `metadata`. Kinds that are not here are kept as written. */
export const shapesByKind: ReadonlyMap<string, v.GenericSchema> = new Map<string, v.GenericSchema>([
  ['Deployment', withSpec(workload)],
  ['DaemonSet', withSpec(workload)],
  ['ReplicaSet', withSpec(workload)],
  ['Pod', withSpec(podSpec)],
  ['Service', withSpec(service)],
  ['ConfigMap', v.looseObject({ data: v.nullish(texts) })],
  ['BGPPeer', withSpec(bgpPeer)],
  ['IPAddressPool', withSpec(addressPool)],
  ['BGPAdvertisement', v.looseObject({ spec: v.nullish(bgpAdvertisement) })],
  ['BFDProfile', v.looseObject({ spec: v.nullish(bfdProfile) })],
  ['NetworkAttachmentDefinition', withSpec(v.looseObject({ config: text }, unknownOrMissing(['config'])))],
  [
    'CustomResourceDefinition',
    withSpec(
      v.looseObject(
        {
          group: text,
          names: v.looseObject({ kind: text, plural: text }, unknownOrMissing(['kind', 'plural'])),
        },
        unknownOrMissing(['group', 'names']),
      ),
    ),
  ],
]);

function withSpec<const Spec extends v.GenericSchema>(spec: Spec) {
  return v.looseObject({ spec }, unknownOrMissing(['spec']));
}

function closed<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, unknownOrMissing(Object.keys(entries)));
}

function unknownOrMissing(known: readonly string[]) {
  return (issue: v.BaseIssue<unknown>): string => {
    const key = String(issue.path?.at(-1)?.key ?? '');
    if (issue.expected === 'never') return `unknown key "${key}"\n${known.join(', ')}`;
    if (issue.received === 'undefined' && issue.expected !== 'Object')
      return `the key "${key}" is missing\n${key}: …`;
    return map;
  };
}
