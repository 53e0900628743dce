import type { SwitchNode } from '../../../../lab/lab.ts';
import type { Terminal } from '../command.ts';
import { showBfd } from './show-bfd.ts';
import { showBgp } from './show-bgp.ts';
import { showBridgeTable, showTunnelInterface } from './show-bridging.ts';
import { showInterface } from './show-interface.ts';
import { showNetworkInstances, showRouteTable } from './show-network-instance.ts';
import { showArp, showLldp, showVersion } from './show-system.ts';
import { View } from './view.ts';

/** `show …`; false when the words mean nothing here. */
export function show(
  terminal: Terminal,
  node: SwitchNode,
  words: readonly string[],
  form: 'text' | 'json',
): boolean {
  const view = new View(terminal, node, form);
  const [topic, ...rest] = words;
  if (topic === 'version') return showVersion(view);
  if (topic === 'interface') return showInterface(view, rest);
  if (topic === 'bfd') return showBfd(view);
  if (topic === 'arpnd') return showArp(view);
  if (topic === 'tunnel-interface') return showTunnelInterface(view, rest);
  if (topic === 'system' && rest[0] === 'lldp') return showLldp(view);
  if (topic === 'network-instance') return showInstance(view, rest);
  return view.unknown(topic ?? '', [
    'version',
    'interface',
    'network-instance',
    'bfd',
    'arpnd',
    'tunnel-interface',
    'system lldp',
  ]);
}

function showInstance(view: View, words: readonly string[]): boolean {
  const [first, ...rest] = words;
  if (first === undefined || first === 'summary' || (first === '*' && rest[0] === 'summary')) {
    return showNetworkInstances(view);
  }
  const config = view.config?.networkInstances.find(({ name }) => name === first);
  if (config === undefined) {
    const known = view.config?.networkInstances.map(({ name }) => name).join("', '") ?? '';
    return view.refuse(`Error: there is no network-instance '${first}'. There are ['${known}']`);
  }
  const [topic, ...more] = rest;
  if (topic === undefined || topic === 'summary') return showNetworkInstances(view, config.name);
  if (topic === 'route-table') return showRouteTable(view, config.name, more);
  if (topic === 'bridge-table') return showBridgeTable(view, config.name);
  if (topic === 'interfaces') return showInterface(view, [], config.name);
  if (topic === 'protocols' && more[0] === 'bgp') return showBgp(view, config.name, more.slice(1));
  if (topic === 'protocols') return view.unknown(more[0] ?? '', ['bgp']);
  return view.unknown(topic, ['summary', 'interfaces', 'route-table', 'bridge-table', 'protocols bgp']);
}
