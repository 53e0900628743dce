import { nearest } from '../lab/nearest.ts';
import type { Mistakes } from './mistakes.ts';

/** A fenced block that does something, before its content is read. */
export type LiveBlock = {
  readonly name: LiveBlockName;
  readonly options: ReadonlyMap<string, string>;
  readonly content: string;
  /** Line of the opening fence, and of the first line inside. */
  readonly line: number;
  readonly contentLine: number;
};

const optionsOf = {
  run: ['on', 'cluster', 'expect'],
  stage: [],
  predict: [],
  break: [],
  heal: [],
  watch: [],
  check: ['within'],
  hint: [],
  solution: [],
  notes: ['minutes'],
} as const satisfies Record<string, readonly string[]>;

export type LiveBlockName = keyof typeof optionsOf;

export const liveBlockNames = Object.keys(optionsOf) as readonly LiveBlockName[];

/** Info strings that are plain examples, to be shown as they are. */
const plainNames = ['', 'text', 'yaml', 'json', 'sh', 'bash', 'console', 'ini'];

/** Reads a fence's info string; undefined for a plain example (or, noted, for a name that is neither). */
export function readLiveBlock(
  info: string,
  content: string,
  line: number,
  mistakes: Mistakes,
): LiveBlock | undefined {
  const [name = '', ...words] = info.trim().split(/\s+/);
  const place = { line, column: 4 };
  if (!isLive(name)) {
    if (!plainNames.includes(name)) {
      const near = nearest(name, liveBlockNames);
      mistakes.add(
        place,
        'unknown-block',
        `unknown block "${name}"`,
        near === undefined
          ? `${liveBlockNames.join(', ')}; or text, yaml, json, sh for an example`
          : `did you mean "${near}"?`,
      );
    }
    return undefined;
  }
  const options = new Map<string, string>();
  for (const word of words) {
    const [key = '', ...value] = word.split('=');
    const allowed: readonly string[] = optionsOf[name];
    if (!allowed.includes(key) || value.length === 0 || value.join('=') === '') {
      mistakes.add(
        place,
        'block-option',
        `the block ${name} has no option "${word}"`,
        allowed.length === 0 ? 'no options' : allowed.map(option => `${option}=…`).join(', '),
      );
    } else options.set(key, value.join('='));
  }
  return { name, options, content, line, contentLine: line + 1 };
}

function isLive(name: string): name is LiveBlockName {
  return Object.hasOwn(optionsOf, name);
}
