import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
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
  if (bracketDepth(text) > 200) return { documents: [], errors: [tooDeep(file)] };
  try {
    const strict = parse(text, file);
    if (strict.errors.length === 0) return strict;
    const lenient = parse(indentQuotedLines(text), file);
    return lenient.errors.length === 0 ? lenient : strict;
  } catch (error) {
    return { documents: [], errors: [unreadable(file, error)] };
  }
}

function parse(text: string, file: string): YamlReading {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const documents: YamlDocument[] = [];
  const errors: FileError[] = [];
  for (const document of [...parsed] as Document[]) {
    if (document.errors.some(error => error.code === 'RESOURCE_EXHAUSTION'))
      return { documents: [], errors: [tooDeep(file)] };
    const doubled = document.errors.filter(error => error.code === 'DUPLICATE_KEY');
    // After the first mistake in the syntax the others are mostly its echo.
    const broken = document.errors.find(error => error.code !== 'DUPLICATE_KEY');
    for (const error of [...doubled, ...(broken === undefined ? [] : [broken])])
      errors.push(syntaxError(error, lines, file));
    if (document.errors.length === 0)
      documents.push({ value: document.toJS({ maxAliasCount: 1000 }), at: locate(document, lines) });
    if (broken !== undefined) break;
  }
  return { documents, errors };
}

/** How deep brackets stand in one another. The parser recurses into them, slowly, until the stack ends. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 91 || code === 123) deepest = Math.max(deepest, ++depth);
    else if (code === 93 || code === 125) depth--;
  }
  return deepest;
}

function syntaxError(error: YAMLError, lines: LineCounter, file: string): FileError {
  const { line, col } = lines.linePos(error.pos[0]);
  const doubled = error.code === 'DUPLICATE_KEY';
  return {
    code: doubled ? 'duplicate-key' : 'broken-yaml',
    file,
    line: Math.max(1, line),
    column: Math.max(1, col),
    message: doubled ? 'this key stands here twice' : sentence(error.message),
    severity: 'error',
  };
}

/**
 * Quoted texts over several lines must be indented deeper than their key, but kubectl's parser does not insist and people
 * paste JSON that way. Indentation inside them means nothing, so deepening it changes nothing else.
 */
function indentQuotedLines(text: string): string {
  let closing: RegExp | undefined;
  let indentation = '';
  return text
    .split('\n')
    .map(line => {
      if (closing !== undefined) {
        if (closing.test(line)) closing = undefined;
        return indentation + line.trimStart();
      }
      const opened = /^(\s*(?:- )*)[\w./-]+:\s+(?:'(?!.*')|"(?!.*"))/.exec(line);
      if (opened !== null) {
        closing = line.includes("'") ? /'\s*$/ : /"\s*$/;
        indentation = ' '.repeat((opened[1]?.length ?? 0) + 2);
      }
      return line;
    })
    .join('\n');
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

function unreadable(file: string, error: unknown): FileError {
  if (!(error instanceof ReferenceError)) return tooDeep(file);
  return { ...tooDeep(file), message: 'the file uses its aliases too often, or one that is not defined' };
}

function tooDeep(file: string): FileError {
  return {
    code: 'broken-yaml',
    file,
    line: 1,
    column: 1,
    message: 'the file is nested too deeply',
    severity: 'error',
  };
}

function sentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return `this is no YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`;
}
