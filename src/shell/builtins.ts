import { INTERRUPTED } from '../lab/exit-code.ts';

/** Where a line is typed: what is printed to, and how time passes: false when the learner cancelled meanwhile. */
export type Prompt = {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly wait: (milliseconds: number) => Promise<boolean>;
};

/** What a shell does itself, by name; each returns or resolves with the exit code. */
export const builtins = {
  echo(words: readonly string[], { out }: Prompt): number {
    out(words.join(' '));
    return 0;
  },
  async sleep(words: readonly string[], { err, wait }: Prompt): Promise<number> {
    const seconds = Number(words[0]?.replace(/s$/, ''));
    if (!(seconds >= 0) || seconds > 86_400) {
      err('sleep: a number of seconds is expected');
      return 1;
    }
    return (await wait(seconds * 1000)) ? 0 : INTERRUPTED;
  },
  true: () => 0,
  ':': () => 0,
  false: () => 1,
} as const;
