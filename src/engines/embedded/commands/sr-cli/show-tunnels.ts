import { type Ipv4, isIpv4 } from '../../../../net/address.ts';
import { hostPrefix } from '../../../../net/prefix.ts';
import { destinationsOf, indexOf, vtepsOf } from './tunnels.ts';
import type { View } from './view.ts';

/** `show tunnel vxlan-tunnel [all | vtep <address>]`. */
export function showTunnel(view: View, words: readonly string[]): boolean {
  const [topic, form, vtep, ...more] = words;
  if (topic !== 'vxlan-tunnel')
    return view.unknown(topic ?? '', ['vxlan-tunnel all', 'vxlan-tunnel vtep <address>']);
  if (form === undefined || form === 'all' || (form === 'vtep' && vtep === '*')) return allTunnels(view);
  if (form !== 'vtep' || more.length > 0) return view.unknown(more[0] ?? form, ['all', 'vtep <address>']);
  const known = vtepsOf(view);
  if (vtep === undefined || !isIpv4(vtep) || !known.includes(vtep))
    return view.refuse(
      `Error: there is no VXLAN tunnel to '${vtep ?? ''}'. There are ['${known.join("', '")}']`,
    );
  const destinations = destinationsOf(view).filter(one => one.vtep === vtep);
  const rule = '-'.repeat(68);
  const bridged = destinations.filter(({ type }) => type !== 'ip-destination');
  view.lines([
    rule,
    'Show report for vxlan-tunnels vtep',
    rule,
    `VTEP Address: ${vtep}`,
    `Index       : ${indexOf(vtep)}`,
  ]);
  return view.table(
    ['Destinations'],
    [
      { title: 'Tunnel Interface', of: one => one.interface.name.split('.')[0] ?? '' },
      { title: 'VXLAN Interface', of: one => one.interface.name.split('.')[1] ?? '' },
      { title: 'Egress VNI', of: one => `${one.interface.ingressVni}` },
      { title: 'Type', of: one => one.type },
    ],
    destinations,
    [
      `${bridged.length} bridged destinations, ${count(bridged, 'multicast')} multicast, ${count(bridged, 'unicast')} unicast, 0 es`,
      `${destinations.length - bridged.length} routed destinations`,
    ],
  );
}

function allTunnels(view: View): true {
  const vteps = vtepsOf(view);
  return view.table(
    ['Show report for vxlan-tunnels'],
    [
      { title: 'VTEP Address', of: vtep => vtep },
      { title: 'Index', of: vtep => `${indexOf(vtep)}` },
    ],
    vteps,
    [`${vteps.length} VXLAN tunnels, ${vteps.length} active, 0 inactive`],
  );
}

/** `show network-instance <name> tunnel-table [all]`: tunnels live in the default network-instance. */
export function showTunnelTable(view: View, instance: string, words: readonly string[]): boolean {
  if (words[0] !== undefined && words[0] !== 'all') return view.unknown(words[0], ['all']);
  const vteps = instance === 'default' ? vtepsOf(view) : [];
  const routes = view.rows({ name: 'routes', node: view.node.name, instance: 'default' }) ?? [];
  const hopsTo = (vtep: Ipv4) =>
    routes.find(one => one.active && one.prefix === hostPrefix(vtep))?.nextHops ?? [];
  return view.table(
    [`IPv4 tunnel table of network-instance "${instance}"`],
    [
      { title: 'IPv4 Prefix', of: hostPrefix },
      { title: 'Encaps Type', of: () => 'vxlan' },
      { title: 'Tunnel Type', of: () => 'vxlan' },
      { title: 'Tunnel ID', of: vtep => `${vteps.indexOf(vtep) + 1}` },
      { title: 'FIB', of: () => 'Y' },
      { title: 'Metric', of: () => '0' },
      { title: 'Preference', of: () => '0' },
      {
        title: 'Next-hop (Type)',
        of: vtep =>
          hopsTo(vtep)
            .map(hop => `${hop.address ?? ''} (direct)`)
            .join('\n'),
      },
      {
        title: 'Next-hop',
        of: vtep =>
          hopsTo(vtep)
            .map(hop => hop.interface ?? '')
            .join('\n'),
      },
    ],
    vteps,
    vteps.length === 0
      ? ['No tunnel: VXLAN tunnels are in network-instance "default" once EVPN has taught a VTEP']
      : [],
  );
}

