import type { SessionView } from '../../../bgp/speaker.ts';
import type { BfdSubinterfaceConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { addressOf, containsAddress, networkOf } from '../../../net/prefix.ts';
import type { Bfd } from '../bfd.ts';
import type { BfdEndOptions } from '../bfd-ends.ts';
import type { BgpProcess } from '../bgp-process.ts';
import type { Switch } from './switch.ts';

/**
 * Makes a switch's BFD sessions follow its BGP sessions: one for each session with `enable-bfd` whose local address
 * lies on a subinterface that runs BFD. Dynamic peers have one while they are established.
 */
export function followBgpSessions(bfd: Bfd, node: Switch): void {
  const wanted: BfdEndOptions[] = [];
  for (const { name, process } of node.instances.values()) {
    for (const session of process?.sessions() ?? []) {
      const options = process === undefined ? undefined : endFor(node, name, process, session);
      if (options !== undefined) wanted.push(options);
    }
  }
  bfd.replaceEnds(node, node.running ? wanted : []);
}

function endFor(
  node: Switch,
  instance: string,
  process: BgpProcess,
  session: SessionView,
): BfdEndOptions | undefined {
  const { config, dynamic, peer, state } = session;
  if (!config.bfd || !config.adminState || (dynamic && state !== 'established')) return undefined;
  const local = session.localAddress ?? config.localAddress ?? addressTowards(node, instance, peer);
  const bfd = local === undefined ? undefined : bfdConfigOf(node, instance, local);
  if (local === undefined || bfd === undefined) return undefined;
  return {
    device: node,
    instance,
    localAddress: local,
    peer,
    multihop: config.ttl > 1,
    desiredMinimumTransmit: bfd.desiredMinimumTransmit,
    requiredMinimumReceive: bfd.requiredMinimumReceive,
    detectionMultiplier: bfd.detectionMultiplier,
    onChange: now => process.bfdChanged(peer, now),
  };
}

/** Own address on the network that holds the peer, whether that interface is up or not. */
function addressTowards(node: Switch, instance: string, peer: Ipv4): Ipv4 | undefined {
  for (const subinterface of node.subinterfaces.values()) {
    if (subinterface.instance !== instance) continue;
    for (const { address } of subinterface.config.addresses) {
      if (containsAddress(networkOf(address), peer)) return addressOf(address);
    }
  }
  return undefined;
}

function bfdConfigOf(node: Switch, instance: string, local: Ipv4): BfdSubinterfaceConfig | undefined {
  for (const subinterface of node.subinterfaces.values()) {
    if (subinterface.instance !== instance) continue;
    if (!subinterface.config.addresses.some(({ address }) => addressOf(address) === local)) continue;
    return node.config.bfd.find(one => one.subinterface === subinterface.name && one.adminState);
  }
  return undefined;
}
