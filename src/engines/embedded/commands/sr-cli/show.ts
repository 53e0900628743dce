import type { SwitchNode } from '../../../../lab/lab.ts';
import type { Terminal } from '../command.ts';
import { showBfd } from './show-bfd.ts';
import { showBgp } from './show-bgp.ts';
import { showBgpEvpn } from './show-bgp-evpn.ts';
import { showBridgeTable } from './show-bridging.ts';
import { showInterface } from './show-interface.ts';
import { showNetworkInstances, showRouteTable } from './show-network-instance.ts';
import { showRoutingPolicy } from './show-policy.ts';
import { showArpnd, showSystem, showVersion } from './show-system.ts';
import { showTunnel, showTunnelInterface, showTunnelTable } from './show-tunnels.ts';
import { View } from './view.ts';
import { fits } from './wildcard.ts';

/** `show …`; false when the words mean nothing here. */
export function show(
  terminal: Terminal,
  node: SwitchNode,
  words: readonly string[],
  form: 'text' | 'json',
): boolean {
  const view = new View(terminal, node, form);
  const [topic, ...rest] = words;
  switch (topic) {
    case 'version':
      return rest.length > 0 ? view.unknown(rest[0] ?? '', ['version']) : showVersion(view);
    case 'interface':
      return showInterface(view, rest);
    case 'bfd':
      return showBfd(view, rest);
    case 'arpnd':
      return showArpnd(view, rest);
    case 'tunnel':
      return showTunnel(view, rest);
    case 'tunnel-interface':
      return showTunnelInterface(view, rest);
    case 'routing-policy':
      return showRoutingPolicy(view, rest);
    case 'system':
      return showSystem(view, rest);
    case 'platform':
      return view.refuse(
        'Error: the embedded lab has no chassis, power and fans; "show version" names the type, "show interface brief" the ports',
      );
    case 'network-instance':
      return showInstance(view, rest);
    default:
      return view.unknown(topic ?? '', TOPICS);
  }
}

const TOPICS = [
  'version',
  'interface [<name>] [brief|detail]',
  'network-instance [<name>|*] …',
  'bfd',
  'arpnd arp-entries',
  'tunnel vxlan-tunnel',
  'tunnel-interface',
  'routing-policy policy',
  'system lldp neighbor',
];

function showInstance(view: View, words: readonly string[]): boolean {
  const [first, ...rest] = words;
  const all = view.config?.networkInstances ?? [];
  if (first === undefined || first === 'summary' || (first === '*' && (rest[0] ?? 'summary') === 'summary')) {
    return showNetworkInstances(view);
  }
  if (first === '?') return view.unknown('?', ['summary', ...all.map(({ name }) => name), '*']);
  if (first.includes('*')) return everyInstance(view, first, rest);
  if (!all.some(({ name }) => name === first)) {
    const known = all.map(({ name }) => name).join("', '");
    return view.refuse(`Error: there is no network-instance '${first}'. There are ['${known}']`);
  }
  return oneInstance(view, first, rest);
}

/** Of the network-instances that a pattern names, those that have what is asked for. */
function everyInstance(view: View, pattern: string, words: readonly string[]): boolean {
  const [topic, protocol] = words;
  const fitting = (view.config?.networkInstances ?? []).filter(({ name }) => fits(pattern, name));
  const having = fitting.filter(({ type, bgp, bgpEvpn }) => {
    if (topic === 'route-table' || topic === 'tunnel-table') return type !== 'mac-vrf';
    if (topic === 'bridge-table') return type === 'mac-vrf';
    if (topic === 'protocols' && protocol === 'bgp') return bgp !== undefined;
    if (topic === 'protocols' && protocol === 'bgp-evpn') return bgpEvpn !== undefined;
    return true;
  });
  if (having.length === 0) return view.refuse(`Error: no network-instance fits '${pattern}'`);
  return having.every(({ name }) => oneInstance(view, name, words));
}

function oneInstance(view: View, name: string, words: readonly string[]): boolean {
  const [topic, ...more] = words;
  switch (topic) {
    case undefined:
    case 'summary':
      return showNetworkInstances(view, name);
    case 'route-table':
      return showRouteTable(view, name, more);
    case 'tunnel-table':
      return showTunnelTable(view, name, more);
    case 'bridge-table':
      return showBridgeTable(view, name, more);
    case 'interfaces':
      return showInterface(view, more, name);
    case 'protocols':
      if (more[0] === 'bgp') return showBgp(view, name, more.slice(1));
      if (more[0] === 'bgp-evpn') return showBgpEvpn(view, name, more.slice(1));
      return view.unknown(more[0] ?? '', ['bgp', 'bgp-evpn']);
    default:
      return view.unknown(topic, [
        'summary',
        'interfaces',
        'route-table',
        'tunnel-table',
        'bridge-table mac-table all',
        'protocols bgp',
        'protocols bgp-evpn',
      ]);
  }
}
