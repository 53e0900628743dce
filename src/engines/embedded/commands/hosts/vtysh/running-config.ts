import type { Router } from './router.ts';

/** `show running-config`: FRR's configuration as MetalLB writes it, from what the speaker runs. */
export function runningConfig({ process, node, terminal, version }: Router): string[] {
  const config = process.speakerConfig;
  const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);
  const speaker = terminal.context.clusters.speakers().find(one => one.process === process);
  const networks = [
    ...new Set(config.prefixSets.flatMap(({ entries }) => entries.map(({ prefix }) => prefix))),
  ];
  return [
    'Building configuration...',
    '',
    'Current configuration:',
    '!',
    `frr version ${version}`,
    'frr defaults traditional',
    `hostname ${node.name}`,
    'no ipv6 forwarding',
    '!',
    ...config.prefixSets.flatMap(({ name, entries }, at) =>
      entries.map(({ prefix }) => `ip prefix-list ${listName(name)} seq ${(at + 1) * 10} permit ${prefix}`),
    ),
    ...(config.prefixSets.length === 0 ? [] : ['!']),
    ...config.policies.flatMap(({ name, statements }) => [
      ...statements.flatMap(({ match }, at) => [
        `route-map ${name} permit ${at + 1}`,
        ...(match.prefixSet === undefined
          ? []
          : [` match ip address prefix-list ${listName(match.prefixSet)}`]),
        'exit',
        '!',
      ]),
      `route-map ${name} deny ${statements.length === 0 ? 20 : 65535}`,
      'exit',
      '!',
    ]),
    `router bgp ${config.autonomousSystem}`,
    ` bgp router-id ${config.routerId}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp default ipv4-unicast',
    ' no bgp network import-check',
    ...config.neighbors.flatMap(one => [
      ` neighbor ${one.peerAddress} remote-as ${one.peerAs}`,
      ...(speaker?.bfd(one.peerAddress) === undefined ? [] : [` neighbor ${one.peerAddress} bfd`]),
      ...(one.ttl > 1 ? [` neighbor ${one.peerAddress} ebgp-multihop`] : []),
      ` neighbor ${one.peerAddress} timers ${seconds(one.timers.keepaliveInterval)} ${seconds(one.timers.holdTime)}`,
      ` neighbor ${one.peerAddress} timers connect ${seconds(one.timers.connectRetry)}`,
      ...(one.localAddress === undefined
        ? []
        : [` neighbor ${one.peerAddress} update-source ${one.localAddress}`]),
    ]),
    ' !',
    ' address-family ipv4 unicast',
    ...networks.map(prefix => `  network ${prefix}`),
    ...config.neighbors.flatMap(one => [
      `  neighbor ${one.peerAddress} activate`,
      ...one.importPolicies.map(policy => `  neighbor ${one.peerAddress} route-map ${policy} in`),
      ...one.exportPolicies.map(policy => `  neighbor ${one.peerAddress} route-map ${policy} out`),
    ]),
    ' exit-address-family',
    'exit',
    '!',
    'end',
  ];
}

/** "leaf-dc-1 10.254.254.240/32" as a list's name. */
function listName(name: string): string {
  return name.replace(/[ /]/g, '-');
}
