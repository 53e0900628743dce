import type { FileError } from '../lab-error.ts';
import { largestFile } from './file-limits.ts';
import type { Place } from './yaml-text.ts';

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

/** Every file that a reading asked for, read once, with the mistakes found on the way. */
export class Sources {
  readonly texts = new Map<string, string>();
  readonly errors: FileError[] = [];
  readonly warnings: FileError[] = [];
  private readonly source: ReadSource;

  constructor(source: ReadSource) {
    this.source = source;
  }

  /** The text; undefined with an error at the place that names the file. */
  read(path: string, namedIn: string, at: Place): string | undefined {
    const before = this.texts.get(path);
    if (before !== undefined) return before;
    const answer = this.source(path);
    if (typeof answer === 'string') {
      this.texts.set(path, answer);
      return answer;
    }
    this.errors.push({
      code: codes[answer.problem],
      file: namedIn,
      ...at,
      message: problemText(path, answer),
      ...(answer.problem === 'too-large' ? { expected: `at most ${largestFile / 1_048_576} MB` } : {}),
      severity: 'error',
    });
    return undefined;
  }

  /** Sorts findings of a file into errors and warnings. */
  add(findings: readonly FileError[]): void {
    for (const finding of findings)
      (finding.severity === 'error' ? this.errors : this.warnings).push(finding);
  }
}

const codes = {
  missing: 'missing-file',
  unreadable: 'unreadable-file',
  'too-large': 'file-too-large',
  binary: 'binary-file',
} as const;

function problemText(path: string, { problem, because }: FileProblem): string {
  const reason = because === undefined ? '' : `: ${because}`;
  switch (problem) {
    case 'missing':
      return `there is no file ${path}${reason}`;
    case 'unreadable':
      return `${path} cannot be read${reason}`;
    case 'too-large':
      return `${path} is too large to be a lab file${reason}`;
    case 'binary':
      return `${path} holds bytes that are no text${reason}`;
  }
}
