/** Files of a lab like the talk's and yet another one, made from a seed: the same seed gives the same texts. */
export type LabVariant = {
  readonly seed: number;
  /** What is special about it, for people. */
  readonly traits: readonly string[];
  /** Texts by path; `srklab.yml` is where reading begins. */
  readonly files: ReadonlyMap<string, string>;
  /** Ids of the fabric's links. */
  readonly links: readonly string[];
};

/**
 * 2 to 6 spines, 2 to 6 leaves, an AS plan, links and sessions that are missing, policies, timers. Paths are never cut
 * to fewer than there are: which of two equal paths stays then depends on which came first, on FRR as on SR Linux.
 */
export function labVariant(seed: number): LabVariant {
  const plan = planOf(seed);
  const files = new Map([
    ['srklab.yml', 'network: "kind"\nprefix: "172.18.0.0/16"\nclabTopology: "./topo.yml"\nclusters: []\n'],
    ['topo.yml', topology(plan)],
  ]);
  for (const node of [...plan.spines, ...plan.leaves])
    files.set(`fabric/${node.name}.cfg`, `${configLines(plan, node).join('\n')}\n`);
  return { seed, traits: traitsOf(plan), files, links: plan.links.map(linkId) };
}

type Chance = {
  /** A whole number from 0 to `below` - 1. */
  readonly number: (below: number) => number;
  readonly one: <Item>(items: readonly [Item, ...Item[]]) => Item;
  readonly happens: (probability: number) => boolean;
};

type Switch = {
  readonly name: string;
  readonly tier: 'spine' | 'leaf';
  /** Counted from 1 within its tier. */
  readonly number: number;
  readonly asn: number;
  readonly loopback: string;
};

type Link = {
  readonly leaf: Switch;
  readonly spine: Switch;
  /** Ends that have no neighbour configured. */
  readonly silentEnds: readonly string[];
};

/** What a switch does with what it hears and says in the underlay, beyond taking everything that belongs there. */
type Policy =
  | { readonly kind: 'refuses'; readonly loopback: string }
  | { readonly kind: 'withholds'; readonly loopback: string }
  | { readonly kind: 'prefers' | 'hears-longer' | 'gives-med' | 'says-nothing'; readonly towards: Switch };

type Plan = {
  readonly asPlan: AsPlan;
  readonly spines: readonly Switch[];
  readonly leaves: readonly Switch[];
  readonly reflectors: readonly Switch[];
  readonly links: readonly Link[];
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  /** Leaves announce their own prefixes and no others: no spine is reached through a leaf. */
  readonly valleyFree: boolean;
  /** Leaves whose overlay refuses type 5 routes of the tenant's loopbacks. */
  readonly pickyLeaves: ReadonlySet<string>;
  /** Overlay sessions by "leaf spine" that only the spine knows of. */
  readonly missingOverlay: ReadonlySet<string>;
  readonly overlayPreference: number | undefined;
  readonly timers: { readonly hold: number; readonly keepalive: number; readonly connectRetry: number };
  readonly bfd: { readonly interval: number; readonly multiplier: number } | undefined;
};

const asPlans = [
  'spines share one AS',
  'every switch its own AS',
  'leaves share one AS',
  'four-byte ASs',
] as const;
type AsPlan = (typeof asPlans)[number];

const OVERLAY_AS = 65123;

function planOf(seed: number): Plan {
  const chance = chanceOf(seed);
  const asPlan = chance.one(asPlans);
  const spines = range(2 + chance.number(5)).map(number => makeSwitch('spine', number, asPlan));
  const leaves = range(2 + chance.number(5)).map(number => makeSwitch('leaf', number, asPlan));
  const links = leaves.flatMap(leaf =>
    // Every leaf keeps its first two spines, so that the fabric hangs together.
    spines
      .filter(({ number }) => number <= 2 || !chance.happens(0.12))
      .map(spine => ({
        leaf,
        spine,
        silentEnds: chance.happens(0.08) ? [chance.one([leaf.name, spine.name])] : [],
      })),
  );
  const reflectors = chance.happens(0.5) ? spines : spines.slice(0, 2);
  const valleyFree = chance.happens(0.5);
  const policies = new Map<string, Policy[]>();
  for (const node of [...spines, ...leaves]) {
    if (chance.happens(0.35))
      policies.set(node.name, [policyOf(chance, node, links, { leaves, valleyFree })]);
  }
  const pickyLeaves = new Set(leaves.filter(() => chance.happens(0.2)).map(({ name }) => name));
  const missingOverlay = new Set(
    leaves.flatMap(leaf =>
      reflectors.filter(() => chance.happens(0.06)).map(spine => `${leaf.name} ${spine.name}`),
    ),
  );
  const overlayPreference = chance.happens(0.25) ? 100 + 10 * (1 + chance.number(20)) : undefined;
  const [hold, keepalive] = chance.one([
    [9, 3],
    [12, 4],
    [15, 5],
  ]);
  const timers = { hold, keepalive, connectRetry: chance.one([1, 5, 10]) };
  const bfd = chance.happens(0.7)
    ? { interval: chance.one([100, 300, 500]), multiplier: 3 + chance.number(3) }
    : undefined;
  return {
    ...{ asPlan, spines, leaves, reflectors, links, policies },
    ...{ valleyFree, pickyLeaves, missingOverlay, overlayPreference, timers, bfd },
  };
}

