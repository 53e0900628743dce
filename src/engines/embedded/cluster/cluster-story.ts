import { type KubeFact, subjectOf } from '../../../kube/fact.ts';
import type { World } from '../world.ts';

/** Tells what happens in a cluster as events of the lab, each with its cause. */
export class ClusterStory {
  private readonly world: World;
  /** The last event about a pod or node: what happens to it next is caused by that. */
  private readonly lastEvents = new Map<string, number>();

  constructor(world: World) {
    this.world = world;
  }

  /** Something happened to "node NAME" that the cluster does not report itself. */
  happenedTo(subject: string, event: number): void {
    this.lastEvents.set(subject, event);
  }

  /** Emits the facts in order. Returns the last event, undefined when there was none. */
  tell(facts: readonly KubeFact[]): number | undefined {
    const { world } = this;
    let latest: number | undefined;
    for (const fact of facts) {
      const about = subjectOf(fact);
      const cause = (about === undefined ? undefined : this.lastEvents.get(about)) ?? latest ?? world.cause;
      latest = world.causedBy(cause, () => world.emit(fact));
      if (about === undefined) continue;
      if (fact.type === 'pod-gone') this.lastEvents.delete(about);
      else this.lastEvents.set(about, latest);
    }
    return latest;
  }
}
