import type { Difference } from './parity.ts';

/** Why FRR and the embedded lab (which models SR Linux) say different things, and where. */
export type Explanation = {
  readonly side: Difference['side'];
  readonly facts: RegExp;
  /** Only then. */
  readonly moments?: RegExp;
  /** What a reader of docs/parity.md is told: the difference, and its reason. */
  readonly what: string;
  readonly because: string;
  /** Where it has been seen: one that is expected and no longer occurs fails the test, too. */
  readonly seenIn: readonly ('the recording' | 'the live lab' | 'the light lab in containers')[];
};

/** Every way in which FRR 10.3 and the embedded lab are known to differ. */
export const explanations: readonly Explanation[] = [
  {
    side: 'only embedded',
    facts: /^LEAF-DC-[12] route kube-ipvrf 192\.168\.101\.10[12]\/32 via direct$/,
    what: 'host routes of the workers in `kube-ipvrf` of their leaf',
    because:
      'SR Linux makes a host route of each learnt neighbour (`arp host-route populate dynamic`); FRR does not. Type 2 routes carry the same reachability on both.',
    seenIn: ['the recording', 'the live lab'],
  },
  {
    side: 'only embedded',
    facts: / evpn 1\.1\.1\.[12]:4 \[5\]:\[0\]:\[32\]:\[192\.168\.101\.10[12]\] /,
    what: 'type 5 routes of the workers’ addresses',
    because: 'the ip-vrf of SR Linux exports those host routes',
    seenIn: ['the recording', 'the live lab'],
  },
  {
    side: 'only FRR',
    facts: /kube-ipvrf 10\.1\.4\.[01]\/(24|32)|\[5\]:\[0\]:\[24\]:\[10\.1\.4\.0\]/,
    moments: /^stage fabric$/,
    what: '`10.1.4.0/24` of the clients, before anything is plugged into their port',
    because:
      'an irb of SR Linux is down while its mac-vrf has neither a port that is up nor VXLAN; a Linux bridge that never had a port counts as up',
    seenIn: ['the live lab'],
  },
  {
    side: 'only FRR',
    facts: /^\S+ route default 172\.\d+\.(0\.0\/16|100\.12\d\/32) via direct$/,
    what: 'the management network in the default instance of switches in containers',
    because:
      'SR Linux has a network-instance of its own for it; FRR in a container sees Docker’s interface beside its ports',
    seenIn: ['the light lab in containers'],
  },
];

export type Sorted = {
  /** "only FRR: …", one each. */
  readonly unexplained: readonly string[];
  /** Which explanations were needed, and how often. */
  readonly explained: ReadonlyMap<Explanation, number>;
};

/** Splits differences into those that have a reason and those that have none. */
export function sortDifferences(differences: readonly Difference[], moment = ''): Sorted {
  const unexplained: string[] = [];
  const explained = new Map<Explanation, number>();
  for (const { side, fact } of differences) {
    const found = explanations.find(
      each =>
        each.side === side &&
        each.facts.test(fact) &&
        (each.moments === undefined || each.moments.test(moment)),
    );
    if (found === undefined) unexplained.push(`${side}: ${fact}`);
    else explained.set(found, (explained.get(found) ?? 0) + 1);
  }
  return { unexplained, explained };
}
