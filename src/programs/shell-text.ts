/** A word as a POSIX shell takes it for one. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function commandText(argv: readonly string[]): string {
  return argv.map(quoted).join(' ');
}

/** A here-document whose text the shell leaves alone. */
export function withInput(command: string, text: string): string {
  return `${command} <<'__END__'\n${text.endsWith('\n') ? text : `${text}\n`}__END__`;
}
