import type { FileError } from '../../lab-error.ts';
import type { Position } from './config-tree.ts';

/** Collects what is wrong with one configuration. */
export class Findings {
  readonly all: FileError[] = [];
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  error(code: string, at: Position, message: string, expected?: string): void {
    this.add('error', code, at, message, expected);
  }

  warning(code: string, at: Position, message: string, expected?: string): void {
    this.add('warning', code, at, message, expected);
  }

  private add(
    severity: FileError['severity'],
    code: string,
    at: Position,
    message: string,
    expected?: string,
  ): void {
    const error = { code, file: this.file, line: at.line, column: at.column, message, severity };
    this.all.push(expected === undefined ? error : { ...error, expected });
  }
}
