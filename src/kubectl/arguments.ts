import { goMilliseconds } from '../kube/go-duration.ts';

/** kubectl's command line, taken apart: options may stand anywhere before `--`. */
export type Arguments = {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** What stands behind `--`. */
  readonly rest: readonly string[];
};

/** Options that take a value; all others are switches. Short names are given their long one. */
const valued: ReadonlySet<string> = new Set([
  'namespace',
  'selector',
  'field-selector',
  'output',
  'filename',
  'kubeconfig',
  'context',
  'cluster',
  'replicas',
  'patch',
  'type',
  'container',
  'tail',
  'since',
  'timeout',
  'grace-period',
  'for',
  'sort-by',
  'label-columns',
  'labels',
  'tcp',
  'revision',
  'restart',
  'external-ip',
  'max-log-requests',
  'field-manager',
  'image',
  'port',
  'target-port',
  'name',
  'cascade',
  'to-revision',
  'current-replicas',
  'pod-selector',
  'request-timeout',
  'v',
]);

const shortNames: Readonly<Record<string, string>> = {
  n: 'namespace',
  l: 'selector',
  o: 'output',
  f: 'filename',
  k: 'kustomize',
  p: 'patch',
  c: 'container',
  A: 'all-namespaces',
  w: 'watch',
  i: 'stdin',
  t: 'tty',
  q: 'quiet',
  v: 'v',
  L: 'label-columns',
};

/** `kubectl logs` has short names of its own. */
const logsShortNames: Readonly<Record<string, string>> = { ...shortNames, f: 'follow', p: 'previous' };

export function readArguments(words: readonly string[]): Arguments {
  const plain: string[] = [];
  const options = new Map<string, string[]>();
  const add = (name: string, value: string) => options.set(name, [...(options.get(name) ?? []), value]);
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const names = before.includes('logs') ? logsShortNames : shortNames;
  for (let i = 0; i < before.length; i++) {
    const word = before[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      plain.push(word);
      continue;
    }
    const { name, value, more } = optionOf(word, names);
    for (const each of more) add(each, 'true');
    if (value !== undefined) add(name, value);
    else if (valued.has(name)) add(name, before[++i] ?? '');
    else add(name, 'true');
  }
  return { words: plain, options, rest: end < 0 ? [] : words.slice(end + 1) };
}

/** The last value of an option. */
export function optionOfName(args: Arguments, name: string): string | undefined {
  return args.options.get(name)?.at(-1);
}

/** Milliseconds of an option whose value is a Go duration. */
export function durationOfName(args: Arguments, name: string): number | undefined {
  return goMilliseconds(optionOfName(args, name));
}

export function hasOption(args: Arguments, name: string): boolean {
  const value = optionOfName(args, name);
  return value !== undefined && value !== 'false';
}

/** "--name=value", "--name", "-nvalue", "-n", "-it": the name, its value where it is attached, switches before it. */
function optionOf(
  word: string,
  names: Readonly<Record<string, string>>,
): { readonly name: string; readonly value: string | undefined; readonly more: readonly string[] } {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    return equals < 0
      ? { name: word.slice(2), value: undefined, more: [] }
      : { name: word.slice(2, equals), value: word.slice(equals + 1), more: [] };
  }
  const more: string[] = [];
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] ?? '';
    const name = names[letter] ?? letter;
    const attached = word.slice(i + 1).replace(/^=/, '');
    if (valued.has(name)) return { name, value: attached === '' ? undefined : attached, more };
    if (i === word.length - 1) return { name, value: undefined, more };
    more.push(name);
  }
  return { name: word, value: undefined, more };
}
