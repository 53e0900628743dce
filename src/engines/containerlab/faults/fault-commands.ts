import { resolve } from 'node:path';
import type { Lab, LabNode, LinkEnd } from '../../../lab/lab.ts';
import { containerOf } from '../../../lab/lab.ts';
import { argument } from '../../../programs/argument.ts';
import {
  containerlab,
  containerlabEnv,
  type Endpoint,
  type Impairment,
} from '../../../programs/containerlab.ts';
import type { PlannedCommand } from '../../../programs/planned-command.ts';
import { deviceOf } from '../../real/device-names.ts';
import { hasEnd } from '../../real/fault-ends.ts';
import { type EndChange, endKey } from '../../real/link-ends.ts';
import { commandsOf, type Setting } from '../build/step-commands.ts';
import { stepsOf } from '../build/steps.ts';

/** How packets are lost at an end: a rule on what comes in there, or an impairment of what the other end sends. */
export type DeafBy = 'nft' | 'netem';

/** What a node is to somebody who breaks things. */
export type NodeKind = 'srlinux' | 'linux';

export function kindOf(node: LabNode): NodeKind {
  return node.kind === 'switch' && !isLinuxSwitch(node) ? 'srlinux' : 'linux';
}

/** FRR on Linux: anything that is not SR Linux's own image. */
export function isLinuxSwitch(node: LabNode): boolean {
  return node.kind === 'switch' && !/srlinux/.test(node.image);
}

/** How a deaf end is made deaf, and what else netem has to do with what its other end sends. */
export type Loss = { readonly deafBy: DeafBy; readonly otherEndsImpairment: Impairment | undefined };

/** The commands for a change at one end. A table of nftables stands ready for the rules. */
export function endCommands(
  change: EndChange,
  setting: Setting,
  lossAt: (end: LinkEnd) => Loss,
): PlannedCommand[] {
  const { end, state, on } = change;
  const { container, device } = endpointOf(setting.lab, end);
  const node = nodeOf(setting.lab, end.node);
  if (state === 'down') {
    if (kindOf(node) === 'srlinux')
      return [
        exec(container, [
          'sr_cli',
          '--candidate-mode',
          '--commit-at-end',
          `set / interface ${argument.device(end.port)} admin-state ${on ? 'disable' : 'enable'}`,
        ]),
      ];
    const set = exec(container, ['ip', 'link', 'set', 'dev', device, on ? 'down' : 'up']);
    return on ? [set] : [set, ...portCommands(setting, end)];
  }
  const { deafBy, otherEndsImpairment } = lossAt(end);
  if (deafBy === 'netem') {
    const wanted = on ? LOSES_ALL : otherEndsImpairment;
    return netemCommands(otherEnd(setting.lab, end), wanted, setting);
  }
  const chain = `netdev ${NFT_TABLE} in-${device}`;
  // Said in one breath, and such that it can be said twice: nobody knows how far somebody came who was killed.
  const rule = on
    ? `add chain ${chain} { type filter hook ingress device "${device}" priority 0; policy drop; }`
    : `add chain ${chain}; delete chain ${chain}`;
  return [exec(container, ['nft', `add table netdev ${NFT_TABLE}; ${rule}`])];
}

const NFT_TABLE = 'srklab-loss';

export const LOSES_ALL: Impairment = { lossPercent: 100 };

/** What netem does to all that leaves an end from now on, instead of what it did before; undefined: nothing. */
export function netemCommands(
  end: LinkEnd,
  wanted: Impairment | undefined,
  { lab, privilege }: Setting,
): PlannedCommand[] {
  const on = endpointOf(lab, end);
  const argv =
    wanted === undefined ? containerlab.repair(privilege, on) : containerlab.impair(privilege, on, wanted);
  return [{ by: 'program', argv, env: containerlabEnv, asRoot: true }];
}

