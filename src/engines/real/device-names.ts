import type { NetworkInstanceConfig, SwitchConfig } from '../../lab/switch-config.ts';

/** "ethernet-1/10" is "e1-10" on Linux, as containerlab writes it; VLANs and subinterfaces have no devices of their own. */
export function deviceOf(port: string): string {
  return port.replace(/^ethernet-(\d+)\/(\d+)$/, 'e$1-$2');
}

/** The switch's own name for a Linux device. */
export function portOf(device: string): string {
  return device.replace(/^e(\d+)-(\d+)$/, 'ethernet-$1/$2');
}

/** The routed instance and bridge behind a port: undefined where the port is routed in the default instance. */
export function placeOfPort(
  config: SwitchConfig,
  port: string,
): { readonly vrf: string | undefined; readonly bridge: NetworkInstanceConfig | undefined } {
  const instances = config.networkInstances;
  const owning = instances.find(each => each.interfaces.some(name => name.startsWith(`${port}.`)));
  if (owning === undefined) return { vrf: undefined, bridge: undefined };
  if (owning.type === 'default') return { vrf: undefined, bridge: undefined };
  if (owning.type === 'ip-vrf') return { vrf: owning.name, bridge: undefined };
  return { vrf: vrfOfBridge(config, owning)?.name, bridge: owning };
}

/** The routed instance that shares an irb with the bridge domain. */
export function vrfOfBridge(
  config: SwitchConfig,
  bridge: NetworkInstanceConfig,
): NetworkInstanceConfig | undefined {
  const irbs = bridge.interfaces.filter(name => name.startsWith('irb'));
  return config.networkInstances.find(
    each => isVrf(each) && each.interfaces.some(name => irbs.includes(name)),
  );
}

/** "br1" for VNI 1; a bridge without a VNI is called after its irb. */
export function bridgeName(config: SwitchConfig, bridge: NetworkInstanceConfig): string {
  const vni = vniOf(config, bridge);
  if (vni !== undefined) return `br${vni}`;
  const irb = bridge.interfaces.find(name => name.startsWith('irb')) ?? bridge.name;
  return `br-${irb.replace('.', '-')}`.slice(0, 15);
}

export function isVrf(instance: NetworkInstanceConfig): boolean {
  return instance.type === 'ip-vrf';
}

/** The VNI of an instance: its VXLAN interface's. */
export function vniOf(config: SwitchConfig, instance: NetworkInstanceConfig): number | undefined {
  return config.vxlanInterfaces.find(({ name }) => name === instance.vxlanInterface)?.ingressVni;
}

/** The switch's own address: VXLAN tunnels end on it. */
export function loopbackOf(config: SwitchConfig): string {
  const system = config.interfaces.find(({ name }) => name === 'system0');
  const address = system?.subinterfaces[0]?.addresses[0]?.address ?? '0.0.0.0/32';
  return address.slice(0, address.indexOf('/'));
}

/** The MAC that type 5 routes carry (RFC 9135 section 6.1): one for each switch and tenant. */
export function routerMac(index: number, vni: number): string {
  const hex = (value: number) => (value & 0xff).toString(16).padStart(2, '0');
  return `aa:bb:cc:${hex(vni >> 8)}:${hex(vni)}:${hex(index + 1)}`;
}
