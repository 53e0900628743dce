import type { OutputChunk } from '../../lab/engine.ts';
import { NOT_FOUND } from '../../lab/exit-code.ts';
import { builtins } from '../../shell/builtins.ts';
import type { Pipeline } from '../../shell/command-line.ts';
import { filteredFiles, listFiles, printFiles } from '../../shell/lab-files.ts';
import { runLine } from '../../shell/run-line.ts';
import { pause } from './pause.ts';

/** What a typed command prints to, and what ends it early. */
export type Typed = {
  readonly signal: AbortSignal | undefined;
  readonly print: (chunk: OutputChunk) => void;
};

/** How an engine answers: one command of the line, and a filter behind a `|` with the output so far. */
export type Answers<C extends Typed> = {
  readonly program: (words: readonly string[], context: C) => Promise<number> | number;
  /** The lab’s files, where the line is typed on the learner’s own machine. */
  readonly files: ReadonlyMap<string, string> | undefined;
  readonly filter: (
    argv: readonly string[],
    options: { readonly input: string; readonly signal: AbortSignal | undefined },
  ) => Promise<{ readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string }>;
};

/** What may stand behind a `|`: run for real, on the learner's machine, with nothing but the output of the lab. */
const filters = new Set([
  ...['grep', 'egrep', 'head', 'tail', 'wc', 'sort', 'uniq', 'cut', 'awk', 'sed', 'jq', 'column'],
]);

/** A line as a learner types it: pipelines, their joints, loops. Resolves with the exit code. */
export function runTypedLine<C extends Typed>(
  line: string,
  context: C,
  answers: Answers<C>,
): Promise<number> {
  return runLine(line, {
    run: programs => pipeline(programs, context, answers),
    cancelled: () => context.signal?.aborted === true,
    err: text => complain(context, text, 1),
  });
}

/** Says on the error output what is wrong; returns the exit code. */
export function complain({ print }: Pick<Typed, 'print'>, text: string, code: number): number {
  print({ stream: 'stderr', text: `${text}\n` });
  return code;
}

/** Prints line by line. */
export function printerOf({ print }: Pick<Typed, 'print'>) {
  return {
    out: (line: string) => print({ stream: 'stdout', text: `${line}\n` }),
    err: (line: string) => print({ stream: 'stderr', text: `${line}\n` }),
  };
}

async function pipeline<C extends Typed>(
  [first = [], ...rest]: Pipeline['programs'],
  context: C,
  answers: Answers<C>,
): Promise<number> {
  const unknown = rest.find(([name = '']) => !filters.has(name));
  if (unknown !== undefined)
    return complain(
      context,
      `${unknown[0] ?? ''}: not known behind "|"; known there: ${[...filters].join(', ')}`,
      NOT_FOUND,
    );
  const program = (typed: C) =>
    builtin(first, typed) ?? onFiles(first, typed, answers) ?? answers.program(first, typed);
  if (rest.length === 0) return program(context);
  let text = '';
  let exitCode = await program({
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

/** What a shell does itself; undefined for a program. */
function builtin([name = '', ...words]: readonly string[], context: Typed) {
  if (!Object.hasOwn(builtins, name)) return undefined;
  const wait = (milliseconds: number) => pause(milliseconds, context.signal);
  return builtins[name as keyof typeof builtins](words, { ...printerOf(context), wait });
}

/** What lists, prints or looks through the lab’s files; undefined for another program. */
function onFiles<C extends Typed>(
  [name = '', ...words]: readonly string[],
  context: C,
  { files, filter }: Answers<C>,
): Promise<number> | number | undefined {
  if (files === undefined) return undefined;
  const printer = printerOf(context);
  if (name === 'ls') return listFiles(words, files, printer);
  if (name === 'cat') return printFiles(words, files, printer);
  if (!filters.has(name)) return undefined;
  const found = filteredFiles([name, ...words], files);
  if (typeof found === 'string') return complain(context, found, 2);
  const input = found.lines.map(line => `${line}\n`).join('');
  return filter([name, ...found.options], { input, signal: context.signal }).then(result => {
    context.print({ stream: 'stdout', text: result.stdout });
    if (result.stderr !== '') context.print({ stream: 'stderr', text: result.stderr });
    return result.exitCode ?? 1;
  });
}
