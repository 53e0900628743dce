import type { NetworkInstanceConfig, SwitchConfig } from '../../../lab/switch-config.ts';
import type { Device } from '../device.ts';
import type { Transport } from '../transport.ts';
import { Bridge } from './bridge.ts';
import type { EvpnExporter } from './evpn-exporter.ts';
import type { EvpnImporter } from './evpn-importer.ts';
import type { HostLearning } from './host-learning.ts';
import type { InterfaceStates } from './interface-states.ts';
import { RoutedInstance } from './routed-instance.ts';
import { same } from './same.ts';
import { speakerConfig } from './speaker-config.ts';
import { addPorts, attachSubinterfaces, enablePorts, updateSubinterfaces } from './subinterface-set.ts';
import { type SwitchParts, vniOf } from './switch-parts.ts';

export type ConfiguratorOptions = {
  readonly parts: SwitchParts;
  readonly device: Device;
  readonly transport: Transport;
  readonly exporter: EvpnExporter;
  readonly importer: EvpnImporter;
  readonly learning: HostLearning;
  readonly states: InterfaceStates;
  readonly modulo: boolean;
  readonly onSessionsChanged: () => void;
};

/** Turns a switch's configuration into its parts, and a changed configuration into as little change of them as it takes. */
export class Configurator {
  private readonly options: ConfiguratorOptions;
  private readonly parts: SwitchParts;
  private readonly exporter: EvpnExporter;
  private readonly importer: EvpnImporter;

  constructor(options: ConfiguratorOptions) {
    this.options = options;
    this.parts = options.parts;
    this.exporter = options.exporter;
    this.importer = options.importer;
  }

  /** From nothing: the switch has just booted. */
  build(): void {
    const { parts } = this;
    const { device, states } = this.options;
    updateSubinterfaces(parts, device, states, undefined);
    for (const instance of inOrder(parts.config)) this.addInstance(instance);
    attachSubinterfaces(parts, states);
    for (const bridge of parts.bridges.values()) this.exporter.exportMembership(bridge);
    states.reconsiderAll();
  }

  /** Commits a configuration: only what differs is touched. */
  reconfigure(config: SwitchConfig): void {
    const { parts } = this;
    const { device, states } = this.options;
    const before = parts.config;
    const tunnelBefore = this.tunnelBase();
    parts.config = config;
    addPorts(
      parts,
      device,
      config.interfaces.map(({ name }) => name),
    );
    const kept = this.removeInstances(before, config);
    updateSubinterfaces(parts, device, states, before);
    const added = inOrder(config).filter(({ name }) => !kept.has(name));
    for (const instance of added) this.addInstance(instance);
    attachSubinterfaces(parts, states);
    for (const { name } of added) {
      const bridge = parts.bridges.get(name);
      if (bridge !== undefined) this.exporter.exportMembership(bridge);
    }
    if (added.length > 0) this.importer.importAllAgain();
    const policiesChanged =
      !same(before.policies, config.policies) || !same(before.prefixSets, config.prefixSets);
    for (const now of inOrder(config)) {
      const old = kept.get(now.name);
      if (old !== undefined && (policiesChanged || !same(old, now))) this.updateInstance(old, now);
    }
    if (this.tunnelBase().some((one, index) => one !== tunnelBefore[index])) this.exportAllAgain();
    enablePorts(parts);
    states.reconsiderAll();
    parts.world.forwardingChanged(parts.device);
  }

  /** Removes the instances that cannot be changed in place; returns the others as they were configured. */
  private removeInstances(before: SwitchConfig, config: SwitchConfig): Map<string, NetworkInstanceConfig> {
    const vxlanChanged = !same(before.vxlanInterfaces, config.vxlanInterfaces);
    const now = new Map(config.networkInstances.map(one => [one.name, one]));
    const kept = new Map(before.networkInstances.map(one => [one.name, one]));
    // The others resolve their tunnels in the default network-instance: they go with it.
    const defaultGoes = !sameFrame(kept.get('default'), now.get('default'));
    for (const [name, old] of [...kept]) {
      const retunneled = vxlanChanged && old.vxlanInterface !== undefined;
      if (sameFrame(old, now.get(name)) && !defaultGoes && !retunneled) continue;
      this.removeInstance(old);
      kept.delete(name);
    }
    return kept;
  }

