import { lastLines, runProgram } from '../programs/run-program.ts';
import { commandText } from '../programs/shell-text.ts';
import type { DoctorRow } from './doctor.ts';
import type { ProgramIo } from './program-io.ts';
import { confirmed } from './real-lab.ts';

/** Runs what mends rows and can hurt nothing, after asking. False when nothing was run. */
export async function mend(rows: readonly DoctorRow[], io: ProgramIo, unasked: boolean): Promise<boolean> {
  const fixes = rows.flatMap(({ verdict, safeFix }) => (verdict === 'ok' ? [] : (safeFix ?? [])));
  if (fixes.length === 0) {
    io.stderr.write('There is nothing that could be mended without you.\n');
    return false;
  }
  io.stderr.write(`These would be run:\n${fixes.map(argv => `  ${commandText(argv)}`).join('\n')}\n`);
  const answer = unasked || (await confirmed(io, 'Run them?'));
  if (answer !== true) {
    if (answer === undefined) io.stderr.write('Nobody here to ask; with --yes they are run.\n');
    return false;
  }
  for (const argv of fixes) {
    if (io.interrupted.aborted) break;
    io.stderr.write(`${commandText(argv)}\n`);
    const result = await runProgram(argv, { timeout: 3_600_000, signal: io.interrupted });
    if (result.exitCode !== 0)
      io.stderr.write(`  ${result.problem ?? `exit code ${result.exitCode}`}: ${lastLines(result, 1)}\n`);
  }
  return true;
}
