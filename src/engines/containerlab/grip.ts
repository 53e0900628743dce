import { type Holding, holdLab } from './holder.ts';

/** Our hold of a lab; or, while somebody else has it, our waiting for it. */
export type Grip = {
  /** Who holds it instead, in words; undefined: we do. */
  readonly heldBy: string | undefined;
  /** Takes it if nobody has it any more: `heldBy` says how that went. */
  take(): Promise<void>;
  release(): Promise<void>;
};

/** Takes the lab, or waits for it. `name` is the ledger's, `words` says why it could not be had. */
export async function gripOf(
  folder: string,
  name: string,
  doing: string,
  words: (holding: Exclude<Holding, { outcome: 'held' }>) => string,
): Promise<Grip> {
  let holding = await holdLab(folder, name, doing);
  return {
    get heldBy() {
      return holding.outcome === 'held' ? undefined : words(holding);
    },
    async take() {
      if (holding.outcome !== 'held') holding = await holdLab(folder, name, doing);
    },
    async release() {
      if (holding.outcome === 'held') await holding.release();
    },
  };
}
