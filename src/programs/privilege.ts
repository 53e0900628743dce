import type { Privilege } from './containerlab.ts';
import { runProgram } from './run-program.ts';

/** How containerlab gets root's rights here. Sudo is the last resort; whether it works is seen when it is tried. */
export async function privilegeHere(): Promise<Privilege> {
  if (process.getuid?.() === 0) return 'root';
  const groups = await runProgram(['id', '-nG']);
  return groups.stdout.split(/\s+/).includes('clab_admins') ? 'clab_admins' : 'sudo';
}
