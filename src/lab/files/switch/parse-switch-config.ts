import type { FileError } from '../../lab-error.ts';
import type { SwitchConfig } from '../../switch-config.ts';
import type { ConfigTree } from './config-tree.ts';

export type SwitchConfigReading = {
  readonly tree: ConfigTree;
  /** What the readable part of the file means. With errors among the diagnostics it is not the whole. */
  readonly config: SwitchConfig;
  /** Errors and warnings, in file order. */
  readonly diagnostics: readonly FileError[];
};

/** Reads an SR Linux configuration: flat `set / …` lines (also `delete / …`) or the brace form of `info`. */
export function parseSwitchConfig(_text: string, _file: string): SwitchConfigReading {
  throw new Error('not written yet');
}
