import type { OutputChunk } from '../../lab/engine.ts';
import { NOT_FOUND } from '../../lab/exit-code.ts';
import { splitLine } from './words.ts';

/** What a typed command prints to, and what ends it early. */
export type Typed = {
  readonly signal: AbortSignal | undefined;
  readonly print: (chunk: OutputChunk) => void;
};

/** How an engine answers: one command of the line, and a filter behind a `|` with the output so far. */
export type Answers<C extends Typed> = {
  readonly program: (words: readonly string[], context: C) => Promise<number> | number;
  readonly filter: (
    argv: readonly string[],
    options: { readonly input: string; readonly signal: AbortSignal | undefined },
  ) => Promise<{ readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string }>;
};

/** What may stand behind a `|`: run for real, on the learner's machine, with nothing but the output of the lab. */
const filters = new Set([
  ...['grep', 'egrep', 'head', 'tail', 'wc', 'sort', 'uniq', 'cut', 'awk', 'sed', 'jq', 'column'],
]);

/** Commands as a learner types them, one after the other until one fails. Returns the exit code. */
export async function runTypedLine<C extends Typed>(
  line: string,
  context: C,
  answers: Answers<C>,
): Promise<number> {
  let exitCode = 0;
  for (const each of line.split(/\n|&&|;(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/)) {
    if (each.trim() === '' || each.trim().startsWith('#')) continue;
    exitCode = await pipeline(each, context, answers);
    if (exitCode !== 0) return exitCode;
  }
  return exitCode;
}

/** Says on the error output what is wrong; returns the exit code. */
export function complain({ print }: Pick<Typed, 'print'>, text: string, code: number): number {
  print({ stream: 'stderr', text: `${text}\n` });
  return code;
}

async function pipeline<C extends Typed>(line: string, context: C, answers: Answers<C>): Promise<number> {
  const programs = splitLine(line);
  if (programs === undefined) return complain(context, `${line}: a quote is not closed`, 2);
  const [first = [], ...rest] = programs;
  const unknown = rest.find(([name = '']) => !filters.has(name));
  if (unknown !== undefined)
    return complain(
      context,
      `${unknown[0] ?? ''}: not known behind "|"; known there: ${[...filters].join(', ')}`,
      NOT_FOUND,
    );
  if (rest.length === 0) return answers.program(first, context);
  let text = '';
  let exitCode = await answers.program(first, {
    ...context,
    print: chunk => {
      if (chunk.stream === 'stdout') text += chunk.text;
      else context.print(chunk);
    },
  });
  for (const words of rest) {
    const result = await answers.filter(words, { input: text, signal: context.signal });
    if (result.stderr !== '') context.print({ stream: 'stderr', text: result.stderr });
    text = result.stdout;
    exitCode = result.exitCode ?? 1;
  }
  context.print({ stream: 'stdout', text });
  return exitCode;
}
