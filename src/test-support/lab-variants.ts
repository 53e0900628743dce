import { configLines } from './lab-variant-config.ts';
import { type Link, type Plan, planOf, traitsOf } from './lab-variant-plan.ts';

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
