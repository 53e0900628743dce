import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { Bridge, MacEntry } from './bridge.ts';
import type { EvpnExporter } from './evpn-exporter.ts';
import type { EvpnImporter, RemoteMac } from './evpn-importer.ts';
import type { Subinterface } from './subinterface.ts';
import { bridgeOf, instanceOf, placeOf, type SwitchParts } from './switch-parts.ts';

/** What a switch knows of hosts: MAC tables and neighbours, from its own ports and from EVPN, and what it tells EVPN of them. */
export class HostLearning {
  private readonly parts: SwitchParts;
  private readonly exporter: EvpnExporter;
  private readonly importer: EvpnImporter;

  constructor(parts: SwitchParts, exporter: EvpnExporter, importer: EvpnImporter) {
    this.parts = parts;
    this.exporter = exporter;
    this.importer = importer;
  }

  /** A host's MAC was seen on a bridged subinterface. */
  learnMac(bridge: Bridge, mac: Mac, subinterface: Subinterface): void {
    const known = bridge.macs.get(mac);
    if (known?.type === 'learnt' && known.subinterface === subinterface) return;
    // RFC 7432 section 15: a MAC that moved here is announced with a higher sequence number.
    const sequence = known === undefined ? 0 : known.type === 'evpn' ? known.sequence + 1 : known.sequence;
    bridge.macs.set(mac, { type: 'learnt', subinterface, sequence });
    this.reportMac(bridge, mac, undefined, subinterface.name);
    this.exporter.exportMac(bridge, mac, undefined, sequence);
  }

  /** A host answered or announced itself by ARP. */
  learnNeighbor(subinterface: Subinterface, address: Ipv4, mac: Mac): void {
    const known = subinterface.neighbors.get(address);
    if (known?.type === 'dynamic' && known.mac === mac) return;
    subinterface.neighbors.set(address, { mac, type: 'dynamic' });
    this.parts.world.forwardingChanged(placeOf(this.parts, subinterface));
    const bridge = bridgeOf(this.parts, subinterface);
    if (subinterface.kind !== 'irb' || bridge === undefined) return;
    this.reportMac(bridge, mac, address, subinterface.name);
    this.advertiseHost(bridge, subinterface, address, mac);
    if (subinterface.config.arp.hostRoutePopulate.includes('dynamic')) {
      instanceOf(this.parts, subinterface)?.addHostRoute(address, subinterface);
    }
  }

  /** Type 2 with the host's address, where the configuration asks for it and the host is behind this switch. */
  advertiseHost(bridge: Bridge, irb: Subinterface, address: Ipv4, mac: Mac): void {
    const entry = bridge.macs.get(mac);
    if (!irb.config.arp.evpnAdvertise.includes('dynamic') || entry?.type !== 'learnt') return;
    this.exporter.exportMac(bridge, mac, address, entry.sequence);
  }

  loseNeighbor(subinterface: Subinterface, address: Ipv4): void {
    const known = subinterface.neighbors.get(address);
    if (known === undefined) return;
    subinterface.neighbors.delete(address);
    this.parts.world.forwardingChanged(placeOf(this.parts, subinterface));
    const bridge = bridgeOf(this.parts, subinterface);
    if (subinterface.kind !== 'irb' || bridge === undefined) return;
    if (known.type === 'dynamic') this.exporter.withdrawMac(bridge, known.mac, address);
    instanceOf(this.parts, subinterface)?.removeHostRoute(address);
  }

  /** A bridged subinterface went down: what was behind it is gone. */
  flushMacs(bridge: Bridge, subinterface: Subinterface): void {
    for (const [mac, entry] of [...bridge.macs]) {
      if (entry.type !== 'learnt' || entry.subinterface !== subinterface) continue;
      this.forgetMac(bridge, mac);
    }
  }

  private forgetMac(bridge: Bridge, mac: Mac): void {
    for (const irb of bridge.irbs) {
      for (const [address, neighbor] of [...irb.neighbors]) {
        if (neighbor.mac === mac && neighbor.type === 'dynamic') this.loseNeighbor(irb, address);
      }
    }
    this.exporter.withdrawMac(bridge, mac, undefined);
    this.setMac(bridge, mac, this.importer.remoteMac(bridge, mac));
  }

  /** EVPN says where a MAC is; undefined when nowhere any more. */
  remoteMac(bridge: Bridge, mac: Mac, remote: RemoteMac | undefined): void {
    const known = bridge.macs.get(mac);
    if (known?.type === 'learnt') {
      if (remote !== undefined && remote.sequence > known.sequence) this.forgetMac(bridge, mac);
      return;
    }
    this.setMac(bridge, mac, remote);
  }

  private setMac(bridge: Bridge, mac: Mac, remote: RemoteMac | undefined): void {
    const { world, name, device } = this.parts;
    const known = bridge.macs.get(mac);
    if (remote === undefined) {
      if (!bridge.macs.delete(mac)) return;
      world.forwardingChanged(device);
      world.emit({ type: 'mac-lost', node: name, instance: bridge.name, mac });
      return;
    }
    if (known?.type === 'evpn' && known.vtep === remote.vtep && known.sequence === remote.sequence) return;
    const entry: MacEntry = { type: 'evpn', ...remote };
    bridge.macs.set(mac, entry);
    this.reportMac(bridge, mac, undefined, `${bridge.config.vxlanInterface ?? 'vxlan'} vtep ${remote.vtep}`);
  }

  /** EVPN says which MAC an address has. */
  remoteHost(bridge: Bridge, address: Ipv4, mac: Mac | undefined): void {
    for (const irb of bridge.irbs) {
      const known = irb.neighbors.get(address);
      if (known?.type === 'dynamic') continue;
      if (mac === undefined) this.loseNeighbor(irb, address);
      else {
        if (known?.mac !== mac) this.parts.world.forwardingChanged(this.parts.device);
        irb.neighbors.set(address, { mac, type: 'evpn' });
        if (irb.config.arp.hostRoutePopulate.includes('evpn')) {
          instanceOf(this.parts, irb)?.addHostRoute(address, irb);
        }
      }
    }
  }

  private reportMac(bridge: Bridge, mac: Mac, address: Ipv4 | undefined, via: string): void {
    const { world, name, device } = this.parts;
    world.forwardingChanged(device);
    const where = { node: name, instance: bridge.name, mac, via };
    world.emit({ type: 'mac-learned', ...where, ...(address === undefined ? {} : { address }) });
  }
}
