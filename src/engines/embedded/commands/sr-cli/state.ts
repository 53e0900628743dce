import type { SwitchNode } from '../../../../lab/lab.ts';
import { dateText } from '../../lab-date.ts';
import type { Terminal } from '../command.ts';
import { type StateLeaf, selected, stateJson, stateLines } from './state-tree.ts';
import { destinationsOf, indexOf, vtepsOf } from './tunnels.ts';
import { View } from './view.ts';

/** `info from state …` for what people script: interfaces, BGP, route and MAC tables, tunnels. */
export function infoFromState(
  terminal: Terminal,
  node: SwitchNode,
  path: string,
  form: 'text' | 'json',
): boolean {
  const view = new View(terminal, node, form);
  const words = path
    .replace(/^\/?\s*/, '')
    .split(/\s+/)
    .filter(Boolean);
  if (view.config === undefined) return view.refuse(`Error: ${node.name} is not running`);
  const [top = ''] = words;
  const leaves = TOPS[top]?.(view);
  if (leaves === undefined) {
    return view.refuse(
      `Error: the embedded lab has state for [${Object.keys(TOPS).join(', ')}]: "info from state network-instance default protocols bgp neighbor *"`,
    );
  }
  const found = selected(leaves, words);
  if (found.length === 0) {
    const below = [...new Set(leaves.map(({ path: whole }) => whole.filter((_, at) => at !== 1).join(' ')))];
    return view.refuse(`Error: there is no state at "${path.trim()}"; there is at: ${below.join('; ')}`);
  }
  return view.lines(form === 'json' ? [JSON.stringify(stateJson(found), undefined, 2)] : stateLines(found));
}

const TOPS: Readonly<Record<string, (view: View) => StateLeaf[]>> = {
  interface: interfaces,
  'network-instance': networkInstances,
  'tunnel-interface': tunnelInterfaces,
  tunnel: tunnels,
  system,
};

function leavesAt(
  path: readonly string[],
  values: Readonly<Record<string, string | number | undefined>>,
): StateLeaf[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ path, name, value: `${value}` }],
  );
}

function interfaces(view: View): StateLeaf[] {
  const rows = view.rows({ name: 'interfaces', node: view.node.name }) ?? [];
  return (view.config?.interfaces ?? []).flatMap(config => {
    const own = rows.filter(row => row.name === config.name || row.name.startsWith(`${config.name}.`));
    const up = own.some(row => row.operState === 'up');
    const [first] = own;
    return [
      ...leavesAt(['interface', config.name], {
        description: config.description,
        'admin-state': config.adminState ? 'enable' : 'disable',
        'oper-state': up ? 'up' : 'down',
        'oper-down-reason': up ? undefined : first?.operDownReason,
        mtu: config.mtu,
      }),
      ...leavesAt(['interface', config.name, 'statistics'], {
        'in-packets': first?.inPackets,
        'out-packets': first?.outPackets,
      }),
      ...own
        .filter(row => row.name !== config.name)
        .flatMap(row =>
          leavesAt(['interface', config.name, 'subinterface', row.name.slice(config.name.length + 1)], {
            'admin-state': row.adminState,
            'oper-state': row.operState,
            'oper-down-reason': row.operDownReason,
            'ip-mtu': row.mtu,
            'ipv4-address': row.addresses.join(' '),
          }),
        ),
    ];
  });
}

function networkInstances(view: View): StateLeaf[] {
  const node = view.node.name;
  const sessions = view.rows({ name: 'sessions', node }) ?? [];
  return (view.config?.networkInstances ?? []).flatMap(({ name, type, adminState, bgp }) => {
    const here = ['network-instance', name];
    const own = sessions.filter(({ instance }) => instance === name);
    const families = own.flatMap(one => one.families);
    const total = (what: 'received' | 'active') => families.reduce((sum, one) => sum + one[what], 0);
    const rib = view.rows({ name: 'bgp', node, instance: name });
    return [
      ...leavesAt(here, {
        type,
        'admin-state': adminState ? 'enable' : 'disable',
        'oper-state': adminState ? 'up' : 'down',
      }),
      ...(bgp === undefined
        ? []
        : [
            ...leavesAt([...here, 'protocols', 'bgp'], {
              'autonomous-system': bgp.autonomousSystem,
              'router-id': bgp.routerId,
            }),
            ...own.flatMap(row => [
              ...leavesAt([...here, 'protocols', 'bgp', 'neighbor', row.peer], {
                'peer-as': row.peerAs,
                'peer-group': row.group,
                'session-state': row.state,
                'last-established': row.state === 'established' ? dateText(row.since) : undefined,
                'dynamic-neighbor': `${row.dynamic}`,
              }),
              ...row.families.flatMap(family =>
                leavesAt([...here, 'protocols', 'bgp', 'neighbor', row.peer, 'afi-safi', family.name], {
                  'received-routes': family.received,
                  'active-routes': family.active,
                  'sent-routes': family.sent,
                }),
              ),
            ]),
            ...leavesAt([...here, 'protocols', 'bgp', 'statistics'], {
              'total-paths': rib?.length,
              'total-prefixes': rib === undefined ? undefined : new Set(rib.map(({ prefix }) => prefix)).size,
              'total-received-routes': total('received'),
              'total-active-routes': total('active'),
              'total-peers': own.length,
              'up-peers': own.filter(({ state }) => state === 'established').length,
              'disabled-peers': 0,
            }),
          ]),
      ...routes(view, name, here),
      ...macs(view, name, here),
    ];
  });
}

function routes(view: View, instance: string, here: readonly string[]): StateLeaf[] {
  const groups = view.rows({ name: 'forwarding', node: view.node.name, instance }) ?? [];
  return (view.rows({ name: 'routes', node: view.node.name, instance }) ?? [])
    .filter(({ active }) => active)
    .flatMap(row =>
      leavesAt([...here, 'route-table', 'ipv4-unicast', 'route', row.prefix], {
        'route-type': row.owner,
        active: `${row.active}`,
        metric: row.metric,
        preference: row.preference,
        'next-hop-group': groups.find(({ prefix }) => prefix === row.prefix)?.group,
        'last-app-update': dateText(row.since),
      }),
    );
}

function macs(view: View, instance: string, here: readonly string[]): StateLeaf[] {
  return (view.rows({ name: 'macs', node: view.node.name, instance }) ?? []).flatMap(row =>
    leavesAt([...here, 'bridge-table', 'mac-table', 'mac', row.mac.toUpperCase()], {
      destination: row.destination,
      type: row.type,
    }),
  );
}

function tunnelInterfaces(view: View): StateLeaf[] {
  return (view.config?.vxlanInterfaces ?? []).flatMap(one => {
    const [tunnel = '', index = ''] = one.name.split('.');
    const here = ['tunnel-interface', tunnel, 'vxlan-interface', index];
    return [
      ...leavesAt(here, { type: one.type, 'oper-state': 'up' }),
      ...leavesAt([...here, 'ingress'], { vni: one.ingressVni }),
      ...destinationsOf(view, one.name).flatMap(each =>
        leavesAt([...here, 'vtep', each.vtep], { type: each.type, 'evpn-routes': each.routes }),
      ),
    ];
  });
}

function tunnels(view: View): StateLeaf[] {
  return vtepsOf(view).flatMap(vtep =>
    leavesAt(['tunnel', 'vxlan-tunnel', 'vtep', vtep], { index: indexOf(vtep) }),
  );
}

function system(view: View): StateLeaf[] {
  return leavesAt(['system', 'name'], { 'host-name': view.node.name });
}
