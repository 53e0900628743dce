import type { LabClock, LabEngine } from '../../lab/engine.ts';
import type { Lab } from '../../lab/lab.ts';

export type EmbeddedOptions = {
  /** The same lab, seed and commands give the same events, byte for byte. Default 1. */
  readonly seed?: number;
};

/** The embedded lab behind the engine interface. Its clock is always there: whoever drives it calls `clock.advance`. */
export type EmbeddedEngine = LabEngine & { readonly clock: LabClock };

export function createEmbeddedEngine(_lab: Lab, _options: EmbeddedOptions = {}): EmbeddedEngine {
  throw new Error('the embedded lab is being written');
}
