import type { View } from './view.ts';

/** `show network-instance <name> protocols bgp-evpn [bgp-instance 1]`. */
export function showBgpEvpn(view: View, instance: string, words: readonly string[]): boolean {
  const config = view.config?.networkInstances.find(({ name }) => name === instance);
  const evpn = config?.bgpEvpn;
  if (words[0] !== undefined && words[0] !== 'bgp-instance')
    return view.unknown(words[0], ['bgp-instance 1']);
  if (config === undefined || evpn === undefined)
    return view.refuse(`Error: network-instance "${instance}" has no bgp-evpn`);
  if (words[1] !== undefined && words[1] !== '1' && words[1] !== '*')
    return view.refuse(
      `Error: there is no bgp-instance '${words[1]}' in network-instance "${instance}". There are ['1']`,
    );
  const routerId = view.config?.networkInstances.find(({ type }) => type === 'default')?.bgp?.routerId;
  const up =
    config.adminState && evpn.adminState && view.rows({ name: 'evpn', node: view.node.name }) !== undefined;
  const bridged = config.type === 'mac-vrf';
  const source = `${routerId ?? 'None'}/32`;
  return view.lines([
    '='.repeat(69),
    `Net Instance   : ${instance}`,
    `    bgp Instance 1 is ${evpn.adminState ? 'enable' : 'disable'} and ${up ? 'up' : 'down'}`,
    '-'.repeat(69),
    `        VXLAN-Interface   : ${evpn.vxlanInterface}`,
    `        evi               : ${evpn.evi}`,
    `        ecmp              : ${evpn.ecmp}`,
    '        default-admin-tag : 0',
    `        oper-down-reason  : ${up ? 'N/A' : 'admin-disabled'}`,
    '        EVPN Routes',
    `            Next hop                     : ${source}`,
    `            Route distinguisher          : ${config.bgpVpn?.routeDistinguisher ?? `${routerId ?? ''}:${evpn.evi}`}`,
    `            Route target export          : ${config.bgpVpn?.exportRouteTargets.join(' ') ?? 'None'}`,
    `            Route target import          : ${config.bgpVpn?.importRouteTargets.join(' ') ?? 'None'}`,
    ...(bridged
      ? [
          '            MAC/IP Routes                : enabled',
          `            IMET Routes                  : enabled, originating-ip ${source}`,
        ]
      : [
          `            IP prefix routes             : enabled`,
          `            advertise-gateway-mac        : ${evpn.advertiseGatewayMac}`,
        ]),
    '='.repeat(69),
  ]);
}
