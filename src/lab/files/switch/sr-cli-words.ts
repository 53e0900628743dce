/** What stands behind `sr_cli`: options, and lines as they would be typed at its prompt. */
export type SrCliWords = {
  readonly candidate: boolean;
  readonly commit: boolean;
  /** An option that is none. */
  readonly unknown?: string;
  readonly lines: readonly string[];
};

/** Each argument, line or part between semicolons is one line. */
export function readSrCliWords(words: readonly string[]): SrCliWords {
  let candidate = false;
  let commit = false;
  let at = 0;
  for (; at < words.length && words[at]?.startsWith('-') === true; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (word === '--candidate-mode') candidate = true;
    else if (word === '--commit-at-end') commit = true;
    else if (/^-[dec]+$/.test(word)) {
      if (word.includes('e')) candidate = true;
      if (word.includes('c')) commit = true;
    } else return { candidate, commit, unknown: word, lines: [] };
  }
  const text = joined(words.slice(at));
  const lines = text
    .split(/[\n;]/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  return { candidate, commit, lines };
}

/** `sr_cli show version` is one line; quoted arguments are one line each. */
function joined(words: readonly string[]): string {
  return words.some(word => word.includes(' ')) ? words.join('\n') : words.join(' ');
}
