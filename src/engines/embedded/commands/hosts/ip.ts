import { isIpv4 } from '../../../../net/address.ts';
import { addressOf, containsAddress, lengthOf } from '../../../../net/prefix.ts';
import type { HostInterface } from '../../cluster/host-network.ts';
import type { NodeDevice } from '../../cluster/node-device.ts';
import type { Command, Terminal } from '../command.ts';
import { nodeOf } from './linux-host.ts';

/** `ip address|link|route|neigh` on a Kubernetes node. */
export const ip: Command = {
  name: 'ip',
  summary: 'interfaces and routes of a Kubernetes node: ip address, ip route, ip route get <address>',
  run(words, terminal) {
    const node = nodeOf(terminal);
    if (node === undefined) {
      terminal.err(
        'ip: the embedded lab answers this on Kubernetes nodes: docker exec datacenter-worker ip route',
      );
      return 1;
    }
    const rest = words.filter(word => !word.startsWith('-'));
    const brief = words.includes('-br') || words.includes('-brief');
    const [object = '', verb = 'show', ...more] = rest;
    if ('address'.startsWith(object) && object !== '')
      return showInterfaces(terminal, node, verb === 'show' ? more : [], true, brief);
    if ('link'.startsWith(object) && object !== '') {
      return verb === 'show'
        ? showInterfaces(terminal, node, more, false, brief)
        : refuseChange(terminal, words);
    }
    if ('route'.startsWith(object) && object !== '') {
      if (verb === 'get') return routeGet(terminal, node, more[0] ?? '');
      return verb === 'show' || verb === 'list' ? showRoutes(terminal, node) : refuseChange(terminal, words);
    }
    terminal.err(`ip: "${object}" is not answered by the embedded lab; address, link and route are`);
    return 1;
  },
};

function refuseChange(terminal: Terminal, words: readonly string[]): number {
  terminal.err(
    `ip ${words.join(' ')}: the embedded lab changes a node's network by building the stage links, or by breaking and healing (b)`,
  );
  return 1;
}

function showInterfaces(
  terminal: Terminal,
  node: NodeDevice,
  words: readonly string[],
  addresses: boolean,
  brief: boolean,
): number {
  const only = words.find(word => word !== 'dev');
  const all = node.interfaces();
  const shown = only === undefined ? all : all.filter(({ name }) => name === only);
  if (shown.length === 0) {
    terminal.err(`Device "${only}" does not exist.`);
    return 1;
  }
  for (const one of shown) {
    if (brief) terminal.out(briefLine(one, addresses));
    else for (const line of longLines(one, all.indexOf(one) + 1, addresses)) terminal.out(line);
  }
  return 0;
}

function briefLine(one: HostInterface, addresses: boolean): string {
  const last = addresses ? (one.address ?? '') : one.mac;
  return `${nameOf(one).padEnd(20)} ${(one.up ? 'UP' : 'DOWN').padEnd(8)} ${last}`.trimEnd();
}

function longLines(one: HostInterface, index: number, addresses: boolean): string[] {
  const flags = one.up ? 'BROADCAST,MULTICAST,UP,LOWER_UP' : 'NO-CARRIER,BROADCAST,MULTICAST,UP';
  const lines = [
    `${index}: ${nameOf(one)}: <${flags}> mtu ${one.mtu} state ${one.up ? 'UP' : 'DOWN'}`,
    `    link/ether ${one.mac} brd ff:ff:ff:ff:ff:ff`,
  ];
  if (one.vlan !== undefined) lines.push(`    vlan protocol 802.1Q id ${one.vlan}`);
  if (addresses && one.address !== undefined) lines.push(`    inet ${one.address} scope global ${one.name}`);
  return lines;
}

function nameOf(one: HostInterface): string {
  return one.parent === undefined ? one.name : `${one.name}@${one.parent}`;
}

function showRoutes(terminal: Terminal, node: NodeDevice): number {
  for (const route of node.hostRoutes()) {
    const where = route.via === undefined ? '' : ` via ${route.via}`;
    const source = route.source === undefined ? '' : ` src ${route.source}`;
    const scope = route.via === undefined ? ' scope link' : '';
    terminal.out(`${prefixText(route.prefix)}${where} dev ${route.device}${scope}${source}`);
  }
  return 0;
}

function routeGet(terminal: Terminal, node: NodeDevice, address: string): number {
  if (!isIpv4(address)) {
    terminal.err(`Error: any valid prefix is expected rather than "${address}".`);
    return 1;
  }
  const route = node.hostRoutes().find(({ prefix }) => containsAddress(prefix, address));
  if (route === undefined) {
    terminal.err('RTNETLINK answers: Network is unreachable');
    return 2;
  }
  const source = node.sourceAddressTowards(address, '');
  const where = route.via === undefined ? '' : ` via ${route.via}`;
  terminal.out(`${address}${where} dev ${route.device}${source === undefined ? '' : ` src ${source}`}`);
  return 0;
}

function prefixText(prefix: string): string {
  if (prefix === '0.0.0.0/0') return 'default';
  return lengthOf(prefix) === 32 ? addressOf(prefix) : prefix;
}
