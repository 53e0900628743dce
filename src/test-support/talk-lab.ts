import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLabFrom } from '../effects/lab-files.ts';
import { readLab } from '../lab/files/read-lab.ts';
import type { Lab } from '../lab/lab.ts';
import { formatFileError } from '../lab/lab-error.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const contentFolders = ['fabric', 'kind', 'metallb', 'app'];

/** Texts of the lab's files as they stand in the repository, by path. */
export function talkFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(root)) {
    if (/\.ya?ml$/.test(name)) files.set(name, readFileSync(join(root, name), 'utf8'));
  }
  for (const folder of contentFolders) {
    for (const path of filesBelow(join(root, folder))) {
      files.set(relative(root, path), readFileSync(path, 'utf8'));
    }
  }
  return files;
}

/** The talk's lab, read from the repository's own files after a test's edit of their texts. Throws when it does not read. */
export function talkLab(edit: (files: Map<string, string>) => void = () => {}): Lab {
  const files = talkFiles();
  edit(files);
  const reading = readLab('srklab.yml', path => files.get(path) ?? { problem: 'missing' });
  if (reading.outcome === 'read') return reading.lab;
  throw new Error(reading.errors.map(error => formatFileError(error, files.get(error.file))).join('\n'));
}

/** The talk's lab as the program reads it from disk: it knows itself scaled out. */
export function talkLabOfBothSizes(): Lab {
  const reading = readLabFrom(join(root, 'srklab.yml'));
  if (reading.outcome === 'read') return reading.lab;
  throw new Error(reading.errors.map(error => formatFileError(error, undefined)).join('\n'));
}

/** An edit that drops every line a pattern fits from a file. Throws when none does: then the test would test nothing. */
export function without(path: string, pattern: RegExp): (files: Map<string, string>) => void {
  return files => {
    const before = (files.get(path) ?? '').split('\n');
    const after = before.filter(line => !pattern.test(line));
    if (after.length === before.length) throw new Error(`no line of ${path} fits ${pattern}`);
    files.set(path, after.join('\n'));
  };
}

/** An edit that replaces a text in a file. Throws when it is not there. */
export function replaced(
  path: string,
  from: string | RegExp,
  to: string,
): (files: Map<string, string>) => void {
  return files => {
    const before = files.get(path) ?? '';
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${path} does not contain ${from}`);
    files.set(path, after);
  };
}

/** An edit: keepalive 3 s, hold 9 s on every session, as the routers ran that were recorded for docs/parity.md. */
export function recordedTimers(files: Map<string, string>): void {
  for (const node of switchNames) {
    const path = `fabric/${node}.cfg`;
    const groups = new Set(
      [...(files.get(path) ?? '').matchAll(/^set \/ network-instance (\S+) protocols bgp group (\S+)/gm)].map(
        ([, instance, group]) => `${instance} protocols bgp group ${group}`,
      ),
    );
    const lines = [...groups].flatMap(group => [
      `set / network-instance ${group} timers hold-time 9`,
      `set / network-instance ${group} timers keepalive-interval 3`,
    ]);
    files.set(path, `${files.get(path) ?? ''}\n${lines.join('\n')}\n`);
  }
  files.set(
    'metallb/config.yaml',
    (files.get('metallb/config.yaml') ?? '').replace(
      /ebgpMultiHop: true/g,
      'ebgpMultiHop: true\n  holdTime: 9s\n  keepaliveTime: 3s',
    ),
  );
}

export const switchNames = ['LEAF-DC-1', 'LEAF-DC-2', 'SPINE-DC-1', 'SPINE-DC-2', 'BORDER-DC'] as const;

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .map(name => join(folder, name))
    .flatMap(path => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}
