import type { Step } from '../../course/lesson.ts';
import { faultTitle } from '../../tutor/fault-title.ts';
import type { LiveBlock } from '../../tutor/live-blocks.ts';
import { stepProgress } from '../../tutor/progress.ts';
import type { TutorState } from '../../tutor/state.ts';
import { flowEntries } from '../cells/flow-entries.ts';
import { inputLine } from '../cells/input-line.ts';
import { type Line, line, lineText, span } from '../cells/line.ts';
import { wrapLine } from '../cells/wrap.ts';
import { outputLines } from '../panes/shell-rows.ts';
import { stageLines } from './stage-lines.ts';

type Doable = Exclude<LiveBlock, { readonly type: 'predict' }>;
type Standing = 'done' | 'underway' | 'current' | 'later';

/** A command, a stage to build, something to break or heal: what it is, how it stands, which keys do it (not told on stage). */
export function liveBlockLines(
  state: TutorState,
  step: Step,
  block: Doable,
  index: number,
  room: { readonly width: number; readonly beside: boolean; readonly onStage?: true },
): Line[] {
  const { width, beside, onStage = false } = room;
  const standing = standingOf(state, step, index);
  const lines = headLines(block, standing, width, state);
  if (block.type === 'stage') lines.push(...stageLines(state, block.stage, standing === 'underway', width));
  if (standing === 'done' || standing === 'underway') {
    const seenThere = beside && state.layout.shown.includes('shell');
    if (!seenThere) lines.push(...printedLines(state, step, index, { width, onStage }));
  }
  if (standing === 'current' && !onStage) lines.push(...keyLines(state, block, width));
  return lines;
}

function standingOf(state: TutorState, step: Step, index: number): Standing {
  const { lesson, work } = state;
  const mine = [...work.underway, ...work.waiting].some(
    ({ purpose }) =>
      purpose.of === 'block' &&
      purpose.lesson === lesson?.id &&
      purpose.step === step.id &&
      purpose.block === index,
  );
  if (mine) return 'underway';
  if (stepProgress(state.progress, lesson?.id ?? '', step.id).done.includes(index)) return 'done';
  return lesson?.current === index ? 'current' : 'later';
}

function headLines(block: Doable, standing: Standing, width: number, state: TutorState): Line[] {
  const mark: Line =
    standing === 'done'
      ? line(span('✔ ', 'up'))
      : standing === 'underway'
        ? line(span('◐ ', 'pending'))
        : line(span('▸ ', standing === 'current' ? 'accent' : 'dim'));
  const text = textOf(block, state);
  const look = standing === 'later' ? 'dim' : block.type === 'run' ? 'code' : 'strong';
  return text
    .split('\n')
    .flatMap(each => wrapLine(line(span(each, look)), width - 2))
    .map((of, row) => line(row === 0 ? mark : '  ', of));
}

function textOf(block: Doable, state: TutorState): string {
  switch (block.type) {
    case 'run':
      return block.commandLine;
    case 'stage': {
      const plan = state.lab.stages.find(stage => stage.id === block.stage);
      return `build ${block.stage}${plan === undefined ? '' : `: ${plan.title}`}`;
    }
    case 'break':
      return faultTitle(block.fault);
    case 'heal':
      return block.fault === 'all' ? 'Heal everything' : `Heal ${block.fault}`;
  }
}

/** Whose machine or cluster a command is for. */
function whereEntries(block: Doable & { readonly type: 'run' }): Line[] {
  if (block.on !== undefined) return [line(span(`on ${block.on}`, 'dim'))];
  return block.cluster === undefined ? [] : [line(span(`cluster ${block.cluster}`, 'dim'))];
}

const outputShown = 12;
const outputOnStage = 8;

/** What the step's newest command printed, where no shell pane shows it; the beginning of it, when it is long. */
function printedLines(
  state: TutorState,
  step: Step,
  index: number,
  { width, onStage }: { readonly width: number; readonly onStage: boolean },
): Line[] {
  const block = step.blocks[index];
  const { done } = stepProgress(state.progress, state.lesson?.id ?? '', step.id);
  const isNewest = !step.blocks.some((other, at) => other.type === 'run' && at > index && done.includes(at));
  if (block?.type !== 'run' || !isNewest) return [];
  const ran = state.shell.blocks.findLast(
    each => each.by === 'lesson' && each.commandLine === block.commandLine,
  );
  if (ran === undefined) return [];
  const lines = outputLines(ran, width - 4);
  const room = onStage ? outputOnStage : outputShown;
  const shown = lines.slice(0, room).map(of => line('  ', span('│ ', 'border'), of));
  const left = lines.length - room;
  const isCut = lines.some(of => lineText(of).endsWith('…'));
  if (left <= 0 && !isCut) return shown;
  const more = left > 0 ? `${left} more lines` : 'cut at the edge';
  if (onStage) return [...shown, line('  ', span(`│ … ${more}`, 'dim'))];
  const keys = [
    line(span('S', 'key'), span(' shows all', 'dim')),
    line(span('z', 'key'), span(' wider', 'dim')),
  ];
  const hint = line(span(`│ … ${more}: `, 'dim'), keys[0] ?? [], isCut ? line('  ', keys[1] ?? []) : line());
  return [...shown, line('  ', hint)];
}

function keyLines(state: TutorState, block: Doable, width: number): Line[] {
  const { lesson } = state;
  if (block.type === 'run' && lesson?.typing !== undefined)
    return [
      line('  ', inputLine(lesson.typing, { prompt: '$ ', width: width - 2, hint: 'type it here' })),
      line('  ', span('Enter', 'key'), ' run   ', span('Esc', 'key'), ' leave it'),
    ];
  const act = block.type === 'stage' ? ' build it' : block.type === 'break' ? ' break it' : ' heal it';
  const keys: Line[] =
    block.type === 'run'
      ? [
          line(span('Enter', 'key'), ' run'),
          line(span('t', 'key'), ' type it'),
          line(span('S', 'key'), ' shell'),
          ...whereEntries(block),
        ]
      : [line(span('Enter', 'key'), act)];
  return flowEntries(keys, width - 2, line('   ')).map(of => line('  ', of));
}
