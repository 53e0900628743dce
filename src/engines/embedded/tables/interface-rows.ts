import type { InterfaceRow } from '../../../lab/snapshot.ts';
import type { SubinterfaceConfig } from '../../../lab/switch-config.ts';
import type { Subinterface } from '../switch/subinterface.ts';
import type { Switch } from '../switch/switch.ts';

/** Subinterfaces of a switch in configuration order; an interface without any stands for itself. */
export function interfaceRows(node: Switch): InterfaceRow[] {
  const rows: InterfaceRow[] = [];
  for (const parent of node.config.interfaces) {
    const port = node.ports.get(parent.name);
    const packets = { inPackets: port?.inPackets ?? 0, outPackets: port?.outPackets ?? 0 };
    if (parent.subinterfaces.length === 0) {
      const up = parent.adminState && port?.carrier === true;
      rows.push({
        name: parent.name,
        adminState: parent.adminState ? 'enable' : 'disable',
        operState: up ? 'up' : 'down',
        ...(up ? {} : { operDownReason: parent.adminState ? 'lower-layer-down' : 'port-admin-disabled' }),
        addresses: [],
        ...(parent.mtu === undefined ? {} : { mtu: parent.mtu }),
        ...packets,
      });
    }
    for (const config of parent.subinterfaces) {
      rows.push({ ...rowOf(node, config, parent.adminState), ...packets });
    }
  }
  return rows;
}

function rowOf(
  node: Switch,
  config: SubinterfaceConfig,
  enabled: boolean,
): Omit<InterfaceRow, 'inPackets' | 'outPackets'> {
  const subinterface = node.subinterfaces.get(config.name);
  const up = subinterface?.up === true;
  const instance = subinterface?.instance ?? subinterface?.bridge;
  return {
    name: config.name,
    adminState: config.adminState ? 'enable' : 'disable',
    operState: up ? 'up' : 'down',
    ...(up ? {} : { operDownReason: downReason(config, enabled, subinterface) }),
    addresses: config.addresses.map(({ address }) => address),
    ...(instance === undefined ? {} : { instance }),
    ...(config.ipMtu === undefined ? {} : { mtu: config.ipMtu }),
    ...(config.vlanId === undefined ? {} : { vlanId: config.vlanId }),
  };
}

/** SR Linux's words. */
function downReason(
  config: SubinterfaceConfig,
  enabled: boolean,
  subinterface: Subinterface | undefined,
): string {
  if (!enabled) return 'port-admin-disabled';
  if (!config.adminState) return 'admin-disabled';
  if (subinterface?.kind === 'irb' && subinterface.bridge !== undefined) return 'mac-vrf-down';
  if (subinterface !== undefined && subinterface.instance === undefined && subinterface.bridge === undefined)
    return 'no-network-instance';
  return 'lower-layer-down';
}
