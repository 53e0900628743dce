import type { Port } from '../wire.ts';
import type { HostLearning } from './host-learning.ts';
import type { Subinterface } from './subinterface.ts';
import { bridgeOf, instanceOf, placeOf, type SwitchParts } from './switch-parts.ts';

/** Whether each subinterface of a switch is up, and what follows when that changes. */
export class InterfaceStates {
  private readonly parts: SwitchParts;
  private readonly learning: HostLearning;

  constructor(parts: SwitchParts, learning: HostLearning) {
    this.parts = parts;
    this.learning = learning;
  }

  /** Carrier of a port changed. */
  carrierChanged(port: Port): void {
    for (const subinterface of this.parts.subinterfaces.values()) {
      if (subinterface.port === port) this.reconsider(subinterface);
    }
  }

  reconsiderAll(): void {
    for (const subinterface of this.parts.subinterfaces.values()) this.reconsider(subinterface);
  }

  /** Brings a subinterface up or down if it should be. */
  reconsider(subinterface: Subinterface): void {
    const up = this.shouldBeUp(subinterface);
    if (up === subinterface.up) return;
    if (!up) {
      this.takeDown(subinterface);
      return;
    }
    subinterface.up = true;
    this.parts.world.forwardingChanged(placeOf(this.parts, subinterface));
    if (subinterface.bridge !== undefined) this.reconsiderIrbs(subinterface);
    instanceOf(this.parts, subinterface)?.interfaceUp(subinterface);
  }

  /** Takes a subinterface down whatever it should be: it is about to move or go. */
  takeDown(subinterface: Subinterface): void {
    if (!subinterface.up) return;
    subinterface.up = false;
    this.parts.world.forwardingChanged(placeOf(this.parts, subinterface));
    const bridge = bridgeOf(this.parts, subinterface);
    if (bridge !== undefined && subinterface.kind === 'ethernet') {
      this.learning.flushMacs(bridge, subinterface);
    }
    for (const address of [...subinterface.neighbors.keys()]) {
      this.learning.loseNeighbor(subinterface, address);
    }
    instanceOf(this.parts, subinterface)?.interfaceDown(subinterface);
    if (bridge !== undefined) this.reconsiderIrbs(subinterface);
  }

  private reconsiderIrbs(subinterface: Subinterface): void {
    if (subinterface.kind === 'irb') return;
    for (const irb of bridgeOf(this.parts, subinterface)?.irbs ?? []) this.reconsider(irb);
  }

  private shouldBeUp(subinterface: Subinterface): boolean {
    if (!subinterface.config.adminState || !subinterface.interfaceEnabled) return false;
    if (subinterface.instance === undefined && subinterface.bridge === undefined) return false;
    switch (subinterface.kind) {
      case 'loopback':
        return true;
      case 'ethernet':
        return subinterface.port?.carrier === true;
      case 'irb':
        return bridgeOf(this.parts, subinterface)?.up === true;
    }
  }
}
