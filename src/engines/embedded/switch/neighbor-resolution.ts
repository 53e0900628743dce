import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import { askOver } from '../arp.ts';
import type { WalkContext } from '../device.ts';
import type { ArpQuestion } from '../packet.ts';
import type { Bridge } from './bridge.ts';
import type { DataPlane } from './data-plane.ts';
import type { Subinterface } from './subinterface.ts';

/** The MAC of a neighbour: from the table, or by asking now. */
export function resolveNeighbor(
  plane: DataPlane,
  subinterface: Subinterface,
  address: Ipv4,
  context: WalkContext,
): Mac | undefined {
  const known = subinterface.neighbors.get(address);
  if (known !== undefined) return known.mac;
  const own = subinterface.address;
  const question: ArpQuestion = {
    address,
    senderMac: subinterface.mac,
    ...(own === undefined ? {} : { senderAddress: own }),
  };
  let mac: Mac | undefined;
  if (subinterface.kind === 'irb') {
    const bridge = subinterface.bridge === undefined ? undefined : plane.bridge(subinterface.bridge);
    mac = bridge === undefined ? undefined : flood(plane, bridge, question, subinterface, context);
  } else if (subinterface.port !== undefined) {
    mac = askOver(subinterface.port, withTag(question, subinterface), context);
  }
  if (mac !== undefined && !context.observe) plane.learnNeighbor(subinterface, address, mac);
  return mac;
}

/** A question came in on a port. */
export function answerArp(
  plane: DataPlane,
  question: ArpQuestion,
  port: string,
  context: WalkContext,
): Mac | undefined {
  const subinterface = plane.subinterfaceAt(port, question.vlan);
  if (subinterface === undefined || !subinterface.up) return undefined;
  const bridge = subinterface.bridge === undefined ? undefined : plane.bridge(subinterface.bridge);
  if (bridge === undefined) return answerRouted(plane, subinterface, question, context);
  if (!context.observe) plane.learnMac(bridge, question.senderMac, subinterface);
  let answer: Mac | undefined;
  for (const irb of bridge.irbs) {
    if (!irb.up) continue;
    const asked = hasAddress(irb, question.address);
    const sender = question.senderAddress;
    if (sender !== undefined && !context.observe && (asked || irb.config.arp.learnUnsolicited)) {
      plane.learnNeighbor(irb, sender, question.senderMac);
    }
    if (asked) answer = irb.mac;
  }
  return answer ?? flood(plane, bridge, question, subinterface, context);
}

/** A question came out of a tunnel: local ports only (split horizon). */
export function answerArpFromTunnel(
  plane: DataPlane,
  vni: number,
  question: ArpQuestion,
  context: WalkContext,
): Mac | undefined {
  const end = plane.tunnelEnd(vni);
  const bridge = end?.type === 'bridged' ? plane.bridge(end.instance) : undefined;
  if (bridge === undefined) return undefined;
  const irb = bridge.irbs.find(one => one.up && hasAddress(one, question.address));
  return irb?.mac ?? floodToPorts(plane, bridge, question, undefined, context);
}

function answerRouted(
  plane: DataPlane,
  subinterface: Subinterface,
  question: ArpQuestion,
  context: WalkContext,
): Mac | undefined {
  if (!hasAddress(subinterface, question.address)) return undefined;
  if (question.senderAddress !== undefined && !context.observe) {
    plane.learnNeighbor(subinterface, question.senderAddress, question.senderMac);
  }
  return subinterface.mac;
}

function flood(
  plane: DataPlane,
  bridge: Bridge,
  question: ArpQuestion,
  from: Subinterface,
  context: WalkContext,
): Mac | undefined {
  const here = floodToPorts(plane, bridge, question, from, context);
  if (here !== undefined) return here;
  for (const [vtep, vni] of bridge.floodTo) {
    const there = plane.askThroughTunnel(vtep, vni, question, context);
    if (there !== undefined) return there;
  }
  return undefined;
}

function floodToPorts(
  plane: DataPlane,
  bridge: Bridge,
  question: ArpQuestion,
  from: Subinterface | undefined,
  context: WalkContext,
): Mac | undefined {
  for (const out of bridge.ports) {
    if (out === from || out.port === undefined) continue;
    context.hangsOn?.places.push(out.port);
    if (!out.up) continue;
    const mac = askOver(out.port, withTag(question, out), context);
    if (mac === undefined) continue;
    if (!context.observe) plane.learnMac(bridge, mac, out);
    return mac;
  }
  return undefined;
}

function hasAddress(subinterface: Subinterface, address: Ipv4): boolean {
  return subinterface.config.addresses.some(one => one.address.startsWith(`${address}/`));
}

function withTag(question: ArpQuestion, subinterface: Subinterface): ArpQuestion {
  const { vlan: _, ...bare } = question;
  const { vlanId } = subinterface.config;
  return vlanId === undefined ? bare : { ...bare, vlan: vlanId };
}