  private addInstance(config: NetworkInstanceConfig): void {
    if (!config.adminState) return;
    const { parts, exporter, importer } = this;
    const { device, transport, modulo, onSessionsChanged } = this.options;
    const vni = vniOf(parts, config);
    const type = config.type === 'mac-vrf' ? 'bridged' : 'routed';
    if (vni !== undefined) parts.byVni.set(vni, { type, instance: config.name });
    if (type === 'bridged') {
      parts.bridges.set(config.name, new Bridge(config, vni));
      return;
    }
    const instance = new RoutedInstance({
      world: parts.world,
      transport,
      device,
      config,
      speaker: speakerConfig(parts.config, config),
      underlay: config.type === 'default' ? undefined : parts.instances.get('default')?.table,
      modulo,
      onActiveChanged: (of, prefix, route) => {
        if (of.config.type === 'ip-vrf') exporter.exportPrefix(of, prefix, route);
      },
      onEvpnChanges: changes => importer.takeFromBgp(changes),
      onSessionsChanged,
    });
    parts.instances.set(config.name, instance);
  }

  private removeInstance(config: NetworkInstanceConfig): void {
    const { subinterfaces, instances, bridges, byVni } = this.parts;
    for (const subinterface of subinterfaces.values()) {
      if (!config.interfaces.includes(subinterface.name)) continue;
      this.options.states.takeDown(subinterface);
      if (config.type === 'mac-vrf') subinterface.bridge = undefined;
      else subinterface.instance = undefined;
    }
    this.exporter.withdrawInstance(config.name);
    instances.get(config.name)?.close('removed');
    instances.delete(config.name);
    bridges.delete(config.name);
    for (const [vni, end] of [...byVni]) if (end.instance === config.name) byVni.delete(vni);
  }

  private updateInstance(old: NetworkInstanceConfig, now: NetworkInstanceConfig): void {
    const { parts, exporter, importer } = this;
    const evpnChanged = !same(old.bgpEvpn, now.bgpEvpn) || !same(old.bgpVpn, now.bgpVpn);
    const bridge = parts.bridges.get(now.name);
    const instance = parts.instances.get(now.name);
    if (evpnChanged) exporter.withdrawInstance(now.name);
    if (bridge !== undefined) bridge.config = now;
    instance?.reconfigure(now, speakerConfig(parts.config, now));
    if (!evpnChanged) return;
    if (bridge !== undefined) this.exportBridge(bridge);
    if (instance !== undefined) this.exportPrefixes(instance);
    importer.importAllAgain();
  }

  // EVPN

  /** What every exported EVPN route stands on: tunnel address, router id and the process that carries it. */
  private tunnelBase(): readonly unknown[] {
    const { config, instances } = this.parts;
    const system = config.interfaces.find(({ name }) => name === 'system0');
    const address = system?.subinterfaces[0]?.addresses[0]?.address;
    return [address, routerIdOf(config), instances.get('default')?.process];
  }

  private exportAllAgain(): void {
    const { bridges, instances } = this.parts;
    for (const name of [...bridges.keys(), ...instances.keys()]) this.exporter.withdrawInstance(name);
    for (const bridge of bridges.values()) this.exportBridge(bridge);
    for (const instance of instances.values()) this.exportPrefixes(instance);
  }

  private exportBridge(bridge: Bridge): void {
    this.exporter.exportMembership(bridge);
    for (const [mac, entry] of bridge.macs) {
      if (entry.type === 'learnt') this.exporter.exportMac(bridge, mac, undefined, entry.sequence);
    }
    for (const irb of bridge.irbs) {
      for (const [address, { mac, type }] of irb.neighbors) {
        if (type === 'dynamic') this.options.learning.advertiseHost(bridge, irb, address, mac);
      }
    }
  }

  private exportPrefixes(instance: RoutedInstance): void {
    if (instance.config.type !== 'ip-vrf') return;
    for (const entry of instance.table.sorted()) {
      this.exporter.exportPrefix(instance, entry.prefix, entry.active);
    }
  }
}

/** The router id of the default network-instance. */
export function routerIdOf({ networkInstances }: SwitchConfig): string | undefined {
  const config = networkInstances.find(one => one.name === 'default');
  return config?.bgp?.routerId ?? config?.routerId;
}

/** The default network-instance first: the others' tunnels are resolved in it. */
function inOrder(config: SwitchConfig): NetworkInstanceConfig[] {
  const order = { default: 0, 'mac-vrf': 1, 'ip-vrf': 2 };
  return [...config.networkInstances].sort((a, b) => order[a.type] - order[b.type]);
}

/** Whether two configurations of an instance differ only in what can be changed in place. */
function sameFrame(a: NetworkInstanceConfig | undefined, b: NetworkInstanceConfig | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.type === b.type &&
    a.adminState === b.adminState &&
    a.vxlanInterface === b.vxlanInterface &&
    same(a.resilientHash, b.resilientHash)
  );
}
