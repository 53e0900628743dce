import {
  type Children,
  container,
  ignored,
  leaf,
  leafList,
  list,
  opaque,
  presence,
  refused,
} from './schema.ts';
import * as is from './value-types.ts';

const familyName = is.identity('srl_nokia-common', 'ipv4-unicast', 'evpn');

const timers = container({
  'connect-retry': leaf(is.integer(1, 65_535)),
  'hold-time': leaf(is.either(is.integer(0, 0), is.integer(3, 65_535))),
  'keepalive-interval': leaf(is.integer(0, 21_845)),
  'minimum-advertisement-interval': leaf(is.integer(1, 255)),
});

/** What a group and a neighbour have in common. */
const session: Children = {
  'admin-state': leaf(is.adminState),
  description: leaf(is.description),
  'peer-as': leaf(is.asNumber),
  'import-policy': leafList(is.name),
  'export-policy': leafList(is.name),
  'next-hop-self': leaf(is.boolean),
  'failure-detection': container({
    'enable-bfd': leaf(is.boolean),
    'fast-failover': leaf(is.boolean),
  }),
  multihop: container({
    'admin-state': leaf(is.adminState),
    'maximum-hops': leaf(is.integer(1, 255)),
  }),
  'afi-safi': list({ 'afi-safi-name': familyName }, { 'admin-state': leaf(is.adminState) }),
  'local-as': container({
    'as-number': leaf(is.asNumber),
    'prepend-local-as': refused('prepending the local AS is not modelled'),
    'prepend-global-as': refused('prepending the global AS is not modelled'),
  }),
  'route-reflector': container({ client: leaf(is.boolean), 'cluster-id': leaf(is.ipv4) }),
  'send-default-route': container({ 'ipv4-unicast': leaf(is.boolean) }),
  timers,
  transport: container({
    'local-address': leaf(is.ipv4),
    'passive-mode': leaf(is.boolean),
    'tcp-mss': ignored(is.integer(536, 9446)),
  }),
  'graceful-restart': refused('graceful restart is not modelled'),
  authentication: refused('session passwords are not modelled'),
  'as-path-options': refused('AS path options are not modelled'),
  'local-preference': refused('use a policy: `action bgp local-preference set`'),
  'trace-options': opaque,
};

const bgp = presence(
  {
    'admin-state': leaf(is.adminState),
    'autonomous-system': leaf(is.asNumber),
    'router-id': leaf(is.ipv4),
    'import-policy': leafList(is.name),
    'export-policy': leafList(is.name),
    'afi-safi': list(
      { 'afi-safi-name': familyName },
      {
        'admin-state': leaf(is.adminState),
        multipath: container({
          'allow-multiple-as': leaf(is.boolean),
          'maximum-paths': leaf(is.integer(1, 64)),
          ebgp: container({ 'maximum-paths': leaf(is.integer(1, 64)) }),
          ibgp: container({ 'maximum-paths': leaf(is.integer(1, 64)) }),
        }),
        evpn: container({ 'rapid-update': ignored(is.boolean) }),
        'ipv4-unicast': opaque,
      },
    ),
    'dynamic-neighbors': container({
      accept: container({
        'max-sessions': leaf(is.integer(0, 65_535)),
        match: list(
          { prefix: is.ipv4Prefix },
          { 'peer-group': leaf(is.name), 'allowed-peer-as': leafList(is.asRange) },
        ),
      }),
      interface: refused('unnumbered sessions are not modelled'),
    }),
    'ebgp-default-policy': container({
      'import-reject-all': leaf(is.boolean),
      'export-reject-all': leaf(is.boolean),
    }),
    'failure-detection': container({
      'enable-bfd': leaf(is.boolean),
      'fast-failover': leaf(is.boolean),
    }),
    preference: container({ ebgp: leaf(is.integer(1, 255)), ibgp: leaf(is.integer(1, 255)) }),
    'route-advertisement': container({
      'rapid-withdrawal': leaf(is.boolean),
      'wait-for-fib-install': ignored(is.boolean),
    }),
    'route-reflector': container({ client: leaf(is.boolean), 'cluster-id': leaf(is.ipv4) }),
    group: list({ 'group-name': is.name }, session),
    neighbor: list({ 'peer-address': is.ipv4 }, { 'peer-group': leaf(is.name), ...session }),
    'graceful-restart': refused('graceful restart is not modelled'),
    authentication: refused('session passwords are not modelled'),
    'as-path-options': refused('AS path options are not modelled'),
    'local-preference': refused('use a policy: `action bgp local-preference set`'),
    convergence: opaque,
    transport: opaque,
    'trace-options': opaque,
  },
  'srl_nokia-bgp',
);

