import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readLabFrom } from '../effects/lab-files.ts';
import { lessonFolders } from '../effects/lesson-files.ts';
import type { Lab } from '../lab/lab.ts';
import { type FileError, formatFileError } from '../lab/lab-error.ts';
import type { Arguments } from './command-table.ts';
import type { ProgramIo } from './program-io.ts';

export type OpenedLab = {
  readonly lab: Lab;
  readonly labFile: string;
  readonly warnings: readonly FileError[];
};

/**
 * The lab that a command line names; undefined when its files have mistakes, which were written to stderr. So are
 * warnings, unless a screen is drawn: there whoever draws says that there are some.
 */
export function openLab(args: Arguments, io: ProgramIo, drawsScreen = false): OpenedLab | undefined {
  const labFile = labFileOf(args, io);
  const reading = readLabFrom(labFile);
  if (reading.outcome === 'read') {
    const { lab, warnings } = reading;
    if (warnings.length > 0 && !drawsScreen)
      io.stderr.write(`${mistakesText(warnings, lab.files)}\n${countText(warnings)} in the lab ${labFile}\n`);
    return { lab, labFile, warnings };
  }
  io.stderr.write(
    `${mistakesText(reading.errors, reading.files)}\n${countText(reading.errors)} in the lab ${labFile}\n`,
  );
  return undefined;
}

/** `-c`, else srklab.yml of the current folder, else the one that ships with the program. */
export function labFileOf(args: Arguments, io: ProgramIo): string {
  const named = args.values['config'];
  if (named !== undefined) return resolve(io.cwd, named);
  const here = join(io.cwd, 'srklab.yml');
  return existsSync(here) ? here : join(io.packageFolder, 'srklab.yml');
}

/** `--lessons`, else lessons of the current folder if there are any, else those that ship with the program. */
export function lessonsFolderOf(args: Arguments, io: ProgramIo): string {
  const named = args.values['lessons'];
  if (named !== undefined) return resolve(io.cwd, named);
  const here = join(io.cwd, 'lessons');
  return lessonFolders(here).length > 0 ? here : join(io.packageFolder, 'lessons');
}

/** Mistakes as a person reads them, with excerpts where the text is known. */
export function mistakesText(errors: readonly FileError[], texts: ReadonlyMap<string, string>): string {
  return errors.map(error => formatFileError(error, texts.get(error.file))).join('\n\n');
}

export function countText(errors: readonly FileError[]): string {
  const mistakes = errors.filter(error => error.severity === 'error').length;
  const warnings = errors.length - mistakes;
  return [
    ...(mistakes > 0 || warnings === 0 ? [plural(mistakes, 'mistake')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ].join(', ');
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
