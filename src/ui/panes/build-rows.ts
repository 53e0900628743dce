import type { Progress, StageState } from '../../lab/stage.ts';
import { type Line, line, span, spread } from '../cells/line.ts';
import { durationText } from '../wording/amount.ts';
import { bar } from './bar.ts';
import { type ShownRow, showTable, type Table } from './table.ts';

/** Stages with their tasks; those of a stage that runs, failed or is `opened` are listed. */
export function buildRows(
  stages: readonly StageState[],
  options: { readonly at: number; readonly width: number; readonly opened: string | undefined },
): ShownRow[] {
  const { at, width, opened } = options;
  const { rows } = showTable(stagesTable(at), stages, { width });
  return stages.flatMap((stage, index): ShownRow[] => {
    const row = rows[index];
    const unfolded = stage.progress === 'running' || stage.progress === 'failed' || stage.id === opened;
    return [
      ...(row === undefined ? [] : [row]),
      ...(unfolded ? taskLines(stage, at, width) : []).map(of => ({ key: '', line: of })),
    ];
  });
}

function stagesTable(at: number): Table<StageState> {
  return {
    keyOf: stage => stage.id,
    columns: [
      {
        id: 'title',
        title: 'stage',
        priority: 0,
        cell: stage =>
          line(
            progressMark(stage.progress),
            ' ',
            span(stage.title, stage.progress === 'waiting' ? 'dim' : 'plain'),
          ),
      },
      { id: 'id', title: 'id', priority: 2, cell: stage => line(span(stage.id, 'dim')) },
      {
        id: 'elapsed',
        title: 'took',
        align: 'right',
        priority: 0,
        volatile: true,
        cell: stage => elapsed(stage, at),
      },
      {
        id: 'real',
        title: 'in the real lab',
        priority: 1,
        least: 12,
        cell: stage =>
          stage.realDuration === undefined ? line() : line(span(`real lab: ${stage.realDuration}`, 'dim')),
      },
    ],
  };
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

function elapsed(of: { startedAt?: number; finishedAt?: number }, at: number): Line {
  if (of.startedAt === undefined) return line();
  const text = durationText((of.finishedAt ?? at) - of.startedAt);
  return line(of.finishedAt === undefined ? span(text, 'pending') : text);
}

function taskLines(stage: StageState, at: number, width: number): Line[] {
  const tasks = stage.tasks.flatMap(task => [
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
    ...(task.said === undefined || task.progress !== 'running' ? [] : [line('    ', span(task.said, 'dim'))]),
  ]);
  if (stage.failure === undefined) return tasks;
  const [first = '', ...more] = stage.failure.split('\n');
  return [
    ...tasks,
    line('  ', span(`✘ ${first}`, 'down')),
    ...more.map(text => line('    ', span(text, 'down'))),
  ];
}
