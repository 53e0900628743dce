import type { FlowHop } from '../../../lab/snapshot.ts';
import type { SubinterfaceAddress } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import { UDP } from '../../../net/flow.ts';
import type { Ipv4Prefix } from '../../../net/prefix.ts';
import type { Verdict, WalkContext } from '../device.ts';
import { type Frame, oneHopOlder, type Packet, VXLAN_PORT } from '../packet.ts';
import type { Bridge } from './bridge.ts';
import { type Chosen, chooseMember, explainChoice } from './choose-member.ts';
import type { DataPlane } from './data-plane.ts';
import { entropyPort } from './flow-hash.ts';
import { resolveNeighbor } from './neighbor-resolution.ts';
import type { NextHopGroup } from './next-hop-group.ts';
import type { Subinterface } from './subinterface.ts';

/** TTL that a switch puts on tunnel packets. */
const TUNNEL_TTL = 255;

/** Where a packet came into the switch. */
type Ingress = Subinterface | 'tunnel' | 'own';

/** A frame came in on a port. */
export function receiveFrame(plane: DataPlane, frame: Frame, port: string, context: WalkContext): Verdict {
  const subinterface = plane.subinterfaceAt(port, frame.vlan);
  if (subinterface === undefined) {
    const tag = frame.vlan === undefined ? 'untagged frames' : `VLAN ${frame.vlan}`;
    return drop('policy', `${port} has no subinterface for ${tag}`);
  }
  if (!subinterface.up) return drop('policy', `${subinterface.name} is down`);
  if (subinterface.bridge !== undefined) {
    const bridge = plane.bridge(subinterface.bridge);
    if (bridge === undefined) return drop('policy', `${subinterface.name} is in no mac-vrf`);
    return bridgeFrame(plane, bridge, frame, subinterface, context);
  }
  if (subinterface.instance === undefined) {
    return drop('policy', `${subinterface.name} is in no network-instance`);
  }
  if (frame.destination !== subinterface.mac) {
    return drop('unknown-mac', `${frame.destination} is not the MAC of ${subinterface.name}`);
  }
  return routePacket(plane, subinterface.instance, frame.packet, subinterface, context);
}

/** Routes a packet in a network-instance. The switch's own packets keep their TTL. */
export function routePacket(
  plane: DataPlane,
  instance: string,
  packet: Packet,
  ingress: Ingress,
  context: WalkContext,
): Verdict {
  const routing = plane.routing(instance);
  if (routing === undefined) return drop('no-route', `there is no network-instance ${instance}`);
  const destination = packet.flow.destinationAddress;
  if (routing.localAddresses.has(destination)) {
    if (packet.vxlan !== undefined && packet.flow.destinationPort === VXLAN_PORT) {
      return decapsulate(plane, packet.vxlan, context);
    }
    context.hops?.push({
      node: plane.name,
      instance,
      prefix: `${destination}/32`,
      note: 'own address',
    });
    return { type: 'deliver', instance, packet, to: 'stack' };
  }
  if (ingress !== 'own') {
    if (packet.ttl <= 1) {
      const from = typeof ingress === 'object' ? ingress.address : undefined;
      return drop('ttl-expired', `TTL expired in ${instance}`, from);
    }
    packet = oneHopOlder(packet);
  }
  if (--context.hopsLeft <= 0) return drop('ttl-expired', 'it went round in a loop');
  const table = routing.table.forwarding;
  const found = table.longestMatch(destination);
  context.hangsOn?.lookUps.push({
    table,
    version: table.version,
    address: destination,
    group: found?.value,
    members: found?.value.members,
  });
  if (found === undefined) return drop('no-route', `no route to ${destination} in ${instance}`);
  const group = found.value;
  const chosen = chooseMember(plane, group, packet);
  if (chosen === undefined) {
    return drop('no-route', `${found.prefix} in ${instance} has no next hop that can be reached`);
  }
  const { member } = chosen;
  context.hops?.push(routedHop(plane, instance, found.prefix, group, packet, chosen));
  switch (member.type) {
    case 'extract':
      return drop('blackhole', `${destination} ends in ${member.subinterface.name}`);
    case 'vxlan': {
      const frame = { source: plane.routerMac, destination: member.routerMac, packet };
      return encapsulate(plane, member.vtep, member.vni, frame, context);
    }
    case 'subinterface':
      return sendOn(plane, member.subinterface, member.via ?? destination, packet, context);
  }
}

function routedHop(
  plane: DataPlane,
  instance: string,
  prefix: Ipv4Prefix,
  group: NextHopGroup,
  packet: Packet,
  chosen: Chosen,
): FlowHop {
  const { member } = chosen;
  const hop: { -readonly [Field in keyof FlowHop]: FlowHop[Field] } = { node: plane.name, instance, prefix };
  if (chosen.choice !== undefined) hop.choice = explainChoice(plane, group, packet, chosen);
  if (member.type === 'subinterface')
    hop.outPort = member.subinterface.port?.name ?? member.subinterface.name;
  if (member.type === 'vxlan') hop.encapsulation = tunnelTo(plane, member.vtep, member.vni, packet);
  return hop;
}

function tunnelTo(plane: DataPlane, to: Ipv4, vni: number, packet: Packet) {
  return { vni, from: plane.vtepAddress ?? '0.0.0.0', to, sourcePort: entropyPort(packet.flow) };
}

