import { basename, dirname, join } from 'node:path';
import { type LabReading, readLab } from '../lab/files/read-lab.ts';
import { preparedLab } from './prepared-readings.ts';
import { readTextFile } from './read-text-file.ts';

/** Reads a lab from disk: `file` is its srklab.yml, every path in it is relative to that file's folder. */
export function readLabFrom(file: string): LabReading {
  const known = preparedLab(file);
  if (known !== undefined) return known;
  const folder = dirname(file);
  return readLab(basename(file), path => readTextFile(join(folder, path)));
}
