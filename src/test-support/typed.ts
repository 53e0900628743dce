import type { DrivenLab } from './driven-lab.ts';

/** Types a line into a lab and winds its clock until the answer is there. */
export async function typed(
  lab: DrivenLab,
  line: string,
  on?: string,
): Promise<{ code: number; text: string; lines: string[] }> {
  const running = lab.engine.run(line, on === undefined ? {} : { on });
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  for (let turn = 0; turn < 20_000 && !ended; turn++) {
    lab.advance(20);
    await Promise.resolve();
    await Promise.resolve();
  }
  const { exitCode, output } = await running;
  const text = output.map(chunk => chunk.text).join('');
  return { code: exitCode, text, lines: text.split('\n') };
}