function makeSwitch(tier: Switch['tier'], number: number, asPlan: AsPlan): Switch {
  const spine = tier === 'spine';
  return {
    name: `${tier.toUpperCase()}-DC-${number}`,
    tier,
    number,
    asn: asnOf(asPlan, tier, number),
    loopback: `1.1.1.${spine ? 10 + number : number}`,
  };
}

function asnOf(asPlan: AsPlan, tier: Switch['tier'], number: number): number {
  const spine = tier === 'spine';
  switch (asPlan) {
    case 'spines share one AS':
      return spine ? 64999 : 65000 + number;
    case 'every switch its own AS':
      return spine ? 64900 + number : 65000 + number;
    case 'leaves share one AS':
      return spine ? 64900 + number : 65001;
    case 'four-byte ASs':
      return spine ? 4_200_000_000 : 4_200_000_100 + number;
  }
}

/**
 * Preferring one neighbour's routes by local preference where leaves hand on what they hear makes networks that have two
 * states of rest, or none (Griffin and Wilfong, 1999): no two labs need agree on them. So only leaves prefer, where no
 * leaf hands anything on.
 */
function policyOf(
  chance: Chance,
  node: Switch,
  links: readonly Link[],
  { leaves, valleyFree }: Pick<Plan, 'leaves' | 'valleyFree'>,
): Policy {
  const across = links.filter(({ leaf, spine }) => leaf === node || spine === node);
  const neighbor = across[chance.number(across.length)];
  const towards = neighbor === undefined || neighbor.leaf !== node ? neighbor?.leaf : neighbor.spine;
  const loopback = leaves[chance.number(leaves.length)]?.loopback ?? '1.1.1.1';
  const kind = chance.one([
    'refuses',
    'withholds',
    'prefers',
    'hears-longer',
    'gives-med',
    'says-nothing',
  ] as const);
  if (kind === 'refuses' || kind === 'withholds' || towards === undefined) {
    return { kind: kind === 'withholds' ? kind : 'refuses', loopback };
  }
  return { kind: kind === 'prefers' && (node.tier === 'spine' || !valleyFree) ? 'gives-med' : kind, towards };
}

// texts

function topology({ spines, leaves, links }: Plan): string {
  return [
    'name: variant',
    '',
    'mgmt:',
    '  network: kind',
    '  ipv4-subnet: 172.18.0.0/16',
    '',
    'topology:',
    '  defaults:',
    '    kind: nokia_srlinux',
    '  kinds:',
    '    nokia_srlinux:',
    '      image: ghcr.io/nokia/srlinux:25.3.3',
    '      type: ixr-d3l',
    '  nodes:',
    ...[...leaves, ...spines].flatMap(({ name, tier, number }) => [
      `    ${name}:`,
      `      mgmt-ipv4: 172.18.100.${(tier === 'spine' ? 140 : 120) + number}`,
      `      startup-config: fabric/${name}.cfg`,
    ]),
    '  links:',
    ...links.map(
      ({ leaf, spine }) =>
        `    - endpoints: ["${leaf.name}:e1-${spine.number}", "${spine.name}:e1-${leaf.number}"]`,
    ),
    '',
  ].join('\n');
}

function linkId({ leaf, spine }: Link): string {
  return `${leaf.name}:e1-${spine.number} ${spine.name}:e1-${leaf.number}`;
}

function configLines(plan: Plan, node: Switch): string[] {
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

// words and chance

function traitsOf(plan: Plan): string[] {
  const { spines, leaves, links, reflectors, policies, asPlan, timers, bfd } = plan;
  const missingLinks = spines.length * leaves.length - links.length;
  return [
    `${spines.length} spines, ${leaves.length} leaves`,
    asPlan,
    ...(plan.valleyFree ? ['leaves announce only their own'] : []),
    ...(reflectors.length < spines.length ? [`${reflectors.length} reflectors`] : []),
    ...(missingLinks > 0 ? [`${missingLinks} links missing`] : []),
    ...links.flatMap(({ silentEnds, leaf, spine }) =>
      silentEnds.map(name => `${name} lacks its neighbour ${name === leaf.name ? spine.name : leaf.name}`),
    ),
    ...[...plan.missingOverlay].map(pair => `no overlay ${pair}`),
    ...[...policies].flatMap(([name, each]) =>
      each.map(one => `${name} ${one.kind} ${'towards' in one ? one.towards.name : one.loopback}`),
    ),
    ...[...plan.pickyLeaves].map(name => `${name} refuses tenant loopbacks`),
    ...(plan.overlayPreference === undefined ? [] : [`type 5 preferred ${plan.overlayPreference}`]),
    `hold ${timers.hold} s`,
    bfd === undefined ? 'no BFD' : `BFD ${bfd.multiplier} × ${bfd.interval} ms`,
  ];
}

/** Numbers that look random and are the same for the same seed: a counter, its bits well mixed. */
export function chanceOf(seed: number): Chance {
  let counter = Math.imul(seed, 0x9e3779b1);
  const next = () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let bits = Math.imul(counter ^ (counter >>> 15), counter | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (below: number) => Math.floor(next() * below);
  return {
    number,
    one: items => items[number(items.length)] ?? items[0],
    happens: probability => next() < probability,
  };
}

/** 1 to `length`. */
function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}
