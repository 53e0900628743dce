import type { Progress, StageState } from '../../lab/stage.ts';
import { type Line, line, span, spread } from '../cells/line.ts';
import { durationText } from '../wording/amount.ts';
import { bar } from './bar.ts';
import type { ShownRow } from './table.ts';

/** Stages with their tasks; those of a stage that runs, failed or is `opened` are listed. */
export function buildRows(
  stages: readonly StageState[],
  options: { readonly at: number; readonly width: number; readonly opened: string | undefined },
): ShownRow[] {
  const { at, width, opened } = options;
  return stages.flatMap((stage): ShownRow[] => {
    const unfolded = stage.progress === 'running' || stage.progress === 'failed' || stage.id === opened;
    return [
      { key: stage.id, line: stageLine(stage, at, width), says: `${stage.id} ${stage.progress}` },
      ...(unfolded ? taskLines(stage, at, width) : []).map(of => ({ key: '', line: of })),
    ];
  });
}

/** How much of everything is built, as a bar. */
export function buildProgress(stages: readonly StageState[], width: number): Line {
  const done = stages.filter(stage => stage.progress === 'done').length;
  const part = stages.length === 0 ? 0 : (done + partOf(stages)) / stages.length;
  const text = ` ${done} of ${stages.length} stages`;
  return line(bar(part, Math.max(4, Math.min(40, width - text.length))), text);
}

export function progressMark(progress: Progress): Line {
  switch (progress) {
    case 'done':
      return line(span('✔', 'up'));
    case 'running':
      return line(span('◐', 'pending'));
    case 'failed':
      return line(span('✘', 'down'));
    case 'cancelled':
      return line(span('–', 'pending'));
    case 'waiting':
      return line(span('·', 'dim'));
  }
}

function partOf(stages: readonly StageState[]): number {
  const running = stages.find(stage => stage.progress === 'running');
  if (running === undefined || running.tasks.length === 0) return 0;
  return running.tasks.filter(task => task.progress === 'done').length / running.tasks.length;
}

function stageLine(stage: StageState, at: number, width: number): Line {
  const name = line(
    progressMark(stage.progress),
    ' ',
    span(stage.title, stage.progress === 'waiting' ? 'dim' : 'plain'),
    span(`  ${stage.id}`, 'dim'),
  );
  return spread(name, line('  ', elapsed(stage, at), realTime(stage)), width);
}

function elapsed(of: { startedAt?: number; finishedAt?: number }, at: number): Line {
  if (of.startedAt === undefined) return line();
  const text = durationText((of.finishedAt ?? at) - of.startedAt);
  return line(of.finishedAt === undefined ? span(text, 'pending') : text);
}

function realTime(stage: StageState): Line {
  return stage.realDuration === undefined ? line() : line(span(`  real lab ${stage.realDuration}`, 'dim'));
}

function taskLines(stage: StageState, at: number, width: number): Line[] {
  const tasks = stage.tasks.map(task =>
    spread(
      line(
        '  ',
        progressMark(task.progress),
        ' ',
        span(task.commandLine, task.progress === 'waiting' ? 'dim' : 'code'),
      ),
      elapsed(task, at),
      width,
    ),
  );
  return stage.failure === undefined ? tasks : [...tasks, line('  ', span(`✘ ${stage.failure}`, 'down'))];
}
