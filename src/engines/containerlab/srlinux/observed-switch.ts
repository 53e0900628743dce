import type { SessionRow, TableRef, TableRows } from '../../../lab/snapshot.ts';
import type { Answering } from '../answering.ts';

/** A table of one switch. */
export type SwitchTableRef = Exclude<TableRef, { readonly name: 'flows' | 'packets' | 'hash-comparison' }>;

/** A switch that somebody watches: `SrLinuxSwitch` is one. Whoever runs the lab needs no other word of it. */
export interface ObservedSwitch {
  readonly name: string;
  readonly answering: Answering;
  /** Looks by itself from now on and writes what changed to the event log. */
  start(): void;
  stop(): void;
  /** The sessions of the last reading; undefined while nothing is known. */
  sessions(): readonly SessionRow[] | undefined;
  /** Packets in and out of a port since it began, and when that was read (lab milliseconds). */
  packets(port: string): { readonly at: number; readonly in: number; readonly out: number } | undefined;
  /** Asks the switch for just this; undefined when it does not answer or has no such thing. */
  table(ref: SwitchTableRef): Promise<TableRows[TableRef['name']] | undefined>;
  /** Disables or enables a port; what the switch refused, in words. */
  setPort(port: string, enabled: boolean): Promise<string | undefined>;
  /** `set / …` and `delete / …` lines in one transaction; what the switch refused, in words. */
  configure(lines: readonly string[]): Promise<string | undefined>;
  /** A command of sr_cli: its text, or why there is none. */
  cli(line: string): Promise<{ readonly text: string } | { readonly problem: string }>;
}
