import { NotHere, unrolled } from './loops.ts';

/** A line as a shell reads it: pipelines joined with `&&`, `||` or `;`. */
export type CommandLine = readonly Pipeline[];

export type Pipeline = {
  /** When it runs: whatever the one before said, only after success, only after failure. */
  readonly when: 'always' | 'success' | 'failure';
  /** Words of each program, quotes removed. */
  readonly programs: readonly (readonly string[])[];
};

export type ReadCommandLine =
  | { readonly outcome: 'read'; readonly line: CommandLine }
  | { readonly outcome: 'refused'; readonly because: string };

type Token = { readonly kind: 'word' | 'operator'; readonly text: string };

/** Reads a line: words, single and double quotes, backslash, comments, line continuations, loops over words. What a shell has beyond that is refused by name. */
export function readCommandLine(text: string): ReadCommandLine {
  let plain: string;
  try {
    plain = unrolled(text.replace(/\\\n/g, ' '));
  } catch (error) {
    if (error instanceof NotHere) return { outcome: 'refused', because: error.message };
    throw error;
  }
  const tokens = tokenize(plain);
  if (typeof tokens === 'string') return { outcome: 'refused', because: tokens };
  const line: Pipeline[] = [];
  let when: Pipeline['when'] = 'always';
  let programs: string[][] = [[]];
  const finish = (): string | undefined => {
    if (programs.length === 1 && programs[0]?.length === 0) return undefined;
    if (programs.some(words => words.length === 0)) return 'a command is missing beside "|"';
    line.push({ when, programs });
    return undefined;
  };
  for (const token of tokens) {
    if (token.kind === 'word') {
      programs.at(-1)?.push(token.text);
      continue;
    }
    if (token.text === '|') {
      programs.push([]);
      continue;
    }
    const unsupported = UNSUPPORTED.get(token.text);
    if (unsupported !== undefined) return { outcome: 'refused', because: unsupported };
    if (programs[0]?.length === 0 && token.text !== ';' && token.text !== '\n')
      return { outcome: 'refused', because: `a command is missing before "${token.text}"` };
    const problem = finish();
    if (problem !== undefined) return { outcome: 'refused', because: problem };
    when = token.text === '&&' ? 'success' : token.text === '||' ? 'failure' : 'always';
    programs = [[]];
  }
  const problem = finish();
  return problem === undefined ? { outcome: 'read', line } : { outcome: 'refused', because: problem };
}

const UNSUPPORTED: ReadonlyMap<string, string> = new Map(
  ['>', '>>', '<', '<<', '2>', '&>', '<<<'].map(text => [
    text,
    `redirection (${text}) needs a real shell; here commands only print`,
  ]),
);

const OPERATORS = ['&&', '||', '<<<', '<<', '>>', '2>', '&>', '|', ';', '\n', '>', '<'];

function tokenize(text: string): Token[] | string {
  const tokens: Token[] = [];
  let word: string | undefined;
  const end = () => {
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    word = undefined;
  };
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? '';
    const operator = OPERATORS.find(one => text.startsWith(one, at));
    if (operator !== undefined && !(operator === '2>' && word !== undefined)) {
      end();
      tokens.push({ kind: 'operator', text: operator });
      at += operator.length;
    } else if (char === ' ' || char === '\t' || char === '\r') {
      end();
      at++;
    } else if (char === '#' && word === undefined) {
      const newline = text.indexOf('\n', at);
      at = newline < 0 ? text.length : newline;
    } else if (char === "'") {
      const close = text.indexOf("'", at + 1);
      if (close < 0) return "a single quote (') is not closed";
      word = (word ?? '') + text.slice(at + 1, close);
      at = close + 1;
    } else if (char === '"') {
      const read = doubleQuoted(text, at + 1);
      if (read === undefined) return 'a double quote (") is not closed';
      word = (word ?? '') + read.value;
      at = read.next;
    } else if (char === '\\') {
      word = (word ?? '') + (text[at + 1] ?? '');
      at += 2;
    } else {
      word = (word ?? '') + char;
      at++;
    }
  }
  end();
  return tokens;
}

function doubleQuoted(text: string, from: number): { value: string; next: number } | undefined {
  let value = '';
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') return { value, next: at + 1 };
    if (char === '\\' && '"\\$`'.includes(text[at + 1] ?? ' ')) value += text[++at] ?? '';
    else value += char;
  }
  return undefined;
}
