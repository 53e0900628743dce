import type { SpeakerConfig } from '../../../bgp/config.ts';
import type { NetworkInstanceConfig, SwitchConfig } from '../../../lab/switch-config.ts';

/** What the BGP speaker of a network-instance is told; undefined when the instance runs no BGP. */
export function speakerConfig(
  config: SwitchConfig,
  instance: NetworkInstanceConfig,
): SpeakerConfig | undefined {
  const { bgp } = instance;
  if (bgp === undefined) return undefined;
  const spoken = new Set([...bgp.neighbors, ...bgp.dynamicNeighbors].flatMap(session => session.families));
  return {
    adminState: bgp.adminState && instance.adminState,
    autonomousSystem: bgp.autonomousSystem,
    routerId: bgp.routerId,
    ebgpDefaultPolicy: bgp.ebgpDefaultPolicy,
    // A group may enable a family that the instance leaves alone: the narrower setting counts.
    families: bgp.families.map(family => ({
      ...family,
      adminState: family.adminState || spoken.has(family.name),
    })),
    rapidWithdrawal: bgp.rapidWithdrawal,
    neighbors: bgp.neighbors,
    dynamicNeighbors: bgp.dynamicNeighbors,
    policies: config.policies,
    prefixSets: config.prefixSets,
  };
}
