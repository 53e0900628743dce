import type { ClusterPort } from './cluster-port.ts';
import type { Fabric } from './fabric.ts';
import type { Faults } from './faults.ts';
import type { StageBuilder } from './stage-builder.ts';
import type { World } from './world.ts';

type Parts = {
  readonly world: World;
  readonly fabric: Fabric;
  readonly clusters: ClusterPort;
  readonly builder: StageBuilder;
  readonly faults: Faults;
};

/** Takes away what stages built: switches, clusters, the network. What that undoes is to be built again. */
export class Dismantling {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Why nothing can be taken away now, undefined when it can. */
  get refusal(): string | undefined {
    return this.parts.builder.busy
      ? 'a stage is being built: wait until it is, or cancel it first'
      : undefined;
  }

  /**
   * `containerlab destroy`: the containers of the topology, every cable that ended at one, and the management network
   * where nobody else is on it.
   */
  fabric({ keepNetwork }: { readonly keepNetwork: boolean }): void {
    const { world, fabric, clusters } = this.parts;
    const joins = world.lab.links.filter(({ id, role }) => role === 'join' && world.wires.has(id));
    fabric.destroy();
    for (const { a, b } of joins) for (const { node, port } of [a, b]) clusters.unjoined(node, port);
    for (const { name, nodes } of world.lab.clusters)
      if (nodes === 'containers') clusters.deleteCluster(name);
    if (!keepNetwork) clusters.removeNetwork();
    this.settle();
  }

  /** `kind delete cluster`. */
  cluster(name: string): void {
    this.parts.clusters.deleteCluster(name);
    this.settle();
  }

  /** `docker network rm`: why not, undefined when it is gone. */
  network(): string | undefined {
    const refusal = this.parts.clusters.removeNetwork();
    if (refusal === undefined) this.settle();
    return refusal;
  }

  private settle(): void {
    this.parts.faults.forgetRemoved();
    this.parts.builder.takeBackUndone();
  }
}
