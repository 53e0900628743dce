import type { Position } from './config-tree.ts';

export type Token = {
  readonly kind: 'word' | '{' | '}' | '[' | ']' | 'newline';
  readonly text: string;
  readonly at: Position;
};

/**
 * Splits a configuration into words, brackets and line ends. `#` and `!` at the start of a line begin a comment. Quotes keep
 * blanks together. A list in square brackets may go over several lines.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let inList = false;
  text.split(/\r\n|\n|\r/).forEach((line, index, lines) => {
    const before = tokens.length;
    tokenizeLine(line, index + 1, tokens);
    for (const token of tokens.slice(before)) inList = token.kind === '[' || (inList && token.kind !== ']');
    // A list that is never closed must not swallow the statements behind it.
    if (inList && /^\s*(set|delete)\s+\//.test(lines[index + 1] ?? 'set /')) inList = false;
    if (!inList) tokens.push({ kind: 'newline', text: '', at: { line: index + 1, column: line.length + 1 } });
  });
  return tokens;
}

function tokenizeLine(line: string, number: number, tokens: Token[]): void {
  if (/^\s*[#!]/.test(line)) return;
  let i = 0;
  while (i < line.length) {
    const char = line[i] ?? '';
    const at = { line: number, column: i + 1 };
    if (char === ' ' || char === '\t') {
      i++;
    } else if (char === '{' || char === '}' || char === '[' || char === ']') {
      tokens.push({ kind: char, text: char, at });
      i++;
    } else if (char === '"') {
      const { value, end } = quoted(line, i);
      tokens.push({ kind: 'word', text: value, at });
      i = end;
    } else {
      let end = i;
      while (end < line.length && !/[ \t{}[\]]/.test(line[end] ?? '')) end++;
      tokens.push({ kind: 'word', text: line.slice(i, end), at });
      i = end;
    }
  }
}

/** The text between the quotes; a missing closing quote ends with the line. */
function quoted(line: string, start: number): { value: string; end: number } {
  let value = '';
  let i = start + 1;
  while (i < line.length && line[i] !== '"') {
    if (line[i] === '\\' && i + 1 < line.length) i++;
    value += line[i];
    i++;
  }
  return { value, end: i + 1 };
}
