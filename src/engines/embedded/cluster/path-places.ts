import type { WalkResult } from '../device.ts';
import type { World } from '../world.ts';

/** The places on a packet's way from a client to a pod that people ask about. */
export type Places = {
  readonly switches: readonly string[];
  /** The last switch: it hands the packet to a node. */
  readonly leaf: string | undefined;
  /** The first switch between the client's and the last. */
  readonly spine: string | undefined;
  /** The Kubernetes node that took the packet from the fabric. */
  readonly node: string | undefined;
};

export function routeOf(world: World, there: WalkResult): Places {
  const switches: string[] = [];
  let node: string | undefined;
  for (const name of there.path.slice(1)) {
    if (kindOf(world, name) === 'switch') switches.push(name);
    else if (switches.length > 0) node ??= name;
  }
  return { switches, leaf: switches.at(-1), spine: switches.length > 2 ? switches[1] : undefined, node };
}

const kindsOf = new WeakMap<World, Map<string, string>>();

function kindOf(world: World, name: string): string | undefined {
  let kinds = kindsOf.get(world);
  if (kinds === undefined) {
    kinds = new Map(world.lab.nodes.map(node => [node.name, node.kind]));
    kindsOf.set(world, kinds);
  }
  return kinds.get(name);
}
