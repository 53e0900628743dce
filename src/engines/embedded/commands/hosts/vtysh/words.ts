/**
 * Reads a line as vtysh does: every word may be shortened as long as it is clear. In a pattern `[x]` may be left out, `a|b` are
 * alternatives and `<name>` takes any word. Undefined: the line is something else.
 */
export function matched(pattern: string, line: string): Readonly<Record<string, string>> | undefined {
  return along(pattern.split(' '), line.split(/\s+/).filter(Boolean), {});
}

function along(
  pattern: readonly string[],
  words: readonly string[],
  found: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const [part, ...rest] = pattern;
  if (part === undefined) return words.length === 0 ? found : undefined;
  const optional = part.startsWith('[');
  const core = optional ? part.slice(1, -1) : part;
  const [word, ...more] = words;
  if (word !== undefined) {
    const takes = taken(core, word);
    const result = takes === undefined ? undefined : along(rest, more, { ...found, ...takes });
    if (result !== undefined) return result;
  }
  return optional ? along(rest, words, found) : undefined;
}

function taken(core: string, word: string): Record<string, string> | undefined {
  const placeholder = /^<(\w+)>$/.exec(core)?.[1];
  if (placeholder !== undefined) return { [placeholder]: word };
  const choice = core.split('|').find(one => one.startsWith(word));
  return choice === undefined ? undefined : { [choice]: choice };
}