/** Out of a routed subinterface or an irb, to the neighbour with that address. */
function sendOn(
  plane: DataPlane,
  subinterface: Subinterface,
  neighbor: Ipv4,
  packet: Packet,
  context: WalkContext,
): Verdict {
  const { port } = subinterface;
  if (subinterface.kind === 'loopback') return drop('blackhole', `${neighbor} is on a loopback`);
  const mac = resolveNeighbor(plane, subinterface, neighbor, context);
  if (mac === undefined) {
    return drop('no-neighbor', `nobody answers ARP for ${neighbor} on ${subinterface.name}`);
  }
  const frame: Frame = { source: subinterface.mac, destination: mac, packet };
  if (subinterface.kind === 'irb') {
    const bridge = subinterface.bridge === undefined ? undefined : plane.bridge(subinterface.bridge);
    if (bridge === undefined) return drop('policy', `${subinterface.name} is in no mac-vrf`);
    return bridgeFrame(plane, bridge, frame, subinterface, context);
  }
  if (port === undefined) return drop('no-carrier', `${subinterface.name} has no port`);
  return { type: 'forward', port, frame: tagged(frame, subinterface) };
}

/** Switches a frame inside a bridge domain, towards a port, a tunnel or an irb. */
function bridgeFrame(
  plane: DataPlane,
  bridge: Bridge,
  frame: Frame,
  from: Subinterface | 'tunnel',
  context: WalkContext,
): Verdict {
  const onPort = from !== 'tunnel' && from.kind === 'ethernet';
  if (onPort && !context.observe) plane.learnMac(bridge, frame.source, from);
  if (from === 'tunnel' || from.kind !== 'irb') {
    for (const irb of bridge.irbs) {
      if (irb.mac === frame.destination && irb.up && irb.instance !== undefined) {
        if (context.hops !== undefined) {
          const note = irb.config.addresses.some(isAnycast)
            ? `${irb.name} anycast gateway`
            : `${irb.name} gateway`;
          context.hops.push({ node: plane.name, instance: bridge.name, note });
        }
        return routePacket(plane, irb.instance, frame.packet, irb, context);
      }
    }
  }
  const entry = bridge.macs.get(frame.destination);
  if (entry === undefined) return drop('unknown-mac', `${bridge.name} does not know ${frame.destination}`);
  if (entry.type === 'learnt') {
    const out = entry.subinterface;
    if (out.port !== undefined) context.hangsOn?.places.push(out.port);
    if (out === from || out.port === undefined || !out.up) {
      return drop('no-carrier', `${out.name} is down`);
    }
    context.hops?.push({
      node: plane.name,
      instance: bridge.name,
      outPort: out.port.name,
      note: `bridged to ${frame.destination}`,
    });
    return { type: 'forward', port: out.port, frame: tagged(frame, out) };
  }
  if (from === 'tunnel') return drop('policy', 'split horizon: from a tunnel into a tunnel');
  context.hops?.push({
    node: plane.name,
    instance: bridge.name,
    encapsulation: tunnelTo(plane, entry.vtep, entry.vni, frame.packet),
  });
  return encapsulate(plane, entry.vtep, entry.vni, frame, context);
}

/** VXLAN (RFC 7348): the frame becomes the load of a UDP packet between VTEPs, routed in the default network-instance. */
function encapsulate(plane: DataPlane, vtep: Ipv4, vni: number, frame: Frame, context: WalkContext): Verdict {
  if (plane.vtepAddress === undefined) return drop('no-route', 'system0 has no address to tunnel from');
  const outer: Packet = {
    flow: {
      sourceAddress: plane.vtepAddress,
      destinationAddress: vtep,
      protocol: UDP,
      sourcePort: entropyPort(frame.packet.flow),
      destinationPort: VXLAN_PORT,
    },
    ttl: TUNNEL_TTL,
    vxlan: { vni, frame },
  };
  return routePacket(plane, 'default', outer, 'own', context);
}

function decapsulate(
  plane: DataPlane,
  { vni, frame }: { readonly vni: number; readonly frame: Frame },
  context: WalkContext,
): Verdict {
  const end = plane.tunnelEnd(vni);
  if (end === undefined) return drop('policy', `no network-instance here has VNI ${vni}`);
  context.hops?.push({ node: plane.name, instance: end.instance, note: `out of the tunnel, VNI ${vni}` });
  if (end.type === 'routed') return routePacket(plane, end.instance, frame.packet, 'tunnel', context);
  const bridge = plane.bridge(end.instance);
  if (bridge === undefined) return drop('policy', `VNI ${vni} is in no mac-vrf`);
  return bridgeFrame(plane, bridge, frame, 'tunnel', context);
}

function isAnycast({ anycastGateway }: SubinterfaceAddress): boolean {
  return anycastGateway;
}

function tagged(frame: Frame, subinterface: Subinterface): Frame {
  const { vlanId } = subinterface.config;
  if (vlanId === frame.vlan) return frame;
  const { source, destination, packet } = frame;
  return vlanId === undefined
    ? { source, destination, packet }
    : { source, destination, vlan: vlanId, packet };
}

function drop(
  reason: Extract<Verdict, { readonly type: 'drop' }>['reason'],
  because: string,
  icmpFrom?: Ipv4,
): Verdict {
  return { type: 'drop', reason, because, ...(icmpFrom === undefined ? {} : { icmpFrom }) };
}
