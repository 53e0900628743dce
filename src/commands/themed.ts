import type { Arguments } from './command-table.ts';
import type { ProgramIo } from './program-io.ts';

/** `--theme` on the command line goes before what the environment says. */
export function themed(args: Arguments, io: ProgramIo): ProgramIo {
  const theme = args.values['theme'];
  return theme === undefined ? io : { ...io, env: { ...io.env, SRKLAB_THEME: theme } };
}
