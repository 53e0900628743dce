import { apiPortOf } from '../../../../kubectl/api-port.ts';
import { containerOf, type LabNode } from '../../../../lab/lab.ts';
import type { Ipv4 } from '../../../../net/address.ts';
import { hashText } from '../../random.ts';
import type { Terminal } from '../command.ts';

/** A container of the lab as Docker sees it. */
export type Container = {
  readonly node: LabNode;
  readonly name: string;
  /** 64 hexadecimal digits, of our own making: another one when the container is made anew. */
  readonly id: string;
  readonly image: string;
  readonly command: string;
  readonly state: 'running' | 'paused' | 'exited';
  /** Lab milliseconds. */
  readonly createdAt: number;
  readonly startedAt: number;
  readonly stoppedAt: number | undefined;
  readonly address: Ipv4 | undefined;
  readonly ports: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** Every container that exists, the newest first as Docker lists them. */
export function containersOf(terminal: Terminal): Container[] {
  const { lab, world, clusters } = terminal.context;
  const states = new Map(lab.snapshot([]).nodes.map(node => [node.name, node.state]));
  const silent = new Set(
    [...world.faults.values()].flatMap(({ fault }) => (fault.kind === 'node-silent' ? [fault.node] : [])),
  );
  const addresses = new Map(
    clusters.states().flatMap(({ nodes }) => nodes.map(node => [node.name, node.address] as const)),
  );
  return lab.lab.nodes
    .flatMap((node): Container[] => {
      const state = states.get(node.name) ?? 'absent';
      if (state === 'absent') return [];
      const times = world.nodeTimes.get(node.name) ?? { created: world.now() };
      const name = containerOf(node);
      return [
        {
          node,
          name,
          id: identity(`${name} ${times.created}`),
          image: imageOf(terminal, node),
          command: COMMANDS[node.kind],
          state: state === 'stopped' ? 'exited' : silent.has(node.name) ? 'paused' : 'running',
          createdAt: times.created,
          startedAt: times.started ?? times.created,
          stoppedAt: times.stopped,
          address: node.kind === 'cluster-node' ? addresses.get(node.name) : node.managementAddress,
          ports:
            node.kind === 'cluster-node' && node.role === 'control-plane'
              ? `127.0.0.1:${apiPortOf(lab.lab, node.cluster)}->6443/tcp`
              : '',
          labels: labelsOf(terminal, node),
        },
      ];
    })
    .sort((a, b) => b.createdAt - a.createdAt);
}

/** By name, by the beginning of its id, or by the node's short name, which people type too. */
export function containerNamed(terminal: Terminal, name: string): Container | undefined {
  const all = containersOf(terminal);
  return (
    all.find(one => one.name === name || one.node.name === name) ??
    (/^[0-9a-f]{4,64}$/.test(name) ? all.find(({ id }) => id.startsWith(name)) : undefined)
  );
}

export function nodeNamed(terminal: Terminal, name: string): LabNode | undefined {
  return terminal.context.lab.lab.nodes.find(node => containerOf(node) === name || node.name === name);
}

/** 64 hexadecimal digits for a name. */
export function identity(name: string): string {
  return Array.from({ length: 8 }, (_, part) =>
    hashText(`${name} ${part}`).toString(16).padStart(8, '0'),
  ).join('');
}

/** "Up 42 seconds", "Up 2 minutes (Paused)", "Exited (137) 3 seconds ago". */
export function statusText(container: Container, now: number): string {
  if (container.state === 'exited') return `Exited (137) ${ago(now - (container.stoppedAt ?? now))}`;
  const up = `Up ${humanDuration(now - container.startedAt)}`;
  return container.state === 'paused' ? `${up} (Paused)` : up;
}

export function ago(milliseconds: number): string {
  return `${humanDuration(milliseconds)} ago`;
}

/** A duration in Docker's words. */
function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

/** What Docker shows as COMMAND of the lab's images. */
const COMMANDS = {
  switch: '/tini -- fixuid -q /entrypoint.sh sudo bash /opt/srlinux/bin/sr_linux',
  'cluster-node': '/usr/local/bin/entrypoint /sbin/init',
  container: '/bin/sh',
} as const;

function imageOf(terminal: Terminal, node: LabNode): string {
  if (node.kind !== 'cluster-node') return node.image;
  if (node.container !== undefined) return node.container.image;
  const image = terminal.context.lab.lab.clusters.find(({ name }) => name === node.cluster)?.image ?? '';
  return image.replace(/@sha256:.*$/, '');
}

function labelsOf(terminal: Terminal, node: LabNode): Record<string, string> {
  if (node.kind === 'cluster-node' && node.container === undefined) {
    return { 'io.x-k8s.kind.cluster': node.cluster, 'io.x-k8s.kind.role': node.role };
  }
  const { lab } = terminal.context.lab;
  return {
    'clab-node-kind': node.kind === 'switch' && node.type !== 'frr' ? 'nokia_srlinux' : 'linux',
    'clab-node-longname': containerOf(node),
    'clab-node-name': node.name,
    'clab-topo-file': lab.topologyFile,
    containerlab: lab.name,
  };
}
