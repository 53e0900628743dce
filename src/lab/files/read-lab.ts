import type { Lab } from '../lab.ts';
import type { FileError } from '../lab-error.ts';

/**
 * Gives the text of a file, path relative to the folder of srklab.yml and normalized ("fabric/LEAF-DC-1.cfg", never
 * "./fabric/…"), or says why not. Files are read at the rim; a Map of texts works as `path => map.get(path) ?? missing`.
 */
export type ReadSource = (path: string) => string | FileProblem;

export type FileProblem = {
  readonly problem: 'missing' | 'unreadable' | 'too-large' | 'binary';
  /** The system's words where there are some ("EACCES: permission denied"). */
  readonly because?: string;
};

/** The largest file that is read, in bytes. The rim looks at the size first and answers `too-large` without reading. */
export const largestFile = 1_048_576;

export type LabReading =
  | { readonly outcome: 'read'; readonly lab: Lab; readonly warnings: readonly FileError[] }
  | {
      readonly outcome: 'refused';
      /** At least one; sorted by file, then position. */
      readonly errors: readonly FileError[];
      readonly warnings: readonly FileError[];
      /** What was read, for excerpts. */
      readonly files: ReadonlyMap<string, string>;
    };

/** Reads srklab.yml at `path` and everything it names into one Lab. Collects the mistakes of all files in one go. */
export function readLab(_path: string, _source: ReadSource): LabReading {
  throw new Error('not written yet');
}
