import type { KeyName } from './key-press.ts';

export const upKeys: readonly KeyName[] = ['up', 'k'];
export const downKeys: readonly KeyName[] = ['down', 'j'];

/** Where a position from 0 to `last` moves to. */
export function movedBy(position: number, by: number, last: number): number {
  return Math.max(0, Math.min(Math.max(0, last), position + by));
}
