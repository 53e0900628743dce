import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a real program printed, from test-support/captured/: the first line of the file says which program, version and question. */
export function capturedText(file: string): string {
  const text = readFileSync(join(import.meta.dirname, 'captured', file), 'utf8');
  if (!text.startsWith('# ')) throw new Error(`${file} does not say where it comes from`);
  return text.slice(text.indexOf('\n') + 1);
}

export function capturedJson(file: string): unknown {
  return JSON.parse(capturedText(file));
}
