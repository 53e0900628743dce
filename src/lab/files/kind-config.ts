import * as v from 'valibot';
import type { FileError } from '../lab-error.ts';
import { type Located, readOne } from './lab-file.ts';
import * as shape from './shapes.ts';

const { record, anything } = shape;

const kindConfig = record({
  kind: v.literal('Cluster', 'the kind should be Cluster\nkind: Cluster'),
  apiVersion: v.literal(
    'kind.x-k8s.io/v1alpha4',
    'the version should be v1alpha4\napiVersion: kind.x-k8s.io/v1alpha4',
  ),
  name: v.optional(shape.name),
  nodes: shape.optionalList(
    record({
      role: v.picklist(
        ['control-plane', 'worker'],
        issue => `${issue.received} is no role\ncontrol-plane or worker`,
      ),
      image: v.optional(shape.image),
      labels: v.nullish(v.record(v.string(), shape.labelText, 'labels should be a map\nname: value')),
      extraMounts: v.optional(anything),
      extraPortMappings: v.optional(anything),
      kubeadmConfigPatches: v.optional(anything),
      kubeadmConfigPatchesJSON6902: v.optional(anything),
    }),
  ),
  networking: v.nullish(
    record({
      ipFamily: v.optional(v.literal('ipv4', 'only IPv4 clusters are modelled\nipv4')),
      apiServerAddress: v.optional(anything),
      apiServerPort: v.optional(anything),
      podSubnet: v.optional(shape.prefix),
      serviceSubnet: v.optional(shape.prefix),
      disableDefaultCNI: v.optional(
        v.literal(false, 'a cluster without its own network plugin is not modelled\nfalse'),
      ),
      kubeProxyMode: v.optional(
        v.picklist(
          ['iptables', 'nftables', 'ipvs'],
          issue => `${issue.received} is not modelled\niptables, nftables or ipvs`,
        ),
      ),
      dnsSearch: v.optional(anything),
    }),
  ),
  featureGates: v.optional(anything),
  runtimeConfig: v.optional(anything),
  containerdConfigPatches: v.optional(anything),
  kubeadmConfigPatches: v.optional(anything),
});

export type KindConfig = v.InferOutput<typeof kindConfig>;

export type KindNode = {
  /** As kind names the container: "datacenter-control-plane", "datacenter-worker", "datacenter-worker2". */
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly labels: Readonly<Record<string, string>>;
};

export function readKindConfig(
  text: string,
  file: string,
  errors: FileError[],
): Located<KindConfig> | undefined {
  return readOne(kindConfig, text, file, errors, 'a kind cluster: kind, apiVersion, nodes');
}

/** The nodes of a cluster with their container names: the first of a role has no number. A configuration without nodes has one control-plane. */
export function kindNodes(config: KindConfig, cluster: string): KindNode[] {
  const counts = new Map<string, number>();
  const nodes = config.nodes.length === 0 ? [{ role: 'control-plane' as const, labels: null }] : config.nodes;
  return nodes.map(({ role, labels }) => {
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    return { name: `${cluster}-${role}${count === 1 ? '' : count}`, role, labels: labels ?? {} };
  });
}
