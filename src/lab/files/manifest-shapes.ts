import * as v from 'valibot';
import { addressPool, bfdProfile, bgpAdvertisement, bgpPeer } from './metallb-shapes.ts';
import {
  ipv4,
  listOf,
  map,
  number,
  port,
  selector,
  text,
  texts,
  truth,
  unknownOrMissing,
} from './object-fields.ts';
import { shown } from './shapes.ts';

/* What the model reads of each kind, strictly typed; every other field of Kubernetes' API is kept as written. */

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
