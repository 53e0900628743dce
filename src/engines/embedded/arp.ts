import type { Mac } from '../../net/mac.ts';
import type { WalkContext } from './device.ts';
import type { ArpQuestion } from './packet.ts';
import type { Port } from './wire.ts';
import type { World } from './world.ts';

/**
 * Asks over the wire at `port` who has an address, and returns the MAC that answers. Takes no lab time; answers
 * exactly when question and answer can both travel now. The devices on the way learn the asker unless `observe`.
 */
export function whoHas(
  world: World,
  port: Port,
  question: ArpQuestion,
  options: { readonly observe?: boolean; readonly hangsOn?: WalkContext['hangsOn'] } = {},
): Mac | undefined {
  return askOver(port, question, {
    now: world.now(),
    observe: options.observe === true,
    hops: undefined,
    hopsLeft: 100,
    hangsOn: options.hangsOn,
  });
}

/** Puts a question on a wire: for devices that flood it onwards with the context they were given. */
export function askOver(port: Port, question: ArpQuestion, context: WalkContext): Mac | undefined {
  const wire = port.wire;
  const peer = port.peer;
  context.hangsOn?.places.push(port);
  if (wire === undefined || peer === undefined || !wire.carrier) return undefined;
  if (wire.losesFrom(port) || !peer.device.running || --context.hopsLeft <= 0) return undefined;
  context.hangsOn?.places.push(peer, peer.device);
  const answer = peer.device.answerArp(question, peer, context);
  return answer !== undefined && !wire.losesFrom(peer) ? answer : undefined;
}

/** A gratuitous ARP (RFC 5227's announcement): everybody in the broadcast domain may learn MAC and address. */
export function announceHost(
  world: World,
  port: Port,
  host: { readonly mac: Mac; readonly address: string; readonly vlan?: number },
): void {
  whoHas(world, port, {
    address: host.address,
    senderMac: host.mac,
    senderAddress: host.address,
    ...(host.vlan === undefined ? {} : { vlan: host.vlan }),
  });
}
