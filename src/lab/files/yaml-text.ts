import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { FileError } from '../lab-error.ts';
import { largestFile } from './file-limits.ts';

/** One YAML document as plain values, with the places they were written at. */
export type YamlDocument = {
  readonly value: unknown;
  /** The place of the value at the path; of the nearest thing above it where there is none. With 'key', of the key itself. */
  readonly at: (path: readonly PathPart[], part?: 'key' | 'value') => Place;
};

export type PathPart = string | number;

/** Counting from 1. */
export type Place = { readonly line: number; readonly column: number };

export type YamlReading = {
  readonly documents: readonly YamlDocument[];
  readonly errors: readonly FileError[];
};

/** Reads YAML or JSON. Documents with syntax errors are left out; what is too large, binary or nested too deeply is refused whole. */
export function readYaml(text: string, file: string): YamlReading {
  const refusal = refuseText(text, file);
  if (refusal !== undefined) return { documents: [], errors: [refusal] };
  const lines = new LineCounter();
  let parsed: Document[];
  try {
    parsed = [
      ...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true }),
    ] as Document[];
  } catch (error) {
    return { documents: [], errors: [tooDeep(file, error)] };
  }
  const documents: YamlDocument[] = [];
  const errors: FileError[] = [];
  for (const document of parsed) {
    for (const error of document.errors) {
      const { line, col } = lines.linePos(error.pos[0]);
      errors.push({
        code: error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'broken-yaml',
        file,
        line: Math.max(1, line),
        column: Math.max(1, col),
        message:
          error.code === 'DUPLICATE_KEY'
            ? 'this key stands here twice'
            : `this is no YAML: ${sentence(error.message)}`,
        severity: 'error',
      });
    }
    if (document.errors.length > 0) continue;
    try {
      documents.push({ value: document.toJS({ maxAliasCount: 1000 }), at: locate(document, lines) });
    } catch (error) {
      errors.push(tooDeep(file, error));
    }
  }
  return { documents, errors };
}

/** Why a text is not read at all: too large or no text. */
export function refuseText(text: string, file: string): FileError | undefined {
  const refuse = (code: string, message: string, expected: string): FileError => ({
    code,
    file,
    line: 1,
    column: 1,
    message,
    expected,
    severity: 'error',
  });
  if (text.length > largestFile)
    return refuse(
      'file-too-large',
      `the file has ${(text.length / 1_048_576).toFixed(1)} MB`,
      `at most ${largestFile / 1_048_576} MB`,
    );
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]/.test(text))
    return refuse('binary-file', 'the file holds bytes that are no text', 'text in UTF-8');
  return undefined;
}

function locate(document: Document, lines: LineCounter): YamlDocument['at'] {
  return (path, part = 'value') => {
    let node: unknown = document.contents;
    let offset = startOf(node) ?? 0;
    for (const [depth, name] of path.entries()) {
      let key: unknown;
      if (isMap(node)) {
        const pair = node.items.find(
          item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(name),
        );
        if (pair === undefined) break;
        key = pair.key;
        node = pair.value;
      } else if (isSeq(node)) node = node.items[Number(name)];
      else break;
      const last = depth === path.length - 1;
      offset = (last && part === 'key' ? startOf(key) : undefined) ?? startOf(node) ?? startOf(key) ?? offset;
    }
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function tooDeep(file: string, error: unknown): FileError {
  const aliases = error instanceof ReferenceError;
  return {
    code: 'broken-yaml',
    file,
    line: 1,
    column: 1,
    message: aliases
      ? 'the file uses its aliases too often, or one that is not defined'
      : 'the file is nested too deeply',
    severity: 'error',
  };
}

function sentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}
