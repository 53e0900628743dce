import type { Plan, Switch } from './lab-variant-plan.ts';

const OVERLAY_AS = 65123;

/** The configuration of one of its switches, in SR Linux's words. */
export function configLines(plan: Plan, node: Switch): string[] {
  return [
    ...portLines(plan, node),
    ...policyLines(plan, node),
    ...underlayLines(plan, node),
    ...overlayLines(plan, node),
    ...(node.tier === 'leaf' ? tenantLines(node) : []),
  ];
}

/** The ports of a switch: number, own address, the other end. */
function portsOf({ links }: Plan, node: Switch) {
  return links
    .filter(({ leaf, spine }) => leaf === node || spine === node)
    .map(({ leaf, spine, silentEnds }) => {
      const peer = leaf === node ? spine : leaf;
      const network = `10.${spine.number}.${leaf.number}`;
      const [own, other] = leaf === node ? [1, 0] : [0, 1];
      return {
        port: `ethernet-1/${peer.number}`,
        network: `${network}.0/31`,
        address: `${network}.${own}`,
        peer,
        peerAddress: `${network}.${other}`,
        configured: !silentEnds.includes(node.name),
      };
    });
}

function portLines(plan: Plan, node: Switch): string[] {
  const { bfd } = plan;
  return [
    ...portsOf(plan, node).flatMap(({ port, address }) => [
      `set / interface ${port} admin-state enable`,
      `set / interface ${port} subinterface 0 type routed`,
      `set / interface ${port} subinterface 0 admin-state enable`,
      `set / interface ${port} subinterface 0 ipv4 admin-state enable`,
      `set / interface ${port} subinterface 0 ipv4 address ${address}/31`,
      ...(bfd === undefined
        ? []
        : [
            `set / bfd subinterface ${port}.0 admin-state enable`,
            `set / bfd subinterface ${port}.0 desired-minimum-transmit-interval ${bfd.interval * 1000}`,
            `set / bfd subinterface ${port}.0 required-minimum-receive ${bfd.interval * 1000}`,
            `set / bfd subinterface ${port}.0 detection-multiplier ${bfd.multiplier}`,
          ]),
    ]),
    'set / interface system0 admin-state enable',
    'set / interface system0 subinterface 0 admin-state enable',
    'set / interface system0 subinterface 0 ipv4 admin-state enable',
    `set / interface system0 subinterface 0 ipv4 address ${node.loopback}/32`,
  ];
}

const policy = 'set / routing-policy';

function policyLines(plan: Plan, node: Switch): string[] {
  const { policies, pickyLeaves, overlayPreference } = plan;
  const own = plan.valleyFree && node.tier === 'leaf' ? 'own' : 'underlay';
  const special = policies.get(node.name) ?? [];
  const refusal = (kind: 'refuses' | 'withholds', name: string) =>
    special.flatMap(each =>
      each.kind !== kind
        ? []
        : [
            `${policy} prefix-set ${kind} prefix ${each.loopback}/32 mask-length-range 32..32`,
            `${policy} policy ${name} statement 5 match prefix prefix-set ${kind}`,
            `${policy} policy ${name} statement 5 action policy-result reject`,
          ],
    );
  return [
    `${policy} prefix-set underlay prefix 1.1.1.0/24 mask-length-range 32..32`,
    `${policy} prefix-set underlay prefix 10.0.0.0/8 mask-length-range 31..31`,
    ...refusal('refuses', 'underlay-import'),
    ...refusal('withholds', 'underlay-export'),
    ...(own === 'own'
      ? [
          `${policy} prefix-set own prefix ${node.loopback}/32 mask-length-range 32..32`,
          ...portsOf(plan, node).map(
            ({ network }) => `${policy} prefix-set own prefix ${network} mask-length-range 31..31`,
          ),
        ]
      : []),
    ...takes('underlay-import', 'underlay'),
    ...takes('underlay-export', own),
    ...special.flatMap(each => {
      switch (each.kind) {
        case 'prefers':
          return takes('special', 'underlay', 'bgp local-preference set 200');
        case 'gives-med':
          return takes('special', own, 'bgp med value 50');
        case 'hears-longer':
          return takes('special', own, `bgp as-path prepend as-number ${node.asn}`);
        default:
          return [];
      }
    }),
    ...(node.tier === 'leaf' ? overlayPolicyLines(pickyLeaves.has(node.name), overlayPreference) : []),
  ];
}

