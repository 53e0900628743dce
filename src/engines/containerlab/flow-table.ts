import type { Lab } from '../../lab/lab.ts';
import type { FlowRow, TableRef } from '../../lab/snapshot.ts';
import type { Looked } from './snapshots.ts';

type FlowsRef = Extract<TableRef, { readonly name: 'flows' }>;

/** placeholder */
export async function flowRows(_lab: Lab, _looked: Looked, _ref: FlowsRef): Promise<FlowRow[] | undefined> {
  return undefined;
}
