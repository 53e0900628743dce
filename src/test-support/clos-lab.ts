import type { Lab, LabLink, SwitchNode } from '../lab/lab.ts';
import type {
  BgpNeighborConfig,
  InterfaceConfig,
  PolicyStatementConfig,
  SwitchConfig,
} from '../lab/switch-config.ts';
import { fromNumber, type Ipv4, toNumber } from '../net/address.ts';
import type { Asn } from '../net/asn.ts';

export type ClosSize = {
  readonly pods: number;
  readonly leavesPerPod: number;
  /** Aggregation switches in a pod; each stands in its own plane. */
  readonly planes: number;
  /** Core switches of a plane; each is joined to that plane's aggregation switch of every pod. */
  readonly coresPerPlane: number;
  /** Service addresses, dealt out to the leaves in turn. */
  readonly services: number;
};

/**
 * A three-tier Clos fabric as RFC 7938 draws it: eBGP on every link, one AS for the cores, one for the aggregation of a
 * pod, one for each leaf. Leaves announce only what is theirs.
 *
 *       core-P-C …                 plane P
 *          |    one to each pod
 *       agg-D-P …                  pod D
 *          |    full mesh in the pod
 *       leaf-D-L …   service addresses 10.254.x.y/32
 */
export function closLab(size: ClosSize): Lab {
  const switches: Draft[] = [];
  const links: LabLink[] = [];
  const draft = (name: string, asn: Asn) => {
    const routerId = fromNumber(toNumber('100.64.0.1') + switches.length);
    const made: Draft = { name, asn, routerId, interfaces: [], neighbors: [], leaf: name.startsWith('leaf') };
    switches.push(made);
    return made;
  };
  const join = (lower: Draft, upper: Draft) => {
    const address = toNumber('10.0.0.0') + links.length * 2;
    const [a, b] = [addPort(lower, fromNumber(address + 1)), addPort(upper, fromNumber(address))];
    lower.neighbors.push(neighbor(lower, upper, fromNumber(address)));
    upper.neighbors.push(neighbor(upper, lower, fromNumber(address + 1)));
    links.push({
      id: `${lower.name}:${a} ${upper.name}:${b}`,
      a: { node: lower.name, port: a },
      b: { node: upper.name, port: b },
      role: 'fabric',
    });
  };
  const cores = range(size.planes).map(plane =>
    range(size.coresPerPlane).map(core => draft(`core-${plane + 1}-${core + 1}`, 4200000000)),
  );
  const leaves = range(size.pods).flatMap(pod => {
    const aggregation = range(size.planes).map(plane =>
      draft(`agg-${pod + 1}-${plane + 1}`, 4200000001 + pod),
    );
    aggregation.forEach((agg, plane) => {
      for (const core of cores[plane] ?? []) join(agg, core);
    });
    return range(size.leavesPerPod).map(leaf => {
      const made = draft(`leaf-${pod + 1}-${leaf + 1}`, 4200100000 + pod * size.leavesPerPod + leaf);
      for (const agg of aggregation) join(made, agg);
      return made;
    });
  });
  range(size.services).forEach(index => {
    const leaf = leaves[index % leaves.length];
    if (leaf !== undefined) addService(leaf, fromNumber(toNumber('10.254.0.1') + index));
  });
  return {
    name: 'clos',
    containerPrefix: 'clab-clos-',
    network: { name: 'clab', prefix: '172.20.20.0/24' },
    topologyFile: 'clos.yml',
    nodes: switches.map(switchNode),
    links,
    clusters: [],
    stages: [
      {
        id: 'fabric',
        title: 'Clos fabric',
        needs: [],
        tasks: [
          {
            id: 'fabric',
            title: 'Switches and their links',
            commandLine: 'containerlab deploy -t clos.yml',
            action: { type: 'deploy-fabric' },
          },
        ],
      },
    ],
    files: new Map(),
  };
}

