import { access } from 'node:fs/promises';
import type { KubeObject } from '../../../kube/objects.ts';
import {
  containerlab,
  containerlabEnv,
  type Endpoint,
  readInterfaces,
} from '../../../programs/containerlab.ts';
import type { DockerContainer } from '../../../programs/docker.ts';
import { kubectl } from '../../../programs/kubectl.ts';
import type { ProgramResult } from '../../../programs/run-program.ts';
import type { Machine } from '../machine.ts';
import { hasImage } from './loaded-images.ts';
import { misfits } from './network-fit.ts';
import { portIsSet } from './node-port.ts';
import { kubeconfigOf } from './step-commands.ts';
import type { Step } from './steps.ts';

/** Whether what a step makes is there already, whoever made it. What cannot be asked is not there. */
export async function isThere({ work }: Step, machine: Machine): Promise<boolean> {
  const { docker } = machine;
  switch (work.type) {
    case 'network': {
      const network = answered(await docker.network(work.name));
      return network !== undefined && misfits(network, work.prefix).length === 0;
    }
    case 'pull':
      return answered(await docker.image(work.image)) !== undefined;
    case 'fabric':
      return (
        runs(await fabricContainers(machine), work.containers) && (await hasAllLinks(machine, work.ends))
      );
    case 'cluster': {
      if (!runs(await clusterContainers(machine, work.cluster.name), work.nodes)) return false;
      const kubeconfig = kubeconfigOf(work.cluster, machine.folder);
      if (!(await exists(kubeconfig))) return false;
      const nodes = await machine.run(kubectl.nodes(kubeconfig), { timeout: 10_000 });
      return nodes.exitCode === 0 && readyNodes(nodes.stdout) === work.nodes.length;
    }
    case 'load': {
      const answers = await Promise.all(work.nodes.map(node => hasImage(docker, node, work.image)));
      return answers.every(Boolean);
    }
    case 'cable': {
      const ends = [work.node, work.switchPort];
      const found = await Promise.all(
        ends.map(({ container, device }) =>
          docker.exec(container, ['ip', '-j', 'link', 'show', 'dev', device]),
        ),
      );
      return found.every(({ exitCode }) => exitCode === 0);
    }
    case 'port':
      return portIsSet(docker, work.node, work.attachment);
    case 'apply': {
      const kubeconfig = kubeconfigOf(work.cluster, machine.folder);
      if (work.resource.objects.length === 0 || !(await exists(kubeconfig))) return false;
      const asked = await Promise.all(
        byNamespace(work.resource.objects).map(([namespace, objects]) =>
          machine.run(kubectl.exist(kubeconfig, namespace, objects), { timeout: 10_000 }),
        ),
      );
      return asked.every(result => result.exitCode === 0) && areReady(asked, work.resource.objects.length);
    }
  }
}

/** A switch that Docker started again has lost its links: that it runs says nothing about them. */
async function hasAllLinks(machine: Machine, ends: readonly Endpoint[]): Promise<boolean> {
  if (ends.length === 0) return true;
  const { lab, privilege } = machine;
  const result = await machine.run(containerlab.interfaces(privilege, lab.name), {
    timeout: 30_000,
    env: containerlabEnv,
  });
  const found = new Set(readInterfaces(result.stdout).map(one => `${one.container} ${one.name}`));
  return ends.every(({ container, device }) => found.has(`${container} ${device}`));
}

/** Containers that containerlab says are this lab's. */
export async function fabricContainers({ docker, lab }: Machine): Promise<readonly DockerContainer[]> {
  return answered(await docker.containers({ label: `containerlab=${lab.name}` })) ?? [];
}

/** Containers that kind says are this cluster's. */
export async function clusterContainers(
  { docker }: Machine,
  cluster: string,
): Promise<readonly DockerContainer[]> {
  return answered(await docker.containers({ label: `io.x-k8s.kind.cluster=${cluster}` })) ?? [];
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function answered<Value>(
  answer: { readonly outcome: 'done'; readonly value: Value } | { readonly outcome: 'failed' },
): Value | undefined {
  return answer.outcome === 'done' ? answer.value : undefined;
}

function runs(containers: readonly DockerContainer[], wanted: readonly string[]): boolean {
  return (
    wanted.length > 0 &&
    wanted.every(name => containers.some(one => one.name === name && one.state === 'running'))
  );
}

function byNamespace(objects: readonly KubeObject[]): [string, { kind: string; name: string }[]][] {
  const namespaces = new Map<string, { kind: string; name: string }[]>();
  for (const { apiVersion, kind, metadata } of objects) {
    const namespace = metadata.namespace ?? 'default';
    const own = namespaces.get(namespace) ?? [];
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    own.push({ kind: group === '' ? kind : `${kind}.${group}`, name: metadata.name });
    namespaces.set(namespace, own);
  }
  return [...namespaces];
}

type Status = Readonly<Record<string, unknown>>;
type Listed = { readonly kind?: string; readonly spec?: Status; readonly status?: Status };

function areReady(results: readonly ProgramResult[], wanted: number): boolean {
  const found = results.flatMap(({ stdout }) => itemsOf(stdout));
  return found.length === wanted && found.every(isReady);
}

function isReady({ kind, spec = {}, status = {} }: Listed): boolean {
  const count = (value: unknown) => (typeof value === 'number' ? value : 0);
  if (kind === 'Deployment') return count(status['readyReplicas']) >= count(spec['replicas']);
  if (kind === 'DaemonSet')
    return (
      count(status['desiredNumberScheduled']) > 0 &&
      count(status['numberReady']) >= count(status['desiredNumberScheduled'])
    );
  if (kind === 'Service' && spec['type'] === 'LoadBalancer')
    return JSON.stringify(status['loadBalancer'] ?? {}).includes('"ip"');
  return true;
}

/** Nodes of `get nodes -o json` whose condition Ready is True. */
export function readyNodes(text: string): number {
  return itemsOf(text).filter(({ status = {} }) => {
    const conditions = Array.isArray(status['conditions']) ? (status['conditions'] as Status[]) : [];
    return conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  }).length;
}

/** A list's items, or the one object that was found. */
function itemsOf(text: string): Listed[] {
  try {
    const value = JSON.parse(text) as Listed & { readonly items?: readonly Listed[] };
    return value.kind === 'List' ? [...(value.items ?? [])] : [value];
  } catch {
    return [];
  }
}
