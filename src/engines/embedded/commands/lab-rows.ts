import { rowsOf, type TableRef, type TableRows } from '../../../lab/snapshot.ts';
import type { Terminal } from './command.ts';

/** The rows of one table of the lab as they are now; undefined where there is no such table. */
export function labRows<R extends TableRef>({ context }: Terminal, ref: R): TableRows[R['name']] | undefined {
  return rowsOf(context.lab.snapshot([ref]), ref);
}