/** Stops a node such that its links are kept, and starts it again. A Kubernetes node's cables go with it: they are plugged in anew. */
export function nodeCommands(
  node: LabNode,
  setting: Setting,
): { stop: PlannedCommand[]; start: PlannedCommand[] } {
  const container = containerOf(node);
  const steps = stepsOf(setting.lab).filter(
    ({ work }) =>
      (work.type === 'cable' && work.node.container === container) ||
      (work.type === 'port' && work.node === container),
  );
  if (node.kind === 'cluster-node' && node.container === undefined) {
    return {
      stop: [docker('stop', '--time', '1', argument.name(node.name))],
      start: [docker('start', argument.name(node.name)), ...steps.flatMap(step => commandsOf(step, setting))],
    };
  }
  const topology = resolve(setting.folder, setting.lab.topologyFile);
  const command = (argv: string[]): PlannedCommand => ({
    by: 'program',
    argv,
    env: containerlabEnv,
    asRoot: true,
  });
  return {
    stop: [command(containerlab.stopNode(setting.privilege, topology, node.name))],
    start: [
      command(containerlab.startNode(setting.privilege, topology, node.name)),
      // Its addresses and routes are set anew; its cables were kept.
      ...steps.filter(({ work }) => work.type === 'port').flatMap(step => commandsOf(step, setting)),
    ],
  };
}

/** Whoever sets up the ports of a light switch that starts anew does it when it sees their cables: at most 10 s. */
export function untilPortIsOn(setting: Setting, end: LinkEnd): PlannedCommand[] {
  if (kindOf(nodeOf(setting.lab, end.node)) === 'srlinux') return [];
  const { container, device } = endpointOf(setting.lab, end);
  const on = 'ip link show dev "$1" 2>/dev/null | grep -q "[<,]UP[,>]"';
  const wait = `n=0; until ${on} || [ $n -ge 100 ]; do n=$((n+1)); sleep 0.1; done`;
  return [exec(container, ['sh', '-c', wait, 'sh', device])];
}

/** A router's BGP process gets a signal; if it ends, its supervisor starts it again. */
export function signalledSpeaker(node: LabNode, signal: 'KILL' | 'TERM' | 'STOP' | 'CONT'): PlannedCommand[] {
  const container = argument.name(containerOf(node));
  if (kindOf(node) === 'srlinux')
    return [exec(container, ['sr_cli', 'tools system app-management application bgp_mgr restart'])];
  // FRR's supervisor would take a daemon that stands still for dead, and start it again: it stands still as long.
  const names =
    signal === 'STOP' ? ['watchfrr', 'bgpd'] : signal === 'CONT' ? ['bgpd', 'watchfrr'] : ['bgpd'];
  return [exec(container, ['sh', '-c', SIGNAL, 'sh', signal, ...names])];
}

/** Sends processes a signal, by their names: a Kubernetes node's FRR runs in a pod, its files are not the node's. */
const SIGNAL = [
  'signal=$1; shift; found=',
  'for name; do for pid in $(grep -lx "$name" /proc/[0-9]*/comm 2>/dev/null | cut -d/ -f3); do',
  '  kill -s "$signal" "$pid" && [ "$name" = bgpd ] && found=yes',
  'done; done',
  // What is gone need not go on.
  '[ "$signal" = CONT ] || [ -n "$found" ] || { echo "no bgpd runs here"; exit 1; }',
].join('\n');

/** A Kubernetes node's address and routes go when its port goes down; nobody but the build puts them back. */
function portCommands(setting: Setting, end: LinkEnd): PlannedCommand[] {
  const container = endpointOf(setting.lab, end).container;
  return stepsOf(setting.lab)
    .filter(
      ({ work }) => work.type === 'port' && work.node === container && work.attachment.port === end.port,
    )
    .flatMap(step => commandsOf(step, setting))
    .filter(({ argv }) => !argv.includes('vlan') && !argv.some(word => word.startsWith('VLAN-')));
}

export function endpointOf(lab: Lab, { node, port }: LinkEnd): Endpoint {
  return {
    container: argument.name(containerOf(nodeOf(lab, node))),
    device: argument.device(deviceOf(port)),
  };
}

export function otherEnd(lab: Lab, end: LinkEnd): LinkEnd {
  const link = lab.links.find(each => hasEnd(each, end));
  if (link === undefined) throw new Error(`${end.node}:${end.port} is the end of no link`);
  return endKey(link.a) === endKey(end) ? link.b : link.a;
}

/** The node that the lab's own files name: a broken promise where there is none. */
export function nodeOf(lab: Lab, name: string): LabNode {
  const node = lab.nodes.find(each => each.name === name);
  if (node === undefined) throw new Error(`the lab has no node ${name}`);
  return node;
}

function exec(container: string, words: readonly string[]): PlannedCommand {
  return docker('exec', container, ...words);
}

function docker(...words: string[]): PlannedCommand {
  return { by: 'docker', argv: ['docker', ...words] };
}
