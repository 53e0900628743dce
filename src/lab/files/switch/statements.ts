import { networkInstanceStatements } from './network-instance-statements.ts';
import { routingPolicyStatements } from './routing-policy-statements.ts';
import { type ContainerSchema, container, ignored, leaf, list, opaque, presence, refused } from './schema.ts';
import * as is from './value-types.ts';

const subinterface = list(
  { index: is.integer(0, 9999) },
  {
    type: leaf(is.identity('srl_nokia-interfaces', 'routed', 'bridged')),
    description: leaf(is.description),
    'admin-state': leaf(is.adminState),
    'ip-mtu': leaf(is.integer(1280, 9486)),
    'l2-mtu': ignored(is.integer(1450, 9500)),
    ipv4: container({
      'admin-state': leaf(is.adminState),
      address: list({ 'ip-prefix': is.ipv4WithLength }, { 'anycast-gw': leaf(is.boolean), primary: opaque }),
      arp: container(
        {
          timeout: ignored(is.integer(60, 65535)),
          'duplicate-address-detection': ignored(is.boolean),
          'learn-unsolicited': leaf(is.boolean),
          'host-route': container({
            populate: list({ 'route-type': is.oneOf('static', 'dynamic', 'evpn') }, {}),
          }),
          evpn: presence(
            { advertise: list({ 'route-type': is.oneOf('static', 'dynamic') }, {}) },
            'srl_nokia-interfaces-nbr-evpn',
          ),
          neighbor: refused('static ARP entries are not modelled'),
        },
        'srl_nokia-interfaces-nbr',
      ),
    }),
    ipv6: opaque,
    'anycast-gw': presence({
      'virtual-router-id': leaf(is.integer(1, 255)),
      'anycast-gw-mac': leaf(is.mac),
    }),
    vlan: container(
      {
        encap: container({
          'single-tagged': presence({ 'vlan-id': leaf(is.integer(1, 4094)) }),
          untagged: presence({}),
          'single-tagged-range': refused('VLAN ranges are not modelled'),
          'double-tagged': refused('double tags are not modelled'),
        }),
      },
      'srl_nokia-interfaces-vlans',
    ),
    acl: refused('access lists are not modelled'),
    'bridge-table': opaque,
    qos: opaque,
    sflow: opaque,
  },
);

const linkInterface = list(
  { name: is.interfaceName },
  {
    description: leaf(is.description),
    'admin-state': leaf(is.adminState),
    mtu: leaf(is.integer(1450, 9500)),
    'vlan-tagging': leaf(is.boolean, 'srl_nokia-interfaces-vlans'),
    subinterface,
    ethernet: opaque,
    lag: refused('link aggregation is not modelled'),
    transceiver: opaque,
    qos: opaque,
    sflow: opaque,
  },
  'srl_nokia-interfaces',
);

const bfd = presence(
  {
    subinterface: list(
      { id: is.subinterfaceName },
      {
        'admin-state': leaf(is.adminState),
        'desired-minimum-transmit-interval': leaf(is.integer(10_000, 100_000_000)),
        'required-minimum-receive': leaf(is.integer(10_000, 100_000_000)),
        'detection-multiplier': leaf(is.integer(3, 20)),
        'minimum-echo-receive-interval': ignored(is.integer(0, 100_000_000)),
        'max-hop-count': ignored(is.integer(1, 255)),
      },
    ),
  },
  'srl_nokia-bfd',
);

const tunnelInterface = list(
  { name: is.vxlanName },
  {
    'vxlan-interface': list(
      { index: is.integer(0, 99_999_999) },
      {
        type: leaf(is.identity('srl_nokia-interfaces', 'routed', 'bridged')),
        ingress: container({ vni: leaf(is.integer(1, 16_777_215)) }),
        egress: container({
          'source-ip': ignored(is.oneOf('use-system-ipv4-address', 'use-system-ipv6-address')),
        }),
      },
    ),
  },
  'srl_nokia-tunnel-interfaces',
);

const system = container(
  {
    'load-balancing': container(
      {
        'hash-options': container({
          'source-address': leaf(is.boolean),
          'destination-address': leaf(is.boolean),
          'source-port': leaf(is.boolean),
          'destination-port': leaf(is.boolean),
          protocol: leaf(is.boolean),
          vlan: ignored(is.boolean),
          'ipv6-flow-label': ignored(is.boolean),
          'mpls-label-stack': ignored(is.boolean),
          'hash-seed': leaf(is.either(is.integer(0, 65535), is.oneOf('generate-from-mac'))),
        }),
      },
      'srl_nokia-load-balancing',
    ),
    aaa: opaque,
    authentication: opaque,
    banner: opaque,
    boot: opaque,
    clock: opaque,
    configuration: opaque,
    'control-plane-traffic': opaque,
    dns: opaque,
    'event-handler': opaque,
    'ftp-server': opaque,
    'gnmi-server': opaque,
    'grpc-server': opaque,
    information: opaque,
    'json-rpc-server': opaque,
    lldp: opaque,
    logging: opaque,
    management: opaque,
    mtu: refused('default MTUs are not modelled: set `ip-mtu` and `mtu` where they are needed'),
    name: opaque,
    'netconf-server': opaque,
    'network-instance': refused('EVPN multihoming is not modelled'),
    ntp: opaque,
    protocols: refused('system protocols are not modelled'),
    snmp: opaque,
    'ssh-server': opaque,
    sync: opaque,
    tls: opaque,
    'trace-options': opaque,
    'warm-reboot': opaque,
  },
  'srl_nokia-system',
);

/** Every statement that the lab understands or knows to leave out. */
export const statements: ContainerSchema = container({
  interface: linkInterface,
  'network-instance': networkInstanceStatements,
  'routing-policy': routingPolicyStatements,
  'tunnel-interface': tunnelInterface,
  bfd,
  system,
  acl: opaque,
  oam: opaque,
  platform: opaque,
  qos: opaque,
  tunnel: opaque,
});
