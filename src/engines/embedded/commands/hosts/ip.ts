import { isIpv4 } from '../../../../net/address.ts';
import { addressOf, isPrefix, lengthOf } from '../../../../net/prefix.ts';
import type { HostInterface } from '../../cluster/host-network.ts';
import type { HostRoute } from '../../cluster/route-list.ts';
import type { Command, Terminal } from '../command.ts';
import { flag, type Options, readOptions } from '../options.ts';
import { type HostView, hostView, routeTo } from './host-view.ts';

const FLAGS = ['4', '6', 's', 'stats', 'statistics', 'd', 'br', 'brief', 'c', 'o', 'oneline', 'n'];

/** `ip address|link|route|neighbor|rule` on a Kubernetes node or in a pod. */
export const ip: Command = {
  name: 'ip',
  summary:
    'interfaces, routes and neighbors of a host: ip address, ip route, ip route get <address>, ip neigh',
  run(words, terminal) {
    const view = hostView(terminal, 'ip');
    if (typeof view === 'string') {
      terminal.err(view);
      return 1;
    }
    // iproute2's long options have one dash.
    const doubled = words.map(word => (/^-[a-z46]+$/i.test(word) ? `-${word}` : word));
    const reading = readOptions(
      doubled,
      FLAGS.map(name => flag(name)),
    );
    if (reading.outcome === 'refused') {
      terminal.err(
        `Option "${reading.because.replace('unknown flag: -', '')}" is unknown, try "ip -help". Answered here: -br, -s, -4, -d`,
      );
      return 255;
    }
    const { options } = reading;
    if (options.has('6')) return 0;
    const [object = '', verb = 'show', ...more] = options.words;
    const shows = verb === 'show' || verb === 'list' || verb === 'ls' || verb === 'dev';
    const rest = verb === 'dev' ? [verb, ...more] : more;
    const is = (name: string, least = 1) => object.length >= least && name.startsWith(object);
    if (is('address'))
      return shows ? showInterfaces(view, terminal, rest, options, true) : refuseChange(terminal, words);
    if (is('link'))
      return shows ? showInterfaces(view, terminal, rest, options, false) : refuseChange(terminal, words);
    if (is('route') && verb === 'get') return routeGet(view, terminal, more[0] ?? '');
    if (is('route'))
      return shows ? showRoutes(view, terminal, rest) : showRoutesOrRefuse(view, terminal, words, verb);
    if (is('neighbour') || is('neighbor'))
      return shows ? showNeighbors(view, terminal, rest) : refuseChange(terminal, words);
    if (is('rule', 2)) {
      for (const [at, table] of [
        [0, 'local'],
        [32766, 'main'],
        [32767, 'default'],
      ] as const)
        terminal.out(`${at}:\tfrom all lookup ${table}`);
      return 0;
    }
    terminal.err(
      `ip: object "${object}" is not answered by the embedded lab; address, link, route, neigh and rule are`,
    );
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
  view: HostView,
  terminal: Terminal,
  words: readonly string[],
  options: Options,
  addresses: boolean,
): number {
  const only = words.find(word => word !== 'dev');
  const shown = view.interfaces.filter(({ name }) => only === undefined || name === only);
  if (shown.length === 0) {
    terminal.err(`Device "${only}" does not exist.`);
    return 1;
  }
  const brief = options.has('br') || options.has('brief');
  const statistics = ['s', 'stats', 'statistics'].some(name => options.has(name));
  for (const one of shown) {
    const lines = brief
      ? [briefLine(one, addresses)]
      : [
          ...longLines(one, view.interfaces.indexOf(one) + 1, addresses),
          ...(statistics ? counters(view, one) : []),
        ];
    for (const line of lines) terminal.out(line);
  }
  return 0;
}

function briefLine(one: HostInterface, addresses: boolean): string {
  const last = addresses ? (one.address ?? '') : `${one.mac} <${flagsOf(one)}>`;
  return `${nameOf(one).padEnd(16)} ${stateOf(one).padEnd(14)} ${last}`.trimEnd();
}

function longLines(one: HostInterface, index: number, addresses: boolean): string[] {
  const loopback = one.name === 'lo';
  const broadcast = loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
  const lines = [
    `${index}: ${nameOf(one)}: <${flagsOf(one)}> mtu ${one.mtu} qdisc noqueue state ${stateOf(one)} group default qlen 1000`,
    `    link/${loopback ? 'loopback' : 'ether'} ${one.mac} brd ${broadcast}`,
  ];
  if (one.vlan !== undefined) lines.push(`    vlan protocol 802.1Q id ${one.vlan}`);
  if (addresses && one.address !== undefined) {
    lines.push(`    inet ${one.address} scope ${loopback ? 'host' : 'global'} ${one.name}`);
    lines.push('       valid_lft forever preferred_lft forever');
  }
  return lines;
}

/** `-s`: packets are counted on the fabric's ports; octets are not. */
function counters({ node, instance }: HostView, { name }: HostInterface): string[] {
  const port = instance === '' ? node.ports.get(name) : undefined;
  if (port === undefined) return ['    (packets are counted on ports of the fabric only)'];
  const line = (packets: number) =>
    `    ${'-'.padStart(10)} ${String(packets).padStart(9)}      0       0       0       0`;
  return [
    '    RX:  bytes   packets errors dropped  missed   mcast',
    line(port.inPackets),
    '    TX:  bytes   packets errors dropped carrier collsns',
    line(port.outPackets),
  ];
}

function flagsOf(one: HostInterface): string {
  if (one.name === 'lo') return 'LOOPBACK,UP,LOWER_UP';
  return one.up ? 'BROADCAST,MULTICAST,UP,LOWER_UP' : 'NO-CARRIER,BROADCAST,MULTICAST,UP';
}

function stateOf(one: HostInterface): string {
  return one.name === 'lo' ? 'UNKNOWN' : one.up ? 'UP' : 'DOWN';
}

function nameOf(one: HostInterface): string {
  return one.parent === undefined ? one.name : `${one.name}@${one.parent}`;
}

function showRoutesOrRefuse(
  view: HostView,
  terminal: Terminal,
  words: readonly string[],
  verb: string,
): number {
  return isPrefix(verb) || isIpv4(verb) || verb === 'default'
    ? showRoutes(view, terminal, [verb])
    : refuseChange(terminal, words);
}

/** `ip route [show] [<prefix>] [dev <name>]`. */
function showRoutes({ routes }: HostView, terminal: Terminal, words: readonly string[]): number {
  const at = words.indexOf('dev');
  const device = at < 0 ? undefined : words[at + 1];
  const [wanted] = words.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const prefix = wanted === 'default' ? '0.0.0.0/0' : wanted;
  if (prefix !== undefined && !isPrefix(prefix) && !isIpv4(prefix)) {
    terminal.err(`Error: any valid prefix is expected rather than "${prefix}".`);
    return 1;
  }
  const whole = prefix === undefined || prefix.includes('/') ? prefix : `${prefix}/32`;
  for (const route of routes)
    if ((whole === undefined || route.prefix === whole) && (device === undefined || route.device === device))
      terminal.out(routeLine(route));
  return 0;
}

function routeLine({ prefix, via, device, source }: HostRoute): string {
  const where = via === undefined ? '' : ` via ${via}`;
  const from = source === undefined ? '' : ` src ${source}`;
  return `${prefixText(prefix)}${where} dev ${device}${via === undefined ? ' scope link' : ''}${from}`;
}

function routeGet(view: HostView, terminal: Terminal, address: string): number {
  if (!isIpv4(address)) {
    terminal.err(`Error: any valid prefix is expected rather than "${address}".`);
    return 1;
  }
  const route = routeTo(view, address);
  if (route === undefined) {
    terminal.err('RTNETLINK answers: Network is unreachable');
    return 2;
  }
  const source = view.node.sourceAddressTowards(address, view.instance);
  const where = route.via === undefined ? '' : ` via ${route.via}`;
  terminal.out(`${address}${where} dev ${route.device}${source === undefined ? '' : ` src ${source}`}`);
  return 0;
}

/** `ip neigh [show] [dev <name>]`: what was learnt by ARP on the fabric. */
function showNeighbors({ node, instance }: HostView, terminal: Terminal, words: readonly string[]): number {
  const only = words.find(word => word !== 'dev');
  if (instance !== '') {
    terminal.err('ip neigh: pods share the neighbors that their node has learnt; ask there');
    return 1;
  }
  for (const { address, device, mac, state } of node.neighborEntries())
    if (only === undefined || device === only || address === only)
      terminal.out(`${address} dev ${device} lladdr ${mac} ${state}`);
  return 0;
}

function prefixText(prefix: string): string {
  if (prefix === '0.0.0.0/0') return 'default';
  return lengthOf(prefix) === 32 ? addressOf(prefix) : prefix;
}
