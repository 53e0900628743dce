import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOfProcess } from '../../programs/processes.ts';

/** Who holds a lab: only one may build it, break it and heal it; everybody may look. */
export type Holder = {
  readonly pid: number;
  /** When that process started, as the kernel counts: a pid alone may be somebody else's later. */
  readonly startedAt: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** "learn", "start". */
  readonly doing: string;
};

export type Holding =
  | { readonly outcome: 'held'; release(): Promise<void> }
  | { readonly outcome: 'taken'; readonly by: Holder }
  | { readonly outcome: 'failed'; readonly because: string };

/** Takes the lab, also from a process that is gone. `name` is the ledger's. */
export async function holdLab(folder: string, name: string, doing: string): Promise<Holding> {
  const path = join(folder, `${name}.held`);
  const mine: Holder = {
    pid: process.pid,
    startedAt: (await startOfProcess(process.pid)) ?? '',
    since: Date.now(),
    doing,
  };
  const beside = `${path}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(beside, JSON.stringify(mine), { mode: 0o600 });
    try {
      // A link is made whole or not at all, and never over another: two that come at once cannot both have it.
      for (let attempt = 0; attempt < 3; attempt++) {
        if (await linked(beside, path)) return { outcome: 'held', release: () => release(path, mine) };
        const by = await holderOf(folder, name);
        if (by !== undefined) return { outcome: 'taken', by };
        await removeStale(path, `${beside}.stale`);
      }
    } finally {
      await rm(beside, { force: true });
    }
  } catch (error) {
    return { outcome: 'failed', because: error instanceof Error ? error.message : String(error) };
  }
  return { outcome: 'failed', because: `${path} comes back whenever it is removed` };
}

/** Who holds the lab now; undefined when nobody that is alive does. */
export async function holderOf(folder: string, name: string): Promise<Holder | undefined> {
  const text = await readFile(join(folder, `${name}.held`), 'utf8').catch(() => undefined);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && (await isAlive(holder)) ? holder : undefined;
}

/** Takes away what a dead process left; what somebody alive put there meanwhile is put back. */
async function removeStale(path: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
    const holder = parseHolder(await readFile(aside, 'utf8'));
    if (holder !== undefined && (await isAlive(holder))) await linked(aside, path);
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function isAlive({ pid, startedAt }: Holder): Promise<boolean> {
  return (await startOfProcess(pid)) === startedAt;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function release(path: string, mine: Holder): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const holder = text === undefined ? undefined : parseHolder(text);
  if (holder?.pid === mine.pid && holder.startedAt === mine.startedAt) await rm(path, { force: true });
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, startedAt, since, doing } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof startedAt === 'string'
      ? { pid, startedAt, since: Number(since), doing: String(doing) }
      : undefined;
  } catch {
    return undefined;
  }
}
