import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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

/**
 * Takes the lab, also from a process that is gone. `name` is the ledger's. Every holder writes a file of its own number, the next
 * after the last: a hard link is made by one process only, whoever comes at the same time. The highest number counts; one
 * that was let go says so and stays, so that no number is ever used twice.
 */
export async function holdLab(folder: string, name: string, doing: string): Promise<Holding> {
  const mine: Holder = {
    pid: process.pid,
    startedAt: (await startOfProcess(process.pid)) ?? '',
    since: Date.now(),
    doing,
  };
  const beside = join(folder, `${name}.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(beside, JSON.stringify(mine), { mode: 0o600 });
    try {
      for (;;) {
        const last = (await numbersOf(folder, name)).at(-1) ?? 0;
        const by = await aliveAt(folder, name, last);
        if (by !== undefined) return { outcome: 'taken', by };
        if (!(await linked(beside, pathOf(folder, name, last + 1)))) continue;
        const numbers = await numbersOf(folder, name);
        // Others were quicker: our number had been used and cleaned away already.
        if (numbers.some(number => number > last + 1)) {
          await rm(pathOf(folder, name, last + 1), { force: true });
          continue;
        }
        for (const number of numbers.filter(one => one <= last))
          await rm(pathOf(folder, name, number), { force: true });
        return { outcome: 'held', release: () => release(folder, name, last + 1) };
      }
    } finally {
      await rm(beside, { force: true });
    }
  } catch (error) {
    return { outcome: 'failed', because: error instanceof Error ? error.message : String(error) };
  }
}

/** Who holds the lab now; undefined when nobody that is alive does. */
export async function holderOf(folder: string, name: string): Promise<Holder | undefined> {
  const numbers = await numbersOf(folder, name).catch(() => []);
  return aliveAt(folder, name, numbers.at(-1) ?? 0);
}

function pathOf(folder: string, name: string, number: number): string {
  return join(folder, `${name}.held-${number}`);
}

/** In rising order. */
async function numbersOf(folder: string, name: string): Promise<number[]> {
  const prefix = `${name}.held-`;
  return (await readdir(folder))
    .filter(file => file.startsWith(prefix) && /^\d+$/.test(file.slice(prefix.length)))
    .map(file => Number(file.slice(prefix.length)))
    .sort((a, b) => a - b);
}

async function aliveAt(folder: string, name: string, number: number): Promise<Holder | undefined> {
  const text = await readFile(pathOf(folder, name, number), 'utf8').catch(() => undefined);
  const holder = text === undefined ? undefined : parseHolder(text);
  if (holder === undefined) return undefined;
  return (await startOfProcess(holder.pid)) === holder.startedAt ? holder : undefined;
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

async function release(folder: string, name: string, number: number): Promise<void> {
  const beside = join(folder, `${name}.${randomUUID()}`);
  await writeFile(beside, '{"released":true}', { mode: 0o600 });
  await rename(beside, pathOf(folder, name, number));
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
