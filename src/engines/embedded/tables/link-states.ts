import type { PeerState } from '../../../bgp/speaker.ts';
import type { LinkEnd } from '../../../lab/lab.ts';
import type { LinkState } from '../../../lab/snapshot.ts';
import type { SwitchConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { containsAddress, type Ipv4Prefix, networkOf } from '../../../net/prefix.ts';
import { derived } from '../../../values/derived.ts';
import { Switch } from '../switch/switch.ts';
import type { World } from '../world.ts';
import type { StatesByNode } from './session-rows.ts';

/** Every link of the lab, in file order. */
export function linkStates(world: World, byNode: StatesByNode): LinkState[] {
  return world.lab.links.map(({ id, a, b, role }) => {
    const wire = world.wires.get(id);
    if (wire === undefined) return { id, state: 'absent', rateAToB: 0, rateBToA: 0 };
    const across = { all: 0, established: 0 };
    countAcross(across, world, byNode.get(a.node), a, b, role);
    countAcross(across, world, byNode.get(b.node), b, a, role);
    return {
      id,
      state: wire.carrier ? (wire.silent ? 'silent' : 'up') : 'down',
      ...(across.all === 0 ? {} : { bgp: howMany(across) }),
      rateAToB: wire.sentByA.rate(world.now()),
      rateBToA: wire.sentByB.rate(world.now()),
    };
  });
}

type Across = { all: number; established: number };

function howMany({ all, established }: Across): 'up' | 'partly' | 'down' {
  return established === all ? 'up' : established === 0 ? 'down' : 'partly';
}

/** Counts the sessions of one end whose peer sits at the other: on the link's own network, or for a joined node anywhere on it. */
function countAcross(
  across: Across,
  world: World,
  sessions: readonly PeerState[] | undefined,
  from: LinkEnd,
  to: LinkEnd,
  role: 'fabric' | 'join',
): void {
  const device = world.device(from.node);
  if (sessions === undefined || (role === 'fabric' && !(device instanceof Switch))) return;
  const networks = device instanceof Switch ? networksOn(device.config, from.port) : [];
  for (const { peer, state } of sessions) {
    if (role === 'join' ? world.nodeOwning(peer) !== to.node : !isOnOneOf(networks, peer)) continue;
    across.all++;
    if (state === 'established') across.established++;
  }
}

function isOnOneOf(networks: readonly Ipv4Prefix[], address: Ipv4): boolean {
  for (const network of networks) if (containsAddress(network, address)) return true;
  return false;
}

/** The networks of a configured port: a configuration never changes, another takes its place. */
function networksOn(config: SwitchConfig, port: string): readonly Ipv4Prefix[] {
  return networksOf(config).get(port) ?? [];
}

const networksOf = derived(
  ({ interfaces }: SwitchConfig): ReadonlyMap<string, readonly Ipv4Prefix[]> =>
    new Map(
      interfaces.map(({ name, subinterfaces }) => [
        name,
        subinterfaces.flatMap(({ addresses }) => addresses).map(({ address }) => networkOf(address)),
      ]),
    ),
);
