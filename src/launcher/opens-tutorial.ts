const optionsWithValue = ['-c', '--config', '--lab', '--lessons'];
const plainOptions = ['--plain', '--help', '-h', '--version', '--json'];

/** Whether this command line will fill the screen, as far as can be said before the program is loaded. */
export function opensTutorial(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  onTerminal: boolean,
): boolean {
  if (!onTerminal || environment['TERM'] === 'dumb' || environment['INK_SCREEN_READER'] === 'true')
    return false;
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (plainOptions.includes(argument)) return false;
    if (optionsWithValue.includes(argument)) index++;
    else if (!argument.startsWith('-')) return argument === 'learn';
  }
  return true;
}
