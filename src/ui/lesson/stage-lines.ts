import type { StageState } from '../../lab/stage.ts';
import type { TutorState } from '../../tutor/state.ts';
import { flowEntries } from '../cells/flow-entries.ts';
import { type Line, line, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { bar } from '../panes/bar.ts';
import { progressMark } from '../panes/build-rows.ts';
import { durationText } from '../wording/amount.ts';

/** How far a stage is built, below the block that builds it; what the real lab takes for it. */
export function stageLines(state: TutorState, id: string, underway: boolean, width: number): Line[] {
  const stage = state.view?.stages.find(candidate => candidate.id === id);
  if (stage === undefined) return [];
  const real: Line =
    stage.realDuration === undefined ? [] : line(span(`in the real lab ${stage.realDuration}`, 'dim'));
  const indented = (entries: readonly Line[]) =>
    flowEntries(entries, width - 2, line('   ')).map(of => line('  ', of));
  if (stage.progress === 'done') {
    const took = durationText((stage.finishedAt ?? 0) - (stage.startedAt ?? 0));
    return indented([line(span(`built in ${took}`, 'dim')), real]);
  }
  if (stage.progress === 'failed')
    return `✘ ${stage.failure ?? 'failed'}`
      .split('\n')
      .flatMap(text => wrapLine(line(span(`  ${text}`, 'down')), width));
  if (!underway && stage.progress !== 'running') return indented([real]);
  return [progressLine(stage, width), ...taskLines(stage)];
}

function progressLine(stage: StageState, width: number): Line {
  const done = stage.tasks.filter(task => task.progress === 'done').length;
  const count = `${done} of ${stage.tasks.length}`;
  return line(
    '  ',
    bar(stage.tasks.length === 0 ? 0 : done / stage.tasks.length, Math.max(6, Math.min(24, width - 14))),
    ` ${count}`,
  );
}

/** What is being done now; the rest is in the build pane. */
function taskLines(stage: StageState): Line[] {
  const now = stage.tasks.filter(task => task.progress === 'running' || task.progress === 'failed');
  return now
    .slice(0, 3)
    .flatMap(task => [
      line('  ', progressMark(task.progress), ' ', span(task.commandLine, 'code')),
      ...(task.said === undefined ? [] : [line('    ', span(task.said, 'dim'))]),
    ]);
}
