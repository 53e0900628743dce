import type { SwitchConfig } from '../../../lab/switch-config.ts';
import { anycastGatewayMac } from '../../../net/mac.ts';
import { addressOf } from '../../../net/prefix.ts';
import type { Device } from '../device.ts';
import { Port } from '../wire.ts';
import { chassisMac } from './chassis.ts';
import type { InterfaceStates } from './interface-states.ts';
import { same } from './same.ts';
import { Subinterface, type SubinterfaceKind } from './subinterface.ts';
import { type SwitchParts, tagKey } from './switch-parts.ts';

type Parent = SwitchConfig['interfaces'][number];
type Child = Parent['subinterfaces'][number];

/** Ports of the chassis: those that cables end at and those the configuration names. */
export function addPorts(parts: SwitchParts, device: Device, names: Iterable<string>): void {
  for (const name of names) {
    if (name.startsWith('ethernet-') && !parts.ports.has(name)) parts.ports.set(name, new Port(device, name));
  }
}

/** Turns the light of every port on or off as configured. */
export function enablePorts({ config, ports, world }: SwitchParts): void {
  const enabled = new Set(config.interfaces.filter(one => one.adminState).map(({ name }) => name));
  for (const port of ports.values()) {
    if (port.enabled === enabled.has(port.name)) continue;
    port.enabled = !port.enabled;
    if (port.wire !== undefined) world.carrierMayHaveChanged(port.wire);
  }
}

/** Makes the subinterfaces those of the running configuration; `before` is what they were made from. */
export function updateSubinterfaces(
  parts: SwitchParts,
  device: Device,
  states: InterfaceStates,
  before: SwitchConfig | undefined,
): void {
  const wanted = childrenOf(parts.config);
  for (const [name, { child, parent }] of childrenOf(before)) {
    const now = wanted.get(name);
    const subinterface = parts.subinterfaces.get(name);
    if (subinterface === undefined) continue;
    if (now === undefined || !same(now.child, child)) {
      remove(parts, states, subinterface);
      continue;
    }
    subinterface.interfaceEnabled = now.parent.adminState;
    if (now.parent.adminState !== parent.adminState) states.reconsider(subinterface);
  }
  for (const [name, { parent, child }] of wanted) {
    if (!parts.subinterfaces.has(name)) add(parts, device, parent, child);
  }
}

/** Every subinterface goes where the configuration has it; one that moves comes up there when next reconsidered. */
export function attachSubinterfaces(parts: SwitchParts, states: InterfaceStates): void {
  const { bridges, instances, config } = parts;
  for (const subinterface of parts.subinterfaces.values()) {
    const homes = config.networkInstances.filter(
      ({ name, interfaces }) =>
        interfaces.includes(subinterface.name) && (instances.has(name) || bridges.has(name)),
    );
    const instance = homes.find(({ type }) => type !== 'mac-vrf')?.name;
    const bridge = homes.find(({ type }) => type === 'mac-vrf')?.name;
    if (subinterface.instance === instance && subinterface.bridge === bridge) continue;
    states.takeDown(subinterface);
    if (subinterface.bridge !== undefined) bridges.get(subinterface.bridge)?.remove(subinterface);
    subinterface.instance = instance;
    subinterface.bridge = bridge;
    if (bridge !== undefined) bridges.get(bridge)?.add(subinterface);
  }
}

function childrenOf(config: SwitchConfig | undefined): Map<string, { parent: Parent; child: Child }> {
  const children = new Map<string, { parent: Parent; child: Child }>();
  for (const parent of config?.interfaces ?? []) {
    for (const child of parent.subinterfaces) children.set(child.name, { parent, child });
  }
  return children;
}

function add(parts: SwitchParts, device: Device, parent: Parent, config: Child): void {
  const port = parts.ports.get(parent.name);
  const kind: SubinterfaceKind = parent.name.startsWith('irb')
    ? 'irb'
    : port === undefined
      ? 'loopback'
      : 'ethernet';
  const anycast = kind === 'irb' && config.addresses.some(address => address.anycastGateway);
  const mac = anycast
    ? (config.anycastGatewayMac ?? anycastGatewayMac(1))
    : chassisMac(parts.name, portNumber(parent.name));
  const subinterface = new Subinterface({ config, kind, port, interfaceEnabled: parent.adminState, mac });
  parts.subinterfaces.set(config.name, subinterface);
  if (port !== undefined) parts.byTag.set(tagKey(port.name, config.vlanId), subinterface);
  for (const { address, anycastGateway } of config.addresses) {
    if (!anycastGateway) parts.world.nameAddress(addressOf(address), device);
  }
}

function remove(parts: SwitchParts, states: InterfaceStates, subinterface: Subinterface): void {
  states.takeDown(subinterface);
  parts.byTag.delete(tagKey(subinterface.port?.name ?? '', subinterface.config.vlanId));
  parts.subinterfaces.delete(subinterface.name);
  for (const bridge of parts.bridges.values()) bridge.remove(subinterface);
}

/** Last number of an interface name: 10 of "ethernet-1/10". */
function portNumber(name: string): number {
  return Number(/(\d+)$/.exec(name)?.[1] ?? 0);
}