type Draft = {
  readonly name: string;
  readonly asn: Asn;
  readonly routerId: Ipv4;
  readonly interfaces: InterfaceConfig[];
  readonly neighbors: BgpNeighborConfig[];
  readonly leaf: boolean;
};

function addPort(node: Draft, address: Ipv4): string {
  const name = `ethernet-1/${node.interfaces.filter(one => one.name.startsWith('eth')).length + 1}`;
  node.interfaces.push(interfaceConfig(name, `${address}/31`));
  return name;
}

function addService(node: Draft, address: Ipv4): void {
  const number = node.interfaces.filter(one => one.name.startsWith('lo')).length;
  node.interfaces.push(interfaceConfig(`lo${number}`, `${address}/32`));
}

function interfaceConfig(name: string, address: string): InterfaceConfig {
  return {
    name,
    adminState: true,
    vlanTagging: false,
    subinterfaces: [
      {
        name: `${name}.0`,
        index: 0,
        type: 'routed',
        adminState: true,
        addresses: [{ address, anycastGateway: false }],
        arp: { learnUnsolicited: false, hostRoutePopulate: [], evpnAdvertise: [] },
      },
    ],
  };
}

function neighbor(from: Draft, to: Draft, peerAddress: Ipv4): BgpNeighborConfig {
  return {
    peerAddress,
    peerAs: to.asn,
    group: 'fabric',
    adminState: true,
    localAs: from.asn,
    families: ['ipv4-unicast'],
    importPolicies: ['services'],
    exportPolicies: [from.leaf ? 'own-services' : 'services'],
    nextHopSelf: false,
    sendDefaultRoute: false,
    ttl: 1,
    bfd: false,
    fastFailover: true,
    timers: {
      connectRetry: 10_000,
      holdTime: 90_000,
      keepaliveInterval: 30_000,
      minimumAdvertisementInterval: 1000,
    },
    passive: false,
    routeReflectorClient: false,
  };
}

function switchNode(draft: Draft): SwitchNode {
  return {
    kind: 'switch',
    name: draft.name,
    containerName: `clab-clos-${draft.name}`,
    image: 'ghcr.io/nokia/srlinux:25.3.3',
    type: 'ixr-d3l',
    config: switchConfig(draft),
  };
}

function switchConfig({ asn, routerId, interfaces, neighbors }: Draft): SwitchConfig {
  return {
    interfaces,
    vxlanInterfaces: [],
    networkInstances: [
      {
        name: 'default',
        type: 'default',
        adminState: true,
        interfaces: interfaces.flatMap(one => one.subinterfaces.map(({ name }) => name)),
        routerId,
        staticRoutes: [],
        resilientHash: [],
        bgp: {
          adminState: true,
          autonomousSystem: asn,
          routerId,
          preference: { ebgp: 170, ibgp: 170 },
          ebgpDefaultPolicy: { importRejectAll: true, exportRejectAll: true },
          families: [
            {
              name: 'ipv4-unicast',
              adminState: true,
              multipath: { ebgp: 64, ibgp: 1, allowMultipleAs: true },
            },
          ],
          rapidWithdrawal: true,
          neighbors,
          dynamicNeighbors: [],
        },
      },
    ],
    prefixSets: [{ name: 'services', entries: [{ prefix: '10.254.0.0/16', from: 32, to: 32 }] }],
    policies: [
      { name: 'services', defaultResult: 'reject', statements: [accept({ prefixSet: 'services' })] },
      {
        name: 'own-services',
        defaultResult: 'reject',
        statements: [accept({ prefixSet: 'services', protocol: 'local' })],
      },
    ],
    bfd: [],
    hash: {
      sourceAddress: true,
      destinationAddress: true,
      sourcePort: true,
      destinationPort: true,
      protocol: true,
    },
  };
}

function accept(match: PolicyStatementConfig['match']): PolicyStatementConfig {
  return { name: '10', match, result: 'accept', set: {} };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