/** `show tunnel-interface [<name>] vxlan-interface [<index>] [brief | detail]`. */
export function showTunnelInterface(view: View, words: readonly string[]): boolean {
  const { config } = view;
  if (config === undefined) return view.refuse(`Error: ${view.node.name} is not running`);
  const forms = ['brief', 'detail'];
  const plain = words.filter(word => !forms.includes(word));
  const at = plain.indexOf('vxlan-interface');
  const tunnel = at === 0 ? undefined : plain[0];
  const index = at < 0 ? undefined : plain[at + 1];
  if (tunnel === '?' || index === '?')
    return view.unknown('?', ['<name> vxlan-interface <index> brief|detail']);
  const shown = config.vxlanInterfaces.filter(({ name }) => {
    const [ofTunnel, ofIndex] = name.split('.');
    return (
      (tunnel === undefined || tunnel === '*' || tunnel === ofTunnel) &&
      (index === undefined || index === '*' || index === ofIndex)
    );
  });
  if (shown.length === 0) {
    const known = config.vxlanInterfaces.map(({ name }) => name).join("', '");
    const wanted = [tunnel, index].filter(part => part !== undefined).join('.');
    return view.refuse(`Error: there is no vxlan-interface '${wanted}'. There are ['${known}']`);
  }
  if (words.includes('detail')) return shown.every(({ name }) => detail(view, name));
  const source = view.config?.interfaces
    .find(({ name }) => name === 'system0')
    ?.subinterfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address))[0];
  const destinations = shown.flatMap(({ name }) => destinationsOf(view, name));
  return view.table(
    ['Show report for vxlan-tunnels'],
    [
      { title: 'Tunnel Interface', of: one => one.name.split('.')[0] ?? '' },
      { title: 'VxLAN Interface', of: one => one.name },
      { title: 'Type', of: one => one.type },
      { title: 'Ingress VNI', of: one => `${one.ingressVni}` },
      { title: 'Egress source-ip', of: () => source ?? '' },
    ],
    shown,
    [
      'Summary',
      `  ${new Set(shown.map(({ name }) => name.split('.')[0])).size} tunnel-interfaces, ${shown.length} vxlan interfaces`,
      `  ${destinations.length} vxlan-destinations, ${count(destinations, 'unicast')} unicast, 0 es, ${count(destinations, 'multicast')} multicast, ${count(destinations, 'ip-destination')} ip`,
    ],
  );
}

function detail(view: View, name: string): boolean {
  const one = view.config?.vxlanInterfaces.find(each => each.name === name);
  const instance = view.config?.networkInstances.find(each => each.vxlanInterface === name);
  view.lines([
    '='.repeat(72),
    `Vxlan-interface : ${name}`,
    `  Type             : ${one?.type ?? ''}`,
    `  Ingress VNI      : ${one?.ingressVni ?? ''}`,
    `  Network-instance : ${instance === undefined ? 'None' : `${instance.name} (${instance.type})`}`,
  ]);
  const destinations = destinationsOf(view, name);
  return view.table(
    ['Destinations'],
    [
      { title: 'VTEP Address', of: each => each.vtep },
      { title: 'Egress VNI', of: each => `${each.interface.ingressVni}` },
      { title: 'Type', of: each => each.type },
      { title: 'EVPN routes', of: each => `${each.routes}`, align: 'right' },
      { title: 'Destination-index', of: each => `${indexOf(`${name} ${each.vtep}`)}` },
    ],
    destinations,
    [`${destinations.length} destinations`],
  );
}

function count(destinations: readonly { readonly type: string }[], type: string): number {
  return destinations.filter(one => one.type === type).length;
}
