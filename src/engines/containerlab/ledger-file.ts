import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '../../files/replace-file.ts';
import { emptyLedger, type Ledger } from './ledger.ts';

/** A lab's ledger on disk. Changes are kept one after another, each whole or not at all. */
export type LedgerFile = {
  readonly path: string;
  /** As it is now. */
  readonly ledger: Ledger;
  /** Keeps a changed ledger; a sentence when it could not be written. */
  change(to: (ledger: Ledger) => Ledger): Promise<string | undefined>;
  /** Reads what somebody else, who holds the lab, has written since. What cannot be read leaves it as it is. */
  reload(): Promise<void>;
  /** Removes the file: the lab made nothing, or nothing of it is left. */
  forget(): Promise<void>;
};

export type LedgerKey = { readonly lab: string; readonly labFile: string; readonly docker: string };

/** Folder of all ledgers of this user: XDG_STATE_HOME, else ~/.local/state. */
export function ledgerFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(env['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'srklab-tutor', 'labs');
}

/** Names of containers are one per Docker, so a lab is its name and its Docker. */
export function ledgerName({ lab, docker }: Pick<LedgerKey, 'lab' | 'docker'>): string {
  return `${lab}-${createHash('sha256').update(docker).digest('hex').slice(0, 8)}`;
}

/** Reads the ledger, or begins an empty one; a sentence when there is one that cannot be understood. */
export async function openLedger(folder: string, key: LedgerKey): Promise<LedgerFile | string> {
  const path = join(folder, `${ledgerName(key)}.json`);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== 'string' && text.code !== 'ENOENT') return `${path}: ${text.message}`;
  const read = typeof text === 'string' ? parseLedger(text, path) : undefined;
  if (typeof read === 'string') return read;
  let ledger = read ?? emptyLedger(key.lab, key.labFile, key.docker);
  let writing: Promise<unknown> = Promise.resolve();
  return {
    path,
    get ledger() {
      return ledger;
    },
    change(to) {
      ledger = to(ledger);
      const text = `${JSON.stringify(ledger, undefined, 2)}\n`;
      const kept = writing
        .then(() => keep(path, text))
        .then(
          () => undefined,
          (error: Error) => `the ledger ${path} cannot be written: ${error.message}`,
        );
      writing = kept;
      return kept;
    },
    async reload() {
      await writing;
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
      const read = typeof text === 'string' ? parseLedger(text, path) : undefined;
      if (typeof read === 'object') ledger = read;
      else if (typeof text !== 'string' && text.code === 'ENOENT')
        ledger = emptyLedger(key.lab, key.labFile, key.docker);
    },
    async forget() {
      await writing;
      ledger = emptyLedger(key.lab, key.labFile, key.docker);
      await rm(path, { force: true });
    },
  };
}

/** A sentence for what is no ledger of ours: nothing is guessed from it. */
export function parseLedger(text: string, path: string): Ledger | string {
  const parsed = json(text);
  if (typeof parsed !== 'object' || parsed === null || !('version' in parsed))
    return `${path} is no ledger of a lab. Look at it, then remove it.`;
  if (parsed.version !== 1)
    return `${path} was written by a newer srklab-tutor (version ${String(parsed.version)}). Use that one.`;
  const { lab, labFile, docker, things, faults } = parsed as Partial<Ledger>;
  if (typeof lab !== 'string' || typeof labFile !== 'string' || typeof docker !== 'string')
    return `${path} is no ledger of a lab. Look at it, then remove it.`;
  if (!Array.isArray(things) || !Array.isArray(faults))
    return `${path} is no whole ledger of a lab. Look at it, then remove it.`;
  return { version: 1, lab, labFile, docker, things, faults };
}

/** In a folder that nobody else may enter. */
async function keep(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await replaceFile(path, text);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
