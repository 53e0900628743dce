import { filteredFiles, listFiles, printFiles } from '../../../../shell/lab-files.ts';
import type { Command, Terminal } from '../command.ts';
import { filters } from '../shell/filters.ts';

const filesOf = ({ context }: Terminal) => context.lab.lab.files;

/** The lab's files, to be listed, printed and looked through. */
export const filePrograms: readonly Command[] = [
  {
    name: 'ls',
    summary: 'the files of the lab',
    run: (words, terminal) => listFiles(words, filesOf(terminal), terminal),
  },
  {
    name: 'cat',
    summary: 'a file of the lab: cat fabric/LEAF-DC-1.cfg',
    run: (words, terminal) => printFiles(words, filesOf(terminal), terminal),
  },
  ...[...filters]
    .filter(([name]) => name !== 'cat')
    .map(([name, filter]) => ({
      name,
      summary: `${name} <file>: a file of the lab`,
      hidden: true as const,
      run(words: readonly string[], terminal: Terminal) {
        const found = filteredFiles([name, ...words], filesOf(terminal));
        if (typeof found === 'string') {
          terminal.err(found);
          return 2;
        }
        const result = filter(found.options, found.lines);
        if (result.complaint !== undefined) terminal.err(result.complaint);
        for (const line of result.lines) terminal.out(line);
        return result.exitCode;
      },
    })),
];
