/** As in the command table, which is part of the program that is not loaded yet; a test compares them. */
export const optionsWithValue = ['-c', '--config', '--lab', '--lessons', '--record', '--seed', '--theme'];
const plainOptions = ['--plain', '--help', '-h', '--version', '-v', '-V'];

/** Whether this command line will fill the screen, as far as can be said before the program is loaded. */
export function opensTutorial(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  onTerminal: boolean,
): boolean {
  if (!onTerminal || environment['TERM'] === 'dumb' || environment['INK_SCREEN_READER'] === 'true')
    return false;
  let verb: string | undefined;
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (plainOptions.includes(argument)) return false;
    if (optionsWithValue.includes(argument)) index++;
    else if (!argument.startsWith('-')) verb ??= argument;
  }
  return verb === undefined || verb === 'learn';
}
