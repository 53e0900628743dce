import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bug, type ExitCode, environment, ok, usage } from './exit-codes.ts';
import { helpText } from './help.ts';
import { parseArguments } from './parse-arguments.ts';
import type { ProgramIo } from './program-io.ts';

/** Runs the command that the arguments ask for. Settles with the exit code, whatever happens. */
export async function runProgram(argv: readonly string[], io: ProgramIo): Promise<ExitCode> {
  const output = watchOutput(io);
  const code = await Promise.race([runCommand(argv, io), output.lost]);
  // A file or a terminal tells in the next turn that it could not be written.
  await new Promise(resolve => setImmediate(resolve));
  return output.code() ?? code;
}

async function runCommand(argv: readonly string[], io: ProgramIo): Promise<ExitCode> {
  try {
    const parsed = parseArguments(argv);
    switch (parsed.outcome) {
      case 'version':
        io.stdout.write(`${versionOf(io.packageFolder)}\n`);
        return ok;
      case 'help':
        io.stdout.write(helpText(parsed.spec));
        return ok;
      case 'mistake': {
        const verb = parsed.spec === undefined ? '' : ` ${parsed.spec.name}`;
        io.stderr.write(`srklab-tutor: ${parsed.message}\nTry: srklab-tutor${verb} --help\n`);
        return usage;
      }
      case 'command': {
        const { run } = await parsed.spec.load();
        return await run(parsed.args, io);
      }
    }
  } catch (error) {
    io.stderr.write(bugText(error, io));
    return bug;
  }
}

/** Whoever reads our output may go (`| head`): that ends in silence. Where it cannot be written (a full disk), that is said. */
function watchOutput(io: ProgramIo): {
  readonly lost: Promise<ExitCode>;
  readonly code: () => ExitCode | undefined;
} {
  let code: ExitCode | undefined;
  const lost = new Promise<ExitCode>(resolve => {
    for (const stream of [io.stdout, io.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        const gone = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
        if (!gone && stream === io.stdout) io.stderr.write(`srklab-tutor: cannot write: ${error.message}\n`);
        code ??= gone ? ok : environment;
        resolve(code);
      });
    }
  });
  return { lost, code: () => code };
}

export function versionOf(packageFolder: string): string {
  const parsed: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed
    ? String(parsed.version)
    : 'unknown';
}

/** What a learner reads about our mistake; the stack only for who asks. */
function bugText(error: unknown, io: ProgramIo): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && io.env['SRKLAB_DEBUG'] === '1' ? `\n${error.stack}\n` : '';
  return [
    `srklab-tutor met a bug in itself: ${message}`,
    'Your progress is kept. Please report it with the command you typed and these words;',
    'with SRKLAB_DEBUG=1 in the environment it says more.',
    stack,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
