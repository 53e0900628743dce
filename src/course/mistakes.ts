import type { FileError } from '../lab/lab-error.ts';

/** A position in a lesson file, both counted from 1. */
export type Place = { readonly line: number; readonly column: number };

/** Collects an author's mistakes in one file. */
export type Mistakes = {
  readonly found: FileError[];
  add(place: Place, code: string, message: string, expected?: string): void;
};

export function mistakesIn(file: string): Mistakes {
  const found: FileError[] = [];
  return {
    found,
    add(place, code, message, expected) {
      found.push({
        code,
        file,
        line: place.line,
        column: place.column,
        message,
        ...(expected !== undefined && { expected }),
        severity: 'error',
      });
    },
  };
}
