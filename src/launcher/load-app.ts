import { mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

type AppFile = {
  readonly file: string;
  /** Changes with every build: compiled code must never be used for other source text. */
  readonly key: string;
  /** Whether what this run compiles is worth keeping for the next. */
  readonly keepsCache: boolean;
};

/** Runs the bundle as a CommonJS module and returns its exports. V8's compiled code is kept in the user's cache folder. */
export function loadApp<Exports>({ file, key, keepsCache }: AppFile): Exports {
  const folder = cacheFolder();
  const cacheFile = join(folder, `${key}-${process.version}-${process.arch}.v8`);
  const cachedData = readCache(cacheFile);
  const script = new Script(wrap(readFileSync(file, 'latin1')), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  if (keepsCache && (cachedData === undefined || script.cachedDataRejected)) {
    process.on('exit', () => writeCache(folder, cacheFile, script.createCachedData()));
  }
  return module.exports as Exports;
}

function cacheFolder(): string {
  const base =
    process.env['XDG_CACHE_HOME'] ||
    (process.platform === 'win32' ? process.env['LOCALAPPDATA'] : undefined) ||
    join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  return join(base, 'srklab-tutor');
}

function readCache(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written is a slower start next time, nothing else. */
function writeCache(folder: string, file: string, data: Buffer): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, data);
    renameSync(unfinished, file);
    for (const name of readdirSync(folder)) {
      // Code of other builds is of no use any more.
      if (name.endsWith('.v8') && join(folder, name) !== file) unlinkSync(join(folder, name));
    }
  } catch {
    // A read-only home, a full disk.
  }
}
