import { INTERRUPTED } from '../lab/exit-code.ts';
import type { Session } from './session.ts';

/** Watching ends by Ctrl-C; without anybody to press it, after this long. */
const LONGEST = 30_000;

/** Looks again and again, for `-w` and `-f`; resolves with the exit code. */
export async function watching(session: Session, look: () => void): Promise<number> {
  const until = session.attended ? Number.POSITIVE_INFINITY : session.now() + LONGEST;
  while (session.now() < until) {
    if (!(await session.wait(100))) return INTERRUPTED;
    look();
  }
  return 0;
}
