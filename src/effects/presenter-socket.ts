import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { decodeFromPresenter, lineReader, longestFromPresenter } from '../tutor/presenter-protocol.ts';

/** Where presenter and notes meet unless told otherwise: a folder that only this user can enter. */
export function presenterSocketPath(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  if (runtime !== undefined && runtime !== '') return join(runtime, 'srklab-tutor', 'presenter.sock');
  const state = env['XDG_STATE_HOME'] || env['LOCALAPPDATA'] || join(home, '.local', 'state');
  return join(state, 'srklab-tutor', 'stage', 'presenter.sock');
}

/** Systems cut the names of sockets: 104 bytes with the end mark is the least of those we know. */
const longestPath = 103;

export type Claim =
  | { readonly outcome: 'ours' }
  /** Somebody presents already; `pid` where they told it. */
  | { readonly outcome: 'held'; readonly pid?: number }
  | { readonly outcome: 'failed'; readonly because: string };

/** Listens on the path, for this user alone. A socket that nobody listens on any more is cleared away first. */
export async function claimSocket(server: Server, path: string): Promise<Claim> {
  if (Buffer.byteLength(path) > longestPath)
    return {
      outcome: 'failed',
      because: `the name of the socket is too long (${path}); --socket names a shorter one`,
    };
  try {
    await ownFolder(dirname(path));
    const first = await listen(server, path);
    if (first === 'listening') return { outcome: 'ours' };
    const holder = await whoListens(path);
    if (holder !== 'nobody') return held(holder);
    const late = await clearStale(path);
    if (late !== undefined) return held(late);
    return (await listen(server, path)) === 'listening' ? { outcome: 'ours' } : held(await whoListens(path));
  } catch (error) {
    return { outcome: 'failed', because: error instanceof Error ? error.message : String(error) };
  }
}

function held(holder: number | 'nobody' | 'somebody'): Claim {
  return typeof holder === 'number' ? { outcome: 'held', pid: holder } : { outcome: 'held' };
}

/** The folder is made for this user alone; one that belongs to somebody else, or that others may write into, is not used. */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const found = await stat(folder);
  if (found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0)
    throw new Error(`${folder} is not a folder of this user alone; --socket names another place`);
}

/** The name of the socket appears in this call, so the mask is needed no longer than that. */
function listen(server: Server, path: string): Promise<'listening' | 'taken'> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening);
      if (error.code === 'EADDRINUSE') resolve('taken');
      else reject(error);
    };
    const listening = () => {
      server.off('error', failed);
      chmod(path, 0o600).then(() => resolve('listening'), reject);
    };
    server.once('error', failed);
    server.once('listening', listening);
    const before = isMainThread ? process.umask(0o177) : undefined;
    server.listen(path);
    if (before !== undefined) process.umask(before);
  });
}

/** The process id of whoever presents on this socket. */
async function whoListens(path: string): Promise<number | 'nobody' | 'somebody'> {
  return new Promise(resolve => {
    const socket = connect(path);
    const read = lineReader(longestFromPresenter);
    const finish = (who: number | 'nobody' | 'somebody') => {
      clearTimeout(timer);
      socket.destroy();
      resolve(who);
    };
    const timer = setTimeout(finish, 1_000, 'somebody');
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => {
      for (const line of read(piece) ?? []) {
        const message = decodeFromPresenter(line);
        if (message?.type === 'hello') finish(message.pid);
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'nobody' : 'somebody'),
    );
    socket.on('close', () => finish('somebody'));
  });
}

/** Moves the dead socket aside before it is removed: had somebody come to life on it meanwhile, it goes back. */
async function clearStale(path: string): Promise<number | 'somebody' | undefined> {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  const holder = await whoListens(aside);
  if (holder !== 'nobody') {
    await rename(aside, path).catch(() => undefined);
    return holder;
  }
  await rm(aside, { force: true });
  return undefined;
}
