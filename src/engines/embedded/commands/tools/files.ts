import { labPath } from '../../../../lab/lab-path.ts';
import type { Command, Terminal } from '../command.ts';

/** `ls`: the files of the lab. */
export const listFiles: Command = {
  name: 'ls',
  summary: 'the files of the lab',
  run(words, terminal) {
    const folder = labPath(words.find(word => !word.startsWith('-')) ?? '');
    const prefix = folder === '' ? '' : `${folder}/`;
    const all = [...terminal.context.lab.lab.files.keys()].map(labPath);
    const inside = all.filter(path => path.startsWith(prefix)).map(path => path.slice(prefix.length));
    if (inside.length === 0) {
      if (all.includes(folder)) {
        terminal.out(folder);
        return 0;
      }
      terminal.err(`ls: cannot access '${folder}': no such file or folder in this lab`);
      return 2;
    }
    const names = new Set(
      inside.map(path => (path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/` : path)),
    );
    for (const name of [...names].sort()) terminal.out(name);
    return 0;
  },
};

/** `cat <file>`: one of the lab's files as it was read. */
export const catFile: Command = {
  name: 'cat',
  summary: 'a file of the lab: cat fabric/LEAF-DC-1.cfg',
  run(words, terminal) {
    let exitCode = 0;
    for (const word of words.filter(one => !one.startsWith('-'))) {
      const text = textOf(terminal, word);
      if (text === undefined) {
        terminal.err(`cat: ${word}: no such file in this lab`);
        exitCode = 1;
      } else for (const line of text.replace(/\n$/, '').split('\n')) terminal.out(line);
    }
    return exitCode;
  },
};

/** A file of the lab by its path, undefined when there is none. */
export function textOf(terminal: Terminal, word: string): string | undefined {
  return [...terminal.context.lab.lab.files].find(([path]) => labPath(path) === labPath(word))?.[1];
}
