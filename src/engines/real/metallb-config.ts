import type { SessionParameters } from '../../kube/metallb/sessions.ts';

/**
 * FRR's configuration on a Kubernetes node, as MetalLB's FRR mode makes it from BGPPeer, IPAddressPool,
 * BGPAdvertisement and BFDProfile: only the advertised prefixes go out, nothing comes in.
 */
export function metallbConfig(node: string, sessions: readonly SessionParameters[]): string {
  const first = sessions[0];
  const lines = ['frr defaults traditional', `hostname ${node}`, 'log timestamp precision 6'];
  const profiles = new Map(
    sessions.flatMap(({ bfd, peer }) => (bfd === undefined ? [] : [[peer, bfd] as const])),
  );
  if (profiles.size > 0) {
    lines.push('bfd');
    for (const [peer, bfd] of profiles)
      lines.push(
        ` profile ${peer}`,
        `  detect-multiplier ${bfd.detectMultiplier}`,
        `  receive-interval ${bfd.receiveInterval}`,
        `  transmit-interval ${bfd.transmitInterval}`,
        ' exit',
      );
    lines.push('exit');
  }
  for (const session of sessions) lines.push(...policyLines(session));
  if (first === undefined) return `${lines.join('\n')}\n`;
  lines.push(
    `router bgp ${first.localAsn}`,
    ...(first.routerId === undefined ? [] : [` bgp router-id ${first.routerId}`]),
    ' bgp log-neighbor-changes',
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ' no bgp default ipv4-unicast',
    ...sessions.flatMap(neighborLines),
    ' address-family ipv4 unicast',
    ...[...new Set(sessions.flatMap(each => each.advertisements.map(({ prefix }) => prefix)))]
      .sort()
      .map(prefix => `  network ${prefix}`),
    ...sessions.flatMap(({ peerAddress, peer }) => [
      `  neighbor ${peerAddress} activate`,
      `  neighbor ${peerAddress} route-map ${peer}-in in`,
      `  neighbor ${peerAddress} route-map ${peer}-out out`,
    ]),
    ' exit-address-family',
    'exit',
  );
  return `${lines.join('\n')}\n`;
}

function neighborLines(session: SessionParameters): string[] {
  const prefix = ` neighbor ${session.peerAddress}`;
  const seconds = (milliseconds: number) => Math.max(1, Math.round(milliseconds / 1000));
  return [
    `${prefix} remote-as ${session.peerAsn}`,
    ...(session.peerPort === 179 ? [] : [`${prefix} port ${session.peerPort}`]),
    ...(session.sourceAddress === undefined ? [] : [`${prefix} update-source ${session.sourceAddress}`]),
    ...(session.ttl > 1 && session.peerAsn !== session.localAsn
      ? [`${prefix} ebgp-multihop ${session.ttl}`]
      : []),
    `${prefix} timers ${seconds(session.keepaliveTime)} ${seconds(session.holdTime)}`,
    // FRR's default of 120 s would make every lesson wait (docs/frr-lab.md).
    `${prefix} timers connect 1`,
    ...(session.bfd === undefined ? [] : [`${prefix} bfd`, `${prefix} bfd profile ${session.peer}`]),
  ];
}

function policyLines({ peer, advertisements }: SessionParameters): string[] {
  const lines = [`route-map ${peer}-in deny 20`, 'exit'];
  advertisements.forEach(({ prefix, localPref, communities }, index) => {
    const list = `${peer}-${index + 1}`;
    lines.push(
      `ip prefix-list ${list} seq 10 permit ${prefix}`,
      `route-map ${peer}-out permit ${index + 1}`,
      ` match ip address prefix-list ${list}`,
      ...(localPref === undefined ? [] : [` set local-preference ${localPref}`]),
      ...communities.map(community => ` set community ${community} additive`),
      'exit',
    );
  });
  lines.push(`route-map ${peer}-out deny 65535`, 'exit');
  return lines;
}
