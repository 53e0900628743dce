import type { OutputChunk } from '../lab/engine.ts';
import { emptyInput, type TextInput } from './screen.ts';

/** The shell pane: what was run, by whom, and the line being typed. */
export type Shell = {
  /** Oldest first, at most `shellBlocksKept`. */
  readonly blocks: readonly ShellBlock[];
  readonly input: TextInput;
  /** Oldest first, without repeats in a row. */
  readonly history: readonly string[];
  /** Index into `history` while the learner looks back. */
  readonly historyAt?: number;
  /** What was typed before looking back. */
  readonly draft: string;
};

export type ShellBlock = {
  /** The work's id. */
  readonly id: number;
  readonly commandLine: string;
  /** Host it was typed on; undefined is the learner's own machine. */
  readonly on?: string;
  readonly by: 'learner' | 'lesson';
  readonly output: readonly OutputChunk[];
  /** Output beyond `shellOutputKept` characters was left out. */
  readonly cut: boolean;
  /** Undefined while it runs. */
  readonly exitCode?: number;
};

export const shellBlocksKept = 200;
export const shellOutputKept = 200_000;

export const emptyShell: Shell = { blocks: [], input: emptyInput, history: [], draft: '' };
