import type { NetworkInstanceConfig } from '../../../lab/switch-config.ts';
import type { Ipv4 } from '../../../net/address.ts';
import type { Mac } from '../../../net/mac.ts';
import type { Subinterface } from './subinterface.ts';

export type MacEntry =
  | { readonly type: 'learnt'; readonly subinterface: Subinterface; readonly sequence: number }
  | { readonly type: 'evpn'; readonly vtep: Ipv4; readonly vni: number; readonly sequence: number };

/** A mac-vrf: one bridge domain with its MAC table, its irbs and the VTEPs it floods to. */
export class Bridge {
  readonly name: string;
  config: NetworkInstanceConfig;
  readonly vni: number | undefined;
  readonly ports: Subinterface[] = [];
  readonly irbs: Subinterface[] = [];
  readonly macs = new Map<Mac, MacEntry>();
  /** VTEPs that sent a type 3 route, in order of arrival. */
  readonly floodTo = new Map<Ipv4, number>();

  constructor(config: NetworkInstanceConfig, vni: number | undefined) {
    this.name = config.name;
    this.config = config;
    this.vni = vni;
  }

  /** A mac-vrf lives as long as something can reach it: a bridged port that is up, or its tunnel. */
  get up(): boolean {
    return this.config.adminState && (this.vni !== undefined || this.ports.some(port => port.up));
  }

  add(subinterface: Subinterface): void {
    const members = subinterface.kind === 'irb' ? this.irbs : this.ports;
    if (!members.includes(subinterface)) members.push(subinterface);
  }

  remove(subinterface: Subinterface): void {
    for (const members of [this.irbs, this.ports]) {
      const index = members.indexOf(subinterface);
      if (index >= 0) members.splice(index, 1);
    }
  }
}