/** A policy that takes what is in a set and does one thing to it. */
function takes(name: string, prefixSet: string, action?: string): string[] {
  return [
    `${policy} policy ${name} default-action policy-result reject`,
    `${policy} policy ${name} statement 10 match prefix prefix-set ${prefixSet}`,
    `${policy} policy ${name} statement 10 action policy-result accept`,
    ...(action === undefined ? [] : [`${policy} policy ${name} statement 10 action ${action}`]),
  ];
}

function overlayPolicyLines(picky: boolean, preference: number | undefined): string[] {
  return [
    `${policy} policy overlay-import default-action policy-result accept`,
    ...(picky
      ? [
          `${policy} prefix-set tenant-loopbacks prefix 1.1.1.192/26 mask-length-range 32..32`,
          `${policy} policy overlay-import statement 10 match prefix prefix-set tenant-loopbacks`,
          `${policy} policy overlay-import statement 10 match bgp evpn route-type [ 5 ]`,
          `${policy} policy overlay-import statement 10 action policy-result reject`,
        ]
      : []),
    ...(preference === undefined
      ? []
      : [
          `${policy} policy overlay-import statement 20 match bgp evpn route-type [ 5 ]`,
          `${policy} policy overlay-import statement 20 action policy-result accept`,
          `${policy} policy overlay-import statement 20 action bgp local-preference set ${preference}`,
        ]),
  ];
}

const bgp = 'set / network-instance default protocols bgp';

function underlayLines(plan: Plan, node: Switch): string[] {
  const { timers, bfd, policies } = plan;
  const ports = portsOf(plan, node);
  const [special] = policies.get(node.name) ?? [];
  const towards = special !== undefined && 'towards' in special ? special.towards : undefined;
  const group = (name: string, importing: string, exporting: string | undefined) => [
    `${bgp} group ${name} admin-state enable`,
    `${bgp} group ${name} import-policy [ ${importing} ]`,
    ...(exporting === undefined ? [] : [`${bgp} group ${name} export-policy [ ${exporting} ]`]),
    `${bgp} group ${name} failure-detection enable-bfd ${bfd !== undefined}`,
    `${bgp} group ${name} failure-detection fast-failover true`,
    ...timerLines(name, timers),
  ];
  return [
    'set / network-instance default type default',
    'set / network-instance default admin-state enable',
    ...ports.map(({ port }) => `set / network-instance default interface ${port}.0`),
    'set / network-instance default interface system0.0',
    `${bgp} admin-state enable`,
    `${bgp} autonomous-system ${node.asn}`,
    `${bgp} router-id ${node.loopback}`,
    `${bgp} afi-safi ipv4-unicast admin-state enable`,
    `${bgp} afi-safi ipv4-unicast multipath ebgp maximum-paths 16`,
    `${bgp} route-advertisement rapid-withdrawal true`,
    ...group('underlay', 'underlay-import', 'underlay-export'),
    ...(towards === undefined
      ? []
      : group(
          'underlay-special',
          special?.kind === 'prefers' ? 'special' : 'underlay-import',
          special?.kind === 'prefers'
            ? 'underlay-export'
            : special?.kind === 'says-nothing'
              ? undefined
              : 'special',
        )),
    ...ports
      .filter(({ configured }) => configured)
      .flatMap(({ peer, peerAddress }) => [
        `${bgp} neighbor ${peerAddress} admin-state enable`,
        `${bgp} neighbor ${peerAddress} peer-group ${peer === towards ? 'underlay-special' : 'underlay'}`,
        `${bgp} neighbor ${peerAddress} peer-as ${peer.asn}`,
        `${bgp} neighbor ${peerAddress} description ${peer.name}`,
      ]),
  ];
}

function timerLines(group: string, { hold, keepalive, connectRetry }: Plan['timers']): string[] {
  return [
    `${bgp} group ${group} timers connect-retry ${connectRetry}`,
    `${bgp} group ${group} timers hold-time ${hold}`,
    `${bgp} group ${group} timers keepalive-interval ${keepalive}`,
    `${bgp} group ${group} timers minimum-advertisement-interval 1`,
  ];
}

