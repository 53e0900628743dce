import { derived } from '../../../values/derived.ts';
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

/** Packets are many, the ways they take are few: each is worked out once. */
export function routeOf(world: World, { path }: WalkResult): Places {
  const routes = routesOf(world);
  const way = path.join(' ');
  let route = routes.get(way);
  if (route === undefined) {
    route = placesOn(world, path);
    routes.set(way, route);
  }
  return route;
}

const routesOf = derived((_: World) => new Map<string, Places>());

function placesOn(world: World, path: WalkResult['path']): Places {
  const kinds = new Map<string, string>(world.lab.nodes.map(one => [one.name, one.kind]));
  const switches: string[] = [];
  let node: string | undefined;
  for (const name of path.slice(1)) {
    if (kinds.get(name) === 'switch') switches.push(name);
    else if (switches.length > 0) node ??= name;
  }
  return { switches, leaf: switches.at(-1), spine: switches.length > 2 ? switches[1] : undefined, node };
}
