import type { Command, Terminal } from '../command.ts';
import { filters } from '../shell/filters.ts';
import { textOf } from './files.ts';

/** `grep as fabric/LEAF-DC-1.cfg`, `head topo.yml`: what stands behind a pipe, for the files of the lab. */
export const fileFilters: readonly Command[] = [...filters]
  .filter(([name]) => name !== 'cat')
  .map(([name, filter]) => ({
    name,
    summary: `${name} <file>: a file of the lab`,
    hidden: true,
    run(words: readonly string[], terminal: Terminal) {
      const files = words.filter(
        (word, at) => (at > 0 || name !== 'grep') && textOf(terminal, word) !== undefined,
      );
      if (files.length === 0) {
        const named = words.findLast(word => !word.startsWith('-'));
        terminal.err(
          `${name}: ${named === undefined ? 'which file' : `${named}: no such file in this lab`}; ls lists them`,
        );
        return 2;
      }
      const options = words.filter(word => !files.includes(word));
      const lines = files.flatMap(file => (textOf(terminal, file) ?? '').replace(/\n$/, '').split('\n'));
      const result = filter(options, lines);
      if (result.complaint !== undefined) terminal.err(result.complaint);
      for (const line of result.lines) terminal.out(line);
      return result.exitCode;
    },
  }));