const bgpEvpn = presence({
  'bgp-instance': list(
    { id: is.integer(1, 1) },
    {
      'admin-state': leaf(is.adminState),
      'encapsulation-type': ignored(is.oneOf('vxlan')),
      'vxlan-interface': leaf(is.vxlanSubinterfaceName),
      evi: leaf(is.integer(1, 65_535)),
      ecmp: leaf(is.integer(1, 64)),
      routes: container({
        'bridge-table': opaque,
        'route-table': presence({
          'mac-ip': container({ 'advertise-gateway-mac': leaf(is.boolean) }),
        }),
      }),
    },
    'srl_nokia-bgp-evpn',
  ),
});

const bgpVpn = presence(
  {
    'bgp-instance': list(
      { id: is.integer(1, 1) },
      {
        'route-distinguisher': container({ rd: leaf(is.routeDistinguisher) }),
        'route-target': container({
          'export-rt': leaf(is.routeTarget),
          'import-rt': leaf(is.routeTarget),
        }),
        'import-policy': refused('policies of a bgp-vpn instance are not modelled'),
        'export-policy': refused('policies of a bgp-vpn instance are not modelled'),
      },
    ),
  },
  'srl_nokia-bgp-vpn',
);

/** Everything under `/ network-instance <name>`. */
export const networkInstanceStatements = list(
  { name: is.name },
  {
    type: leaf(is.identity('srl_nokia-network-instance', 'default', 'ip-vrf', 'mac-vrf')),
    'admin-state': leaf(is.adminState),
    description: leaf(is.description),
    'router-id': leaf(is.ipv4),
    'ip-load-balancing': container({
      'resilient-hash-prefix': list(
        { 'ip-prefix': is.ipv4Prefix },
        { 'hash-buckets-per-path': leaf(is.integer(1, 32)), 'max-paths': leaf(is.integer(1, 64)) },
      ),
    }),
    interface: list({ name: is.subinterfaceName }, {}),
    'vxlan-interface': list({ name: is.vxlanSubinterfaceName }, {}),
    protocols: container({
      bgp,
      'bgp-evpn': bgpEvpn,
      'bgp-vpn': bgpVpn,
      linux: opaque,
      isis: refused('IS-IS is not modelled; the underlay here is BGP'),
      ospf: refused('OSPF is not modelled; the underlay here is BGP'),
    }),
    'static-routes': presence(
      {
        route: list(
          { prefix: is.ipv4Prefix },
          {
            'admin-state': leaf(is.adminState),
            preference: leaf(is.integer(0, 255)),
            metric: ignored(is.integer(0, 65_535)),
            'next-hop-group': leaf(is.name),
          },
        ),
      },
      'srl_nokia-static-routes',
    ),
    'next-hop-groups': presence(
      {
        group: list(
          { name: is.name },
          {
            'admin-state': leaf(is.adminState),
            nexthop: list(
              { index: is.integer(0, 65_535) },
              {
                'ip-address': leaf(is.ipv4),
                'admin-state': leaf(is.adminState),
                resolve: ignored(is.boolean),
              },
            ),
            blackhole: refused('blackhole next hops are not modelled'),
          },
        ),
      },
      'srl_nokia-next-hop-groups',
    ),
    'aggregate-routes': refused('aggregate routes are not modelled'),
    'inter-instance-policies': refused('leaking routes between network-instances is not modelled'),
    'bridge-table': opaque,
    'ip-forwarding': opaque,
    mtu: opaque,
  },
  'srl_nokia-network-instance',
);
