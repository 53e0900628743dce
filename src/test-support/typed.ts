import type { RunOptions } from '../lab/engine.ts';
import type { DrivenLab } from './driven-lab.ts';

export type Answer = {
  readonly code: number;
  /** What was printed, both streams in their order. */
  readonly text: string;
  readonly lines: string[];
  readonly out: string[];
  readonly errors: string[];
};

export type Typing = Pick<RunOptions, 'on' | 'cluster'> & {
  /** Somebody sits there who presses Ctrl-C after so many milliseconds of lab time. */
  readonly cancelAfter?: number;
};

/** Lab milliseconds that an answer may take. */
const LONGEST = 400_000;
const STEP = 20;

/** Types a line into a lab and winds its clock until the answer is there. */
export async function typed(
  lab: DrivenLab,
  line: string,
  { cancelAfter, ...where }: Typing = {},
): Promise<Answer> {
  const cancel = new AbortController();
  const running = lab.engine.run(line, {
    ...where,
    ...(cancelAfter === undefined ? {} : { signal: cancel.signal }),
  });
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  for (let wound = 0; wound < (cancelAfter ?? LONGEST) && !ended; wound += STEP) {
    lab.advance(STEP);
    await Promise.resolve();
    await Promise.resolve();
  }
  if (!ended) {
    cancel.abort();
    lab.advance(STEP);
  }
  const { exitCode, output } = await running;
  const text = output.map(chunk => chunk.text).join('');
  const of = (stream: 'stdout' | 'stderr') =>
    output
      .filter(chunk => chunk.stream === stream)
      .flatMap(chunk => chunk.text.split('\n'))
      .filter(one => one !== '');
  return { code: exitCode, text, lines: text.split('\n'), out: of('stdout'), errors: of('stderr') };
}
