import type { FailoverSummary } from './failover.ts';
import { faultTitle } from './fault-title.ts';
import { stepProgress } from './progress.ts';
import { currentStep, type TutorState } from './state.ts';
import { failoversOf } from './timeline.ts';

/** What was expected of a failover and what was seen of it besides its events. */
export type Beside = {
  /** Percent of the flows looked at that reach another Kubernetes node now. */
  readonly flowsMoved?: number;
  readonly predictions?: readonly {
    readonly question: string;
    readonly answer: string;
    readonly measured?: string;
  }[];
};

/** A failover to paste into an issue or a report: what broke, who noticed, who said what, which tables changed, what it cost. */
export function failoverMarkdown(summary: FailoverSummary, beside: Beside = {}): string {
  const { kind, fault, detected, sessionsLost, withdrawals, forwarding } = summary;
  const title = faultTitle(fault);
  return [
    `# ${kind === 'break' ? title : `Healed: ${title}`}`,
    '',
    ...costs(summary, beside),
    detected === undefined
      ? '- Nobody noticed.'
      : `- Noticed after ${milliseconds(detected.afterMs)} by ${detected.node} (${detectionTexts[detected.by]})`,
    ...section(
      'Predicted and measured',
      ['question', 'predicted', 'measured'],
      (beside.predictions ?? []).map(({ question, answer, measured }) => [question, answer, measured ?? '–']),
    ),
    ...section(
      'Sessions lost',
      ['after', 'node', 'instance', 'peer', 'because'],
      sessionsLost.map(lost => [
        milliseconds(lost.afterMs),
        lost.node,
        lost.instance,
        lost.peer,
        lost.because,
      ]),
    ),
    ...section(
      'Who withdrew what',
      ['after', 'node', 'withdrawals', 'routes'],
      withdrawals.map(({ afterMs, node, count, routes }) => [
        milliseconds(afterMs),
        node,
        `${count}`,
        routes.map(route => `\`${route}\``).join(' '),
      ]),
    ),
    ...section(
      'When each data plane changed',
      ['after', 'node', 'instance', 'prefix', 'before', 'then'],
      forwarding.map(change => [
        milliseconds(change.afterMs),
        change.node,
        change.instance,
        change.prefix,
        change.before.join(', ') || 'nothing',
        change.after.join(', ') || 'nothing',
      ]),
    ),
    '',
  ].join('\n');
}

/** The newest failover with the answers of the step the learner is at; undefined when nothing broke yet. */
export function failoverOfTimeline(state: TutorState): string | undefined {
  const summary = failoversOf(state.timeline).at(-1);
  return summary && failoverMarkdown(summary, { predictions: predictionsOfStep(state) });
}

/** What the learner predicted in this step, next to what was measured since. */
export function predictionsOfStep(state: TutorState): NonNullable<Beside['predictions']> {
  const step = currentStep(state);
  const kept =
    step === undefined || state.lesson === undefined
      ? {}
      : stepProgress(state.progress, state.lesson.id, step.id).predictions;
  return (step?.blocks ?? []).flatMap(block => {
    const known = block.type === 'predict' ? kept[block.id] : undefined;
    if (block.type !== 'predict' || known === undefined) return [];
    const { answer, measured } = known;
    return [{ question: block.question, answer, ...(measured !== undefined && { measured }) }];
  });
}

function costs({ requests, gapMs, reconvergedAfterMs }: FailoverSummary, { flowsMoved }: Beside): string[] {
  const gap = gapMs === undefined ? '' : `, answered again after ${milliseconds(gapMs)}`;
  return [
    `- Requests lost: ${requests.lost}, connections reset: ${requests.reset}${gap}`,
    ...(flowsMoved === undefined
      ? []
      : [`- Flows that reach another node: ${Math.round(flowsMoved * 10) / 10} %`]),
    ...(reconvergedAfterMs === undefined
      ? []
      : [`- Last change in a data plane after ${milliseconds(reconvergedAfterMs)}`]),
  ];
}

const detectionTexts = {
  port: 'its port lost carrier',
  bfd: 'BFD',
  'hold-timer': 'the hold timer ran out',
  session: 'its session ended',
  kubernetes: 'Kubernetes: the node is not ready',
} as const;

function section(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return ['', `## ${title}`, '', line(header), line(header.map(() => '---')), ...rows.map(line)];
}

function milliseconds(value: number): string {
  return value >= 10_000 ? `${Math.round(value / 100) / 10} s` : `${Math.round(value)} ms`;
}
