import { NOT_FOUND } from '../../../../lab/exit-code.ts';
import type { Pipeline } from '../../../../shell/command-line.ts';
import { runLine as runShellLine } from '../../../../shell/run-line.ts';
import type { CommandContext } from '../../command-port.ts';
import type { Command, Terminal } from '../command.ts';
import { filters } from './filters.ts';

/** Runs a line as a shell would: programs of the registry, then filters behind pipes. Resolves with the last exit code. */
export function runLine(
  text: string,
  programs: ReadonlyMap<string, Command>,
  terminal: Terminal,
): Promise<number> {
  return runShellLine(text, {
    run: pipeline => runPipeline(pipeline, programs, terminal),
    cancelled: () => terminal.context.signal?.aborted === true,
    err: terminal.err,
  });
}

async function runPipeline(
  pipeline: Pipeline['programs'],
  programs: ReadonlyMap<string, Command>,
  terminal: Terminal,
): Promise<number> {
  const [first = [], ...rest] = pipeline;
  const unknown = rest.find(words => !filters.has(words[0] ?? ''));
  if (unknown !== undefined) {
    const known = [...filters.keys()].join(', ');
    terminal.err(`${unknown[0]}: not known behind "|"; known there: ${known}`);
    return NOT_FOUND;
  }
  if (rest.length === 0) return runProgram(first, programs, terminal);
  let lines: string[] = [];
  let exitCode = await runProgram(first, programs, {
    ...terminal,
    out: line => {
      lines.push(...line.split('\n'));
    },
  });
  for (const words of rest) {
    const filtered = filters.get(words[0] ?? '')?.(words.slice(1), lines);
    if (filtered === undefined) break;
    if (filtered.complaint !== undefined) terminal.err(filtered.complaint);
    lines = [...filtered.lines];
    exitCode = filtered.exitCode;
  }
  for (const line of lines) terminal.out(line);
  return exitCode;
}

/** Runs one program by its words. */
export async function runProgram(
  words: readonly string[],
  programs: ReadonlyMap<string, Command>,
  terminal: Terminal,
): Promise<number> {
  const [name = '', ...rest] = words[0] === 'sudo' && words.length > 1 ? words.slice(1) : words;
  const command = programs.get(name);
  if (command !== undefined) return command.run(rest, terminal);
  terminal.err(`${name}: command not found in the embedded lab`);
  terminal.err(
    `It knows: ${[...programs.values()]
      .filter(({ hidden }) => hidden !== true)
      .map(one => one.name)
      .join(', ')}.`,
  );
  if (terminal.host === undefined)
    terminal.err('On a host of the lab: docker exec <host> ping, traceroute, ip, curl, sr_cli, …');
  return NOT_FOUND;
}

export function terminalFor(context: CommandContext, host: string | undefined): Terminal {
  return {
    context,
    host,
    out: line => context.print({ stream: 'stdout', text: `${line}\n` }),
    err: line => context.print({ stream: 'stderr', text: `${line}\n` }),
    wait: milliseconds => waitFor(context, milliseconds),
  };
}

function waitFor({ world, signal }: CommandContext, milliseconds: number): Promise<boolean> {
  return new Promise(resolve => {
    if (signal?.aborted === true) {
      resolve(false);
      return;
    }
    const cancelled = () => {
      world.cancel(task);
      resolve(false);
    };
    const task = world.schedule(milliseconds, () => {
      signal?.removeEventListener('abort', cancelled);
      resolve(true);
    });
    signal?.addEventListener('abort', cancelled, { once: true });
  });
}
