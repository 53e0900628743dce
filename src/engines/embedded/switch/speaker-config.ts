import type { SpeakerConfig } from '../../../bgp/config.ts';
import type { NetworkInstanceConfig, SwitchConfig } from '../../../lab/switch-config.ts';

/** What the BGP speaker of a network-instance is told; undefined when the instance runs no BGP. */
export function speakerConfig(
  config: SwitchConfig,
  instance: NetworkInstanceConfig,
): SpeakerConfig | undefined {
  const { bgp } = instance;
  if (bgp === undefined) return undefined;
  return {
    adminState: bgp.adminState && instance.adminState,
    autonomousSystem: bgp.autonomousSystem,
    routerId: bgp.routerId,
    ebgpDefaultPolicy: bgp.ebgpDefaultPolicy,
    families: bgp.families,
    rapidWithdrawal: bgp.rapidWithdrawal,
    neighbors: bgp.neighbors,
    dynamicNeighbors: bgp.dynamicNeighbors,
    policies: config.policies,
    prefixSets: config.prefixSets,
  };
}
