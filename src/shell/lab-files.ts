import { labPath } from '../lab/lab-path.ts';

/** The lab's files as they were read: texts by path. */
type Files = ReadonlyMap<string, string>;
type Printer = { readonly out: (line: string) => void; readonly err: (line: string) => void };

/** `ls [folder]`: the files of the lab. Returns the exit code. */
export function listFiles(words: readonly string[], files: Files, { out, err }: Printer): number {
  const folder = labPath(words.find(word => !word.startsWith('-')) ?? '');
  const prefix = folder === '' ? '' : `${folder}/`;
  const all = [...files.keys()].map(labPath);
  const inside = all.filter(path => path.startsWith(prefix)).map(path => path.slice(prefix.length));
  if (inside.length === 0) {
    if (all.includes(folder)) {
      out(folder);
      return 0;
    }
    err(`ls: cannot access '${folder}': no such file or folder in this lab`);
    return 2;
  }
  const names = new Set(
    inside.map(path => (path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/` : path)),
  );
  for (const name of [...names].sort()) out(name);
  return 0;
}

/** `cat <file> …`: files of the lab as they were read. Returns the exit code. */
export function printFiles(words: readonly string[], files: Files, { out, err }: Printer): number {
  let exitCode = 0;
  for (const word of words.filter(one => !one.startsWith('-'))) {
    const text = textOf(files, word);
    if (text === undefined) {
      err(`cat: ${word}: no such file in this lab`);
      exitCode = 1;
    } else for (const line of linesOf(text)) out(line);
  }
  return exitCode;
}

/**
 * `grep as fabric/LEAF-DC-1.cfg`, `head topo.yml`: what stands behind a pipe, before one. Returns its options and the lines that it is
 * given; a sentence when no file of the lab is named.
 */
export function filteredFiles(
  [name = '', ...words]: readonly string[],
  files: Files,
): { readonly options: readonly string[]; readonly lines: readonly string[] } | string {
  // The first word of grep is what is looked for.
  const found = words.filter((word, at) => (at > 0 || name !== 'grep') && textOf(files, word) !== undefined);
  if (found.length > 0)
    return {
      options: words.filter(word => !found.includes(word)),
      lines: found.flatMap(file => linesOf(textOf(files, file) ?? '')),
    };
  const named = words.findLast(word => !word.startsWith('-'));
  return `${name}: ${named === undefined ? 'which file' : `${named}: no such file in this lab`}; ls lists them`;
}

/** A file of the lab by its path, undefined when there is none. */
function textOf(files: Files, word: string): string | undefined {
  return [...files].find(([path]) => labPath(path) === labPath(word))?.[1];
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
