/** Something that follows within that time follows from it. Milliseconds. */
const SOON = 400;
/** What is heard comes at most so much later than what was heard before it. Milliseconds. */
const LATEST = 2_000;

type Moment = { readonly id: number; readonly wall: number };

/**
 * Events of the last moments by what they are about ("session LEAF-DC-1"), to name causes. What is heard late finds what came before
 * it, whatever has come since.
 */
export class RecentEvents {
  private readonly byTopic = new Map<string, Moment[]>();

  note(topic: string, id: number, wall: number): void {
    const moments = this.byTopic.get(topic) ?? [];
    this.byTopic.set(topic, moments);
    while (moments[0] !== undefined && wall - moments[0].wall > LATEST) moments.shift();
    moments.push({ id, wall });
  }

  /** The last event about it that something of this moment may follow from. */
  before(topic: string, wall: number): number | undefined {
    return latest(this.byTopic.get(topic) ?? [], wall)?.id;
  }

  /** The same about anything but one topic. */
  beforeButOf(topic: string, wall: number): number | undefined {
    const others = [...this.byTopic].flatMap(([about, moments]) =>
      about === topic ? [] : (latest(moments, wall) ?? []),
    );
    return latest(others, wall)?.id;
  }
}

/** Of two at the same time, the one that was noted later. */
function latest(moments: readonly Moment[], wall: number): Moment | undefined {
  let best: Moment | undefined;
  for (const each of moments) {
    if (each.wall > wall || wall - each.wall > SOON) continue;
    if (best === undefined || each.wall >= best.wall) best = each;
  }
  return best;
}
