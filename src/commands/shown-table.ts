import type { LabEvent } from '../lab/event.ts';
import type { Lab } from '../lab/lab.ts';
import { rowsOf, type Snapshot, type TableRef, type TableRows } from '../lab/snapshot.ts';

/** A table that `show` can print: what it needs of the lab, and its rows. */
export type ShownTable = {
  readonly name: string;
  /** Also found under these names: those of the panes. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly header: readonly string[];
  /** Whether it is one of a node, or of a node's network-instance. */
  readonly of?: 'node' | 'instance' | 'maybe-node';
  /** The clients ask for ten seconds before the look. */
  readonly needsTraffic?: boolean;
  /** It says nothing without --break. */
  readonly needsFault?: boolean;
  readonly refs: (subject: Subject, overview: Snapshot) => readonly TableRef[];
  readonly rows: (seen: Seen) => readonly (readonly (string | number)[])[];
  /** What --json prints; default: objects made of header and rows. */
  readonly json?: (seen: Seen) => unknown;
  /** What --markdown prints; default: a table of header and rows. */
  readonly markdown?: (seen: Seen) => string;
};

export type Subject = { readonly node?: string; readonly instance?: string };
export type Seen = {
  readonly lab: Lab;
  readonly snapshot: Snapshot;
  readonly events: readonly LabEvent[];
  readonly refs: readonly TableRef[];
  /** Before the fault, where there was one. */
  readonly before?: Snapshot;
};

type RowTable = Exclude<TableRef['name'], 'flows' | 'hash-comparison'>;

/** A table whose rows are one of the snapshot's. */
export function table<Name extends RowTable>(
  name: Name,
  summary: string,
  of: 'node' | 'instance' | 'maybe-node',
  columns: Readonly<Record<string, (row: TableRows[Name][number]) => string | number>>,
): ShownTable {
  type Row = TableRows[Name][number];
  const found = ({ snapshot, refs }: Seen) =>
    refs.flatMap((ref): Row[] => [...((rowsOf(snapshot, ref) ?? []) as Iterable<unknown> as Iterable<Row>)]);
  return {
    name,
    summary,
    header: Object.keys(columns),
    of,
    refs: ({ node, instance }) => [
      { name, ...(node !== undefined && { node }), ...(instance !== undefined && { instance }) } as TableRef,
    ],
    rows: seen => found(seen).map(row => Object.values(columns).map(column => column(row))),
    json: found,
  };
}
