import { readFileSync, statSync } from 'node:fs';
import { type FileProblem, largestFile } from '../lab/files/read-lab.ts';

/** The text of a file somebody wrote, without its byte order mark; or why it cannot be had. Looks at the size before reading. */
export function readTextFile(path: string): string | FileProblem {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return { problem: 'unreadable', because: 'it is a folder' };
    if (!found.isFile()) return { problem: 'unreadable', because: 'it is not a regular file' };
    if (found.size > largestFile) {
      return { problem: 'too-large', because: `${found.size} bytes, at most ${largestFile} are read` };
    }
    return textOf(readFileSync(path));
  } catch (error) {
    return problemOf(error);
  }
}

function textOf(bytes: Buffer): string | FileProblem {
  if (bytes.includes(0)) return { problem: 'binary', because: 'a zero byte' };
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { problem: 'binary', because: 'not UTF-8' };
  }
}

function problemOf(error: unknown): FileProblem {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'missing' };
  return { problem: 'unreadable', because: error instanceof Error ? error.message : String(error) };
}
