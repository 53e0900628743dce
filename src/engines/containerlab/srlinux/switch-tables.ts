import type { TableRef, TableRows } from '../../../lab/snapshot.ts';
import { textOf } from '../../real/said.ts';
import type { SwitchTableRef } from './observed-switch.ts';
import { namesOf, statePaths } from './paths.ts';
import { addressesByMac, bfdRows, interfaceRows, macRows } from './port-rows.ts';
import type { ReadingContext } from './reading.ts';
import { bgpRows, evpnRows } from './rib-rows.ts';
import { forwardingRows, type RouteContext, routeRows } from './route-rows.ts';
import type { SrLinuxOptions } from './sr-linux-switch.ts';
import { contentAt, entriesAt, plainJson } from './yang-json.ts';

/** The tables of one switch that somebody looks at: asked for when they are wanted. */
export class SwitchTables {
  private readonly options: SrLinuxOptions;
  private readonly context: ReadingContext;

  constructor(options: SrLinuxOptions, context: ReadingContext) {
    this.options = options;
    this.context = context;
  }

  async rows(
    ref: Exclude<SwitchTableRef, { readonly name: 'sessions' }>,
  ): Promise<TableRows[TableRef['name']] | undefined> {
    const { config } = this.options.node;
    switch (ref.name) {
      case 'bfd': {
        if (config.bfd.length === 0) return [];
        const [said] = (await this.ask([statePaths.bfd()])) ?? [];
        return said === undefined
          ? undefined
          : bfdRows(entriesAt(said, ['bfd', 'network-instance']), this.now());
      }
      case 'interfaces':
        return this.interfaces();
      case 'bgp':
      case 'evpn':
        return this.rib(ref.name, ref.name === 'bgp' ? ref.instance : 'default');
      case 'routes':
      case 'forwarding': {
        const path = statePaths.routeTable(ref.instance);
        const [said] = (await this.ask([path])) ?? [];
        if (said === undefined) return undefined;
        const table = contentAt(said, namesOf(path));
        const context = this.routeContext(ref.instance);
        return ref.name === 'routes' ? routeRows(table, context) : forwardingRows(table, context);
      }
      case 'macs':
        return this.macs(ref.instance);
    }
  }

  private async interfaces(): Promise<TableRows['interfaces'] | undefined> {
    const names = this.options.node.config.interfaces.map(({ name }) => name);
    const paths = [statePaths.memberships(), ...names.map(statePaths.interface)];
    const answers = await this.ask(paths);
    if (answers === undefined) return undefined;
    const [memberships, ...interfaces] = answers;
    const instances = new Map<string, string>();
    for (const instance of entriesAt(memberships, ['network-instance'])) {
      for (const member of entriesAt(instance, ['interface'])) {
        instances.set(textOf(member['name']) ?? '', textOf(instance['name']) ?? '');
      }
    }
    const entries = interfaces.map((said, index) => ({
      name: names[index] ?? '',
      ...contentAt(said, ['interface']),
    }));
    // An irb belongs to two instances: the routed one is the one that has its addresses.
    return interfaceRows(entries, name => this.routedInstanceOf(name) ?? instances.get(name));
  }

  private routedInstanceOf(name: string): string | undefined {
    return this.options.node.config.networkInstances.find(
      ({ type, interfaces }) => type !== 'mac-vrf' && interfaces.includes(name),
    )?.name;
  }

  private async rib(
    name: 'bgp' | 'evpn',
    instance: string,
  ): Promise<TableRows['bgp'] | TableRows['evpn'] | undefined> {
    const path = name === 'bgp' ? statePaths.ribIpv4(instance) : statePaths.ribEvpn(instance);
    const attributesPath = statePaths.attributes(instance);
    const [family, attributes] = (await this.ask([path, attributesPath])) ?? [];
    if (family === undefined || attributes === undefined) return undefined;
    const context = {
      ownerOf: this.context.ownerOf,
      attributes: entriesAt(attributes, [...namesOf(attributesPath), 'attr-set']),
    };
    const said = contentAt(family, namesOf(path));
    return name === 'bgp' ? bgpRows(said, context) : evpnRows(said, context);
  }

  private async macs(instance: string): Promise<TableRows['macs'] | undefined> {
    const own = this.options.node.config.networkInstances.find(({ name }) => name === instance);
    const irb = own?.interfaces.find(name => name.startsWith('irb'));
    const [parent = '', index = '0'] = irb?.split('.') ?? [];
    const macsPath = statePaths.macs(instance);
    const cachePath = statePaths.neighborCache(parent, Number(index));
    const [macs, cache] = (await this.ask(irb === undefined ? [macsPath] : [macsPath, cachePath])) ?? [];
    if (macs === undefined) return undefined;
    const addresses = addressesByMac(entriesAt(cache ?? [], [...namesOf(cachePath), 'neighbor']));
    return macRows(entriesAt(macs, [...namesOf(macsPath), 'mac']), {
      irb,
      addressOf: mac => addresses.get(mac),
      ownerOf: this.context.ownerOf,
    });
  }

  private routeContext(instance: string): RouteContext {
    return {
      ...this.now(),
      ownerOf: this.context.ownerOf,
      neighborOf: this.context.neighborOf,
      vni: this.context.vniOf(instance),
      sinceOf: prefix => this.options.chronicle.routeSince(this.context.node, instance, prefix),
    };
  }

  private now() {
    return {
      node: this.context.node,
      at: this.options.time.now(),
      ofWall: this.context.ofWall,
      sinceOf: this.context.bfdSince,
      isMultihop: this.context.isMultihop,
    };
  }

  /** The answers without modules in their names; undefined when there are none. */
  private async ask(paths: readonly string[]): Promise<readonly unknown[] | undefined> {
    const answer = await this.options.client.state(paths);
    return answer.outcome === 'answered' ? answer.value.map(plainJson) : undefined;
  }
}
