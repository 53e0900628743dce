import type { SessionView } from '../../../bgp/speaker.ts';
import type { LinkEnd } from '../../../lab/lab.ts';
import type { LinkState } from '../../../lab/snapshot.ts';
import { containsAddress, networkOf } from '../../../net/prefix.ts';
import type { BgpProcess } from '../bgp-process.ts';
import { Switch } from '../switch/switch.ts';
import type { World } from '../world.ts';

type Located = {
  readonly node: string;
  readonly peerNode: string | undefined;
  readonly session: SessionView;
};

/** Every link of the lab, in file order. */
export function linkStates(world: World, processes: readonly BgpProcess[]): LinkState[] {
  const byNode = new Map<string, Located[]>();
  for (const process of processes) {
    const node = process.device.name;
    const sessions = byNode.get(node) ?? [];
    for (const session of process.sessions())
      sessions.push({ node, peerNode: world.nodeOwning(session.peer), session });
    byNode.set(node, sessions);
  }
  return world.lab.links.map(({ id, a, b, role }) => {
    const wire = world.wires.get(id);
    if (wire === undefined) return { id, state: 'absent', rateAToB: 0, rateBToA: 0 };
    const across = [
      ...sessionsAcross(world, byNode, a, b, role),
      ...sessionsAcross(world, byNode, b, a, role),
    ];
    const up = across.filter(({ session }) => session.state === 'established').length;
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
  byNode: ReadonlyMap<string, readonly Located[]>,
  from: LinkEnd,
  to: LinkEnd,
  role: 'fabric' | 'join',
): readonly Located[] {
  const sessions = byNode.get(from.node) ?? [];
  if (role === 'join') return sessions.filter(({ peerNode }) => peerNode === to.node);
  const device = world.device(from.node);
  if (!(device instanceof Switch)) return [];
  const networks = device.config.interfaces
    .filter(({ name }) => name === from.port)
    .flatMap(({ subinterfaces }) => subinterfaces.flatMap(({ addresses }) => addresses))
    .map(({ address }) => networkOf(address));
  return sessions.filter(({ session }) => networks.some(network => containsAddress(network, session.peer)));
}
