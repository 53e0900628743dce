import { processIo } from './commands/program-io.ts';
import { runProgram } from './commands/run-program.ts';

/**
 * Runs srklab-tutor with the arguments after its name; settles with the exit code and never rejects. `packageFolder` is where
 * package.json, the lab and the lessons that ship with the program are.
 */
export function main(
  argv: readonly string[],
  { packageFolder }: { readonly packageFolder: string },
): Promise<number> {
  return runProgram(argv, processIo(packageFolder));
}
