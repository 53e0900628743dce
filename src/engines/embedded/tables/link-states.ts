import type { SessionView } from '../../../bgp/speaker.ts';
import type { LinkEnd } from '../../../lab/lab.ts';
import type { LinkState } from '../../../lab/snapshot.ts';
import type { SwitchConfig } from '../../../lab/switch-config.ts';
import { containsAddress, type Ipv4Prefix, networkOf } from '../../../net/prefix.ts';
import { Switch } from '../switch/switch.ts';
import type { World } from '../world.ts';

export type LocatedSession = { readonly node: string; readonly session: SessionView };

/** Every link of the lab, in file order. */
export function linkStates(world: World, sessions: readonly LocatedSession[]): LinkState[] {
  const byNode = new Map<string, SessionView[]>();
  for (const { node, session } of sessions) {
    const ofNode = byNode.get(node);
    if (ofNode === undefined) byNode.set(node, [session]);
    else ofNode.push(session);
  }
  return world.lab.links.map(({ id, a, b, role }) => {
    const wire = world.wires.get(id);
    if (wire === undefined) return { id, state: 'absent', rateAToB: 0, rateBToA: 0 };
    const across = [
      ...sessionsAcross(world, byNode, a, b, role),
      ...sessionsAcross(world, byNode, b, a, role),
    ];
    const up = across.filter(({ state }) => state === 'established').length;
    return {
      id,
      state: wire.carrier ? (wire.silent ? 'silent' : 'up') : 'down',
      ...(across.length === 0
        ? {}
        : {
            bgp: up === across.length ? ('up' as const) : up === 0 ? ('down' as const) : ('partly' as const),
          }),
      rateAToB: wire.sentByA.rate(world.now()),
      rateBToA: wire.sentByB.rate(world.now()),
    };
  });
}

/** Sessions of one end whose peer sits at the other: on the link's own network, or for a joined node anywhere on it. */
function sessionsAcross(
  world: World,
  byNode: ReadonlyMap<string, readonly SessionView[]>,
  from: LinkEnd,
  to: LinkEnd,
  role: 'fabric' | 'join',
): readonly SessionView[] {
  const sessions = byNode.get(from.node) ?? [];
  if (role === 'join') return sessions.filter(({ peer }) => world.nodeOwning(peer) === to.node);
  const device = world.device(from.node);
  if (!(device instanceof Switch)) return [];
  const networks = networksOn(device.config, from.port);
  return sessions.filter(({ peer }) => networks.some(network => containsAddress(network, peer)));
}

/** The networks of a configured port: a configuration never changes, another takes its place. */
function networksOn(config: SwitchConfig, port: string): readonly Ipv4Prefix[] {
  let known = networksOf.get(config);
  if (known === undefined) {
    known = new Map(
      config.interfaces.map(({ name, subinterfaces }) => [
        name,
        subinterfaces.flatMap(({ addresses }) => addresses).map(({ address }) => networkOf(address)),
      ]),
    );
    networksOf.set(config, known);
  }
  return known.get(port) ?? [];
}

const networksOf = new WeakMap<SwitchConfig, ReadonlyMap<string, readonly Ipv4Prefix[]>>();
