import type { SwitchConfig } from '../../lab/switch-config.ts';
import { listOf, textOf } from './said.ts';

/** The kernel that forwards for an instance of a switch. */
export type Kernel = {
  /** `ip` for that instance: "ip -n kube-ipvrf". */
  ip(node: string, instance: string): string;
  /** What `ip` is asked, as JSON. */
  said(node: string, command: string): Promise<unknown>;
  run(node: string, script: string): Promise<{ readonly exitCode: number; readonly output: string }>;
};

type Wanted = { readonly buckets: number };
type Hop = { readonly gateway: string; readonly device: string };

/** FRR gives its routes a metric of 20. */
const BETTER = 5;
/** A number that zebra takes for its own (RTPROT_ZSTATIC): it leaves such routes alone. */
const PROTOCOL = 196;

/**
 * FRR's BGP installs groups by hash-threshold only. For prefixes that are to be hashed resiliently, a better route
 * beside FRR's leads to a resilient next-hop group of the kernel, which follows FRR's next hops.
 */
export class ResilientRoutes {
  private readonly kernel: Kernel;
  private readonly wanted = new Map<string, Wanted>();
  /** Next hops of each group, in the order in which they got their numbers. */
  private readonly groups = new Map<string, { readonly id: number; readonly hops: Map<string, number> }>();
  private working: Promise<unknown> = Promise.resolve();
  private nextGroup = 1;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** What a switch's configuration asks for now; a sentence when the kernel cannot. */
  async configure(node: string, { networkInstances }: SwitchConfig): Promise<string | undefined> {
    const wanted = new Map(
      networkInstances.flatMap(({ name, resilientHash }) =>
        resilientHash.map(({ prefix, bucketsPerPath, maxPaths }) => [
          `${node} ${name} ${prefix}`,
          { buckets: bucketsPerPath * maxPaths },
        ]),
      ),
    );
    for (const key of [...this.wanted.keys()]) {
      if (!key.startsWith(`${node} `) || wanted.has(key)) continue;
      this.wanted.delete(key);
      await this.remove(key);
    }
    for (const [key, each] of wanted) {
      this.wanted.set(key, each);
      const failed = await this.follow(key);
      if (failed !== undefined) return failed;
    }
    return undefined;
  }

  isResilient(node: string, instance: string, prefix: string): boolean {
    return this.groups.has(`${node} ${instance} ${prefix}`);
  }

  /** FRR changed a route. */
  routeChanged(node: string, instance: string, prefix: string): void {
    const key = `${node} ${instance} ${prefix}`;
    if (this.wanted.has(key)) void this.follow(key);
  }

  /** The switch was off: its kernel knows no groups. */
  forget(node: string): void {
    for (const key of this.groups.keys()) if (key.startsWith(`${node} `)) this.groups.delete(key);
  }

  private follow(key: string): Promise<string | undefined> {
    const done = this.working.then(() => this.bringUpToDate(key));
    this.working = done;
    return done;
  }

  private async bringUpToDate(key: string): Promise<string | undefined> {
    const wanted = this.wanted.get(key);
    if (wanted === undefined) return undefined;
    const { node, ip, prefix } = this.placeOf(key);
    const hops = hopsIn(await this.kernel.said(node, `${ip} -j route show ${prefix} proto bgp`));
    // One next hop needs no group.
    if (hops.length < 2) return this.remove(key);
    const group = this.groups.get(key) ?? { id: 1000 * this.nextGroup++, hops: new Map<string, number>() };
    for (const { gateway } of hops)
      if (!group.hops.has(gateway)) group.hops.set(gateway, group.id + group.hops.size + 1);
    const members = hops.map(({ gateway }) => group.hops.get(gateway)).join('/');
    const result = await this.kernel.run(
      node,
      [
        '(set -e',
        ...hops.map(
          ({ gateway, device }) =>
            `${ip} nexthop replace id ${group.hops.get(gateway)} via ${gateway} dev ${device} onlink`,
        ),
        `${ip} nexthop replace id ${group.id} group ${members} type resilient buckets ${wanted.buckets} idle_timer 0`,
        `${ip} route replace ${prefix} nhid ${group.id} proto ${PROTOCOL} metric ${BETTER}`,
        ')',
      ].join('\n'),
    );
    if (result.exitCode !== 0)
      return `this kernel does not hash resiliently (next-hop groups of type resilient, Linux 5.13): ${result.output.trim()}`;
    this.groups.set(key, group);
    return undefined;
  }

  private async remove(key: string): Promise<undefined> {
    const group = this.groups.get(key);
    if (group === undefined) return;
    this.groups.delete(key);
    const { node, ip, prefix } = this.placeOf(key);
    await this.kernel.run(
      node,
      [
        `${ip} route del ${prefix} proto ${PROTOCOL} metric ${BETTER}`,
        ...[group.id, ...group.hops.values()].map(id => `${ip} nexthop del id ${id}`),
        ':',
      ].join('\n'),
    );
  }

  private placeOf(key: string) {
    const [node = '', instance = '', prefix = ''] = key.split(' ');
    return { node, ip: this.kernel.ip(node, instance), prefix };
  }
}

function hopsIn(said: unknown): Hop[] {
  const [route] = listOf(said);
  if (route === undefined) return [];
  const several = listOf(route['nexthops']);
  return (several.length > 0 ? several : [route]).flatMap(hop => {
    const gateway = textOf(hop['gateway']);
    const device = textOf(hop['dev']);
    return gateway === undefined || device === undefined ? [] : [{ gateway, device }];
  });
}
