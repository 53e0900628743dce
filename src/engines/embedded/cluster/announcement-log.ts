import type { Cluster } from '../../../kube/cluster.ts';
import { serviceText } from '../../../lab/cluster-state.ts';
import type { Fact } from '../../../lab/event.ts';
import type { Ipv4Prefix } from '../../../net/prefix.ts';
import type { World } from '../world.ts';

type Announced = { readonly node: string; readonly service: string; readonly prefix: Ipv4Prefix };
type Reason = Extract<Fact, { readonly type: 'announcement-stopped' }>['reason'];

/** Reports when a node begins and ends to announce a service, and why it ended. */
export class AnnouncementLog {
  private readonly world: World;
  private readonly cluster: Cluster;
  private announced = new Map<string, Announced>();

  constructor(world: World, cluster: Cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  /** Compares with what was announced before. `speaks`: BGP is spoken on that node. */
  follow(speaks: (node: string) => boolean): void {
    const { announced, reasons } = this.look(speaks);
    const before = this.announced;
    this.announced = announced;
    for (const [key, each] of before) {
      if (announced.has(key)) continue;
      const gone = speaks(each.node) ? 'serviceGone' : 'speakerGone';
      const reason = reasons.get(`${each.service} ${each.node}`) ?? gone;
      this.world.emit({ type: 'announcement-stopped', ...each, reason });
    }
    for (const [key, each] of announced) {
      if (before.has(key)) continue;
      this.world.emit({ type: 'announcement-started', ...each });
      this.noteAssigned(each);
    }
  }

  private look(speaks: (node: string) => boolean) {
    const announced = new Map<string, Announced>();
    const reasons = new Map<string, Reason>();
    for (const { service, node, decision } of this.cluster.metallb.announcements()) {
      const name = serviceText(service);
      if (!decision.announced) reasons.set(`${name} ${node}`, decision.reason);
      else if (!speaks(node)) reasons.set(`${name} ${node}`, 'speakerGone');
      else {
        for (const { prefix } of decision.advertisements)
          announced.set(`${name} ${node} ${prefix}`, { node, service: name, prefix });
      }
    }
    return { announced, reasons };
  }

  /** The speaker's own Event on the service. */
  private noteAssigned({ node, service }: Announced): void {
    const slash = service.indexOf('/');
    this.cluster.occurrences.add(this.world.now(), {
      type: 'Normal',
      reason: 'nodeAssigned',
      message: `announcing from node "${node}" with protocol "bgp"`,
      kind: 'service',
      namespace: slash < 0 ? 'default' : service.slice(0, slash),
      name: service.slice(slash + 1),
      from: 'metallb-speaker',
    });
  }
}
