import type { NetworkInstanceConfig, SwitchConfig } from '../../../lab/switch-config.ts';
import type { Device } from '../device.ts';
import type { Port } from '../wire.ts';
import type { World } from '../world.ts';
import type { Bridge } from './bridge.ts';
import type { RoutedInstance } from './routed-instance.ts';
import type { Subinterface } from './subinterface.ts';

/** What a switch's configuration brings to life, and where it is found. */
export type SwitchParts = {
  readonly world: World;
  readonly name: string;
  readonly device: Device;
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

/** What of a switch packets meet that go by a subinterface: its port, or all of it where none is below. */
export function placeOf({ device }: SwitchParts, { port }: Subinterface): Port | Device {
  return port ?? device;
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
