import { readFile, rm, stat } from 'node:fs/promises';
import { replaceFile } from '../files/replace-file.ts';

/** A talk is over by then: an older token is not taken up again. Milliseconds. */
const goodFor = 12 * 60 * 60 * 1000;

/**
 * The token of the audience's page, kept for this user alone while a presenter runs: one that crashed comes back under
 * the link that the room has already. One that ends in order forgets it.
 */
export type AudienceLink = {
  /** Of the talk that was cut short; undefined when there was none. */
  readonly token: string | undefined;
  keep(token: string): Promise<void>;
  forget(): Promise<void>;
};

/** `path` is beside the socket on which presenter and notes meet: one talk, one link. */
export async function openAudienceLink(path: string, now: () => number = Date.now): Promise<AudienceLink> {
  return {
    token: await tokenIn(path, now()),
    async keep(token) {
      // Nobody loses more than a link when it cannot be written.
      await replaceFile(path, `${token}\n`).catch(() => undefined);
    },
    async forget() {
      await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

async function tokenIn(path: string, now: number): Promise<string | undefined> {
  try {
    const { uid, mode, mtimeMs } = await stat(path);
    const ours = process.platform === 'win32' || (uid === process.getuid?.() && (mode & 0o077) === 0);
    if (!ours || now - mtimeMs > goodFor) return undefined;
    const text = (await readFile(path, 'utf8')).trim();
    return /^[\w-]{22}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
