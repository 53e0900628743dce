import type { NetworkInstanceConfig, SwitchConfig } from '../../../lab/switch-config.ts';
import type { Port } from '../wire.ts';
import type { World } from '../world.ts';
import type { Bridge } from './bridge.ts';
import type { RoutedInstance } from './routed-instance.ts';
import type { Subinterface } from './subinterface.ts';

/** What a switch's configuration brings to life, and where it is found. */
export type SwitchParts = {
  readonly world: World;
  readonly name: string;
  /** The running configuration. */
  config: SwitchConfig;
  readonly ports: Map<string, Port>;
  readonly subinterfaces: Map<string, Subinterface>;
  /** By port and VLAN (`tagKey`). */
  readonly byTag: Map<string, Subinterface>;
  readonly instances: Map<string, RoutedInstance>;
  readonly bridges: Map<string, Bridge>;
  /** Who receives what comes out of a tunnel. */
  readonly byVni: Map<number, { readonly type: 'routed' | 'bridged'; readonly instance: string }>;
};

export function tagKey(port: string, vlan: number | undefined): string {
  return vlan === undefined ? port : `${port} ${vlan}`;
}

export function bridgeOf({ bridges }: SwitchParts, subinterface: Subinterface): Bridge | undefined {
  return subinterface.bridge === undefined ? undefined : bridges.get(subinterface.bridge);
}

export function instanceOf(
  { instances }: SwitchParts,
  subinterface: Subinterface,
): RoutedInstance | undefined {
  return subinterface.instance === undefined ? undefined : instances.get(subinterface.instance);
}

export function vniOf({ config }: SwitchParts, instance: NetworkInstanceConfig): number | undefined {
  return config.vxlanInterfaces.find(one => one.name === instance.vxlanInterface)?.ingressVni;
}