function overlayLines({ reflectors, leaves, missingOverlay, timers }: Plan, node: Switch): string[] {
  if (node.tier === 'spine' && !reflectors.includes(node)) return [];
  const peers =
    node.tier === 'spine'
      ? leaves
      : reflectors.filter(spine => !missingOverlay.has(`${node.name} ${spine.name}`));
  return [
    `${bgp} group overlay admin-state enable`,
    `${bgp} group overlay peer-as ${OVERLAY_AS}`,
    `${bgp} group overlay local-as as-number ${OVERLAY_AS}`,
    `${bgp} group overlay afi-safi ipv4-unicast admin-state disable`,
    `${bgp} group overlay afi-safi evpn admin-state enable`,
    ...(node.tier === 'leaf' ? [`${bgp} group overlay import-policy [ overlay-import ]`] : []),
    ...timerLines('overlay', timers),
    `${bgp} group overlay transport local-address ${node.loopback}`,
    ...(node.tier === 'spine'
      ? [
          `${bgp} group overlay route-reflector client true`,
          `${bgp} group overlay route-reflector cluster-id ${node.loopback}`,
        ]
      : []),
    ...peers.flatMap(peer => [
      `${bgp} neighbor ${peer.loopback} admin-state enable`,
      `${bgp} neighbor ${peer.loopback} peer-group overlay`,
      `${bgp} neighbor ${peer.loopback} description ${peer.name}`,
    ]),
  ];
}

/** A bridged VNI with an anycast gateway, a routed one, a loopback of the switch's own in the tenant. */
function tenantLines({ number }: Switch): string[] {
  const instance = (name: string) => `set / network-instance ${name}`;
  const evpn = (name: string, vni: number) => [
    `${instance(name)} vxlan-interface vxlan1.${vni}`,
    `${instance(name)} protocols bgp-evpn bgp-instance 1 admin-state enable`,
    `${instance(name)} protocols bgp-evpn bgp-instance 1 vxlan-interface vxlan1.${vni}`,
    `${instance(name)} protocols bgp-evpn bgp-instance 1 evi ${vni}`,
    `${instance(name)} protocols bgp-evpn bgp-instance 1 ecmp 8`,
    `${instance(name)} protocols bgp-vpn bgp-instance 1 route-target export-rt target:${OVERLAY_AS}:${vni}`,
    `${instance(name)} protocols bgp-vpn bgp-instance 1 route-target import-rt target:${OVERLAY_AS}:${vni}`,
  ];
  return [
    'set / tunnel-interface vxlan1 vxlan-interface 1 type bridged',
    'set / tunnel-interface vxlan1 vxlan-interface 1 ingress vni 1',
    'set / tunnel-interface vxlan1 vxlan-interface 4 type routed',
    'set / tunnel-interface vxlan1 vxlan-interface 4 ingress vni 4',
    'set / interface irb0 admin-state enable',
    'set / interface irb0 subinterface 0 admin-state enable',
    'set / interface irb0 subinterface 0 ipv4 admin-state enable',
    'set / interface irb0 subinterface 0 ipv4 address 192.168.101.1/24 anycast-gw true',
    'set / interface irb0 subinterface 0 anycast-gw virtual-router-id 1',
    'set / interface lo1 admin-state enable',
    'set / interface lo1 subinterface 0 admin-state enable',
    'set / interface lo1 subinterface 0 ipv4 admin-state enable',
    `set / interface lo1 subinterface 0 ipv4 address 1.1.1.${200 + number}/32`,
    `${instance('kube_macvrf')} type mac-vrf`,
    `${instance('kube_macvrf')} admin-state enable`,
    `${instance('kube_macvrf')} interface irb0.0`,
    ...evpn('kube_macvrf', 1),
    `${instance('kube-ipvrf')} type ip-vrf`,
    `${instance('kube-ipvrf')} admin-state enable`,
    `${instance('kube-ipvrf')} interface irb0.0`,
    `${instance('kube-ipvrf')} interface lo1.0`,
    ...evpn('kube-ipvrf', 4),
    `${instance('kube-ipvrf')} protocols bgp admin-state enable`,
    `${instance('kube-ipvrf')} protocols bgp autonomous-system ${65300 + number}`,
    `${instance('kube-ipvrf')} protocols bgp router-id 1.1.1.${200 + number}`,
    `${instance('kube-ipvrf')} protocols bgp afi-safi ipv4-unicast admin-state enable`,
    `${instance('kube-ipvrf')} protocols bgp afi-safi ipv4-unicast multipath ebgp maximum-paths 16`,
  ];
}
