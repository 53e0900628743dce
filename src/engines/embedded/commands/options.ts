/** An option that a program has. A program's other options are refused by name, never passed over. */
export type Option = {
  /** Without dashes; what `value` and `has` ask for. */
  readonly name: string;
  readonly short?: string;
  readonly takesValue?: true;
};

export type Options = {
  readonly words: readonly string[];
  has(name: string): boolean;
  /** The last value given. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
};

export type ReadOptions =
  | { readonly outcome: 'read'; readonly options: Options }
  /** `because` as getopt and pflag say it: 'unknown flag: --foo'. */
  | { readonly outcome: 'refused'; readonly because: string };

/** A flag with a value, a flag without: for lists of options. */
export function valued(name: string, short?: string): Option {
  return { name, takesValue: true, ...(short === undefined ? {} : { short }) };
}

export function flag(name: string, short?: string): Option {
  return { name, ...(short === undefined ? {} : { short }) };
}

/**
 * Reads a program's words: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-it`, `--` before plain words.
 * `untilWord`: what stands behind the first plain word is that word's own (docker exec).
 */
export function readOptions(
  words: readonly string[],
  known: readonly Option[],
  { untilWord = false }: { readonly untilWord?: boolean } = {},
): ReadOptions {
  const plain: string[] = [];
  const given = new Map<string, string[]>();
  const add = (name: string, value: string) => given.set(name, [...(given.get(name) ?? []), value]);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      plain.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      plain.push(word);
      if (!untilWord) continue;
      plain.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const option = known.find(one => one.name === name);
      if (option === undefined) return { outcome: 'refused', because: `unknown flag: --${name}` };
      if (equals >= 0) add(name, word.slice(equals + 1));
      else if (option.takesValue === undefined) add(name, 'true');
      else if (at + 1 < words.length) add(name, words[++at] ?? '');
      else return { outcome: 'refused', because: `flag needs an argument: --${name}` };
      continue;
    }
    for (let letterAt = 1; letterAt < word.length; letterAt++) {
      const letter = word[letterAt] ?? '';
      const option = known.find(one => one.short === letter);
      if (option === undefined)
        return { outcome: 'refused', because: `unknown shorthand flag: '${letter}' in ${word}` };
      if (option.takesValue === undefined) {
        add(option.name, 'true');
        continue;
      }
      const attached = word.slice(letterAt + 1).replace(/^=/, '');
      if (attached !== '') add(option.name, attached);
      else if (at + 1 < words.length) add(option.name, words[++at] ?? '');
      else return { outcome: 'refused', because: `flag needs an argument: '${letter}' in ${word}` };
      break;
    }
  }
  return { outcome: 'read', options: optionsOf(plain, given) };
}

function optionsOf(words: readonly string[], given: ReadonlyMap<string, readonly string[]>): Options {
  const value = (name: string) => given.get(name)?.at(-1);
  return {
    words,
    value,
    values: name => given.get(name) ?? [],
    has: name => value(name) !== undefined && value(name) !== 'false',
  };
}
