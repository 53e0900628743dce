import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file.ts';
import { emptyProgress, type Progress } from '../tutor/progress.ts';
import { mergeProgress } from './merge-progress.ts';
import { parseProgress } from './parse-progress.ts';

/** Where progress is kept on this machine, per user. */
export function progressPath(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const state =
    nonEmpty(env['XDG_STATE_HOME']) ?? nonEmpty(env['LOCALAPPDATA']) ?? join(home, '.local', 'state');
  return join(state, 'srklab-tutor', 'progress.json');
}

export type ProgressFile = {
  /** What was kept, and a sentence for the learner when something was wrong with it. */
  load(): Promise<{ readonly progress: Progress; readonly notice?: string }>;
  /** Keeps the newest progress; calls come back one after another, older ones are passed over. */
  save(
    progress: Progress,
  ): Promise<{ readonly outcome: 'kept' } | { readonly outcome: 'failed'; readonly because: string }>;
};

/**
 * Progress in one file that is whole at every moment: a new version is written beside it, forced to the disk, then moved over
 * it. What another process kept meanwhile about other lessons stays.
 */
export function progressFile(path: string): ProgressFile {
  let base = emptyProgress;
  let readOnlyBecause: string | undefined;
  let latest: Progress | undefined;
  let writing: Promise<void> = Promise.resolve();

  return {
    async load() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
      if (typeof text !== 'string') {
        if (text.code === 'ENOENT' || text.code === 'ENOTDIR') return { progress: base };
        return { progress: base, notice: `Progress could not be read (${text.message}). Starting fresh.` };
      }
      const parsed = parseProgress(text);
      if (parsed.outcome === 'read') {
        base = parsed.progress;
        return { progress: base };
      }
      if (parsed.outcome === 'newer') {
        readOnlyBecause = 'the progress file was written by a newer srklab-tutor';
        return { progress: base, notice: `Nothing is kept this time: ${readOnlyBecause} (${path}).` };
      }
      return { progress: base, notice: await setAside(path, parsed.because) };
    },

    async save(progress) {
      if (readOnlyBecause !== undefined) return { outcome: 'kept' };
      latest = progress;
      const mine = progress;
      let outcome: Awaited<ReturnType<ProgressFile['save']>> = { outcome: 'kept' };
      writing = writing.then(async () => {
        if (latest !== mine) return;
        try {
          const merged = mergeProgress(base, mine, await kept(path));
          await replaceFile(path, `${JSON.stringify(merged, undefined, 2)}\n`);
          base = mine;
        } catch (error) {
          outcome = { outcome: 'failed', because: error instanceof Error ? error.message : String(error) };
        }
      });
      await writing;
      return outcome;
    },
  };
}

async function kept(path: string): Promise<Progress | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const parsed = text === undefined ? undefined : parseProgress(text);
  return parsed?.outcome === 'read' ? parsed.progress : undefined;
}

async function setAside(path: string, because: string): Promise<string> {
  const aside = `${path}.broken-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  try {
    await rename(path, aside);
    return `The progress file could not be understood (${because}). It was set aside as ${aside}; starting fresh.`;
  } catch {
    return `The progress file could not be understood (${because}) and not be moved away: ${path}. Starting fresh.`;
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
