import type { SwitchNode } from '../../../lab/lab.ts';
import type { NetworkInstanceConfig, SubinterfaceConfig, SwitchConfig } from '../../../lab/switch-config.ts';
import {
  bridgeName,
  deviceOf,
  isVrf,
  loopbackOf,
  placeOfPort,
  routerMac,
  vniOf,
  vrfOfBridge,
} from '../../real/device-names.ts';
import { hashFieldsOf } from '../../real/hash-fields.ts';

/** What fabric/frr/switch.sh makes in a switch's container: one line for each Linux device that the configuration asks for. */
export function deviceFileOf(node: SwitchNode, index: number): string {
  const { config } = node;
  return `${[
    `# ${node.name}: the Linux devices of what ${node.configFile ?? 'its configuration'} says. switch.sh beside this file reads it.`,
    `hash ${hashFieldsOf(config.hash)} ${config.hash?.seed ?? 0}`,
    ...addressesOn(config, name => name.startsWith('system0.')).map(address => `loopback ${address}`),
    ...config.networkInstances.filter(isVrf).flatMap(vrf => tenantLines(config, vrf, index)),
    ...config.interfaces
      .filter(({ name }) => name.startsWith('ethernet-'))
      .flatMap(each => portLine(config, each)),
  ].join('\n')}\n`;
}

function tenantLines(config: SwitchConfig, vrf: NetworkInstanceConfig, index: number): string[] {
  const vtep = loopbackOf(config);
  const vni = vniOf(config, vrf);
  const own =
    vni === undefined
      ? []
      : [
          `bridge br${vni} ${vrf.name} ${routerMac(index, vni)}`,
          `tunnel ${vni} ${vtep} br${vni} ${vrf.name} off`,
          `unpin br${vni} ${vrf.name}`,
        ];
  const domains = config.networkInstances.filter(
    each => each.type === 'mac-vrf' && vrfOfBridge(config, each) === vrf,
  );
  return [
    `tenant ${vrf.name}`,
    ...addressesOn(config, name => vrf.interfaces.includes(name) && name.startsWith('lo')).map(
      address => `loopback ${address} ${vrf.name}`,
    ),
    ...own,
    ...domains.flatMap(domain => domainLines(config, domain, vrf.name, vtep)),
  ];
}

function domainLines(
  config: SwitchConfig,
  domain: NetworkInstanceConfig,
  vrf: string,
  vtep: string,
): string[] {
  const name = bridgeName(config, domain);
  const irbs = subinterfaces(config).filter(
    each => each.name.startsWith('irb') && domain.interfaces.includes(each.name),
  );
  const mac = irbs.find(each => each.anycastGatewayMac !== undefined)?.anycastGatewayMac ?? '-';
  const vni = vniOf(config, domain);
  return [
    ['bridge', name, vrf, mac, ...irbs.flatMap(each => each.addresses.map(({ address }) => address))].join(
      ' ',
    ),
    ...(vni === undefined ? [] : [`tunnel ${vni} ${vtep} ${name} ${vrf} on`]),
  ];
}

function portLine(config: SwitchConfig, port: SwitchConfig['interfaces'][number]): string[] {
  const device = deviceOf(port.name);
  const { bridge, vrf } = placeOfPort(config, port.name);
  if (bridge !== undefined && vrf !== undefined)
    return [`access ${device} ${bridgeName(config, bridge)} ${vrf}`];
  const addresses = port.subinterfaces.flatMap(each => each.addresses.map(({ address }) => address));
  return addresses.length === 0 ? [] : [`port ${device} 5000 ${addresses.join(' ')}`];
}

function addressesOn(config: SwitchConfig, wanted: (name: string) => boolean): string[] {
  return subinterfaces(config)
    .filter(({ name }) => wanted(name))
    .flatMap(each => each.addresses.map(({ address }) => address));
}

function subinterfaces(config: SwitchConfig): SubinterfaceConfig[] {
  return config.interfaces.flatMap(each => each.subinterfaces);
}
