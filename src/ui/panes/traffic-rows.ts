import type { Share, TrafficState } from '../../lab/traffic-state.ts';
import { flowEntries } from '../cells/flow-entries.ts';
import { blank, fitLine, type Line, line, type Span, span } from '../cells/line.ts';
import { textWidth } from '../cells/text.ts';
import { countText, finePercentText, percentText, rateText } from '../wording/amount.ts';
import { bar, sparkline } from './bar.ts';
import type { ShownRow } from './table.ts';

const sampleMs = 250;

/** The clients' requests: rate, losses and latency over time, and where the answers came from. */
export function trafficRows(traffic: TrafficState, width: number): ShownRow[] {
  const groups: readonly (readonly [string, readonly Share[]])[] = (
    [
      ['By spine', traffic.bySpine],
      ['By leaf', traffic.byLeaf],
      ['By Kubernetes node', traffic.byNode],
      ['By pod', traffic.byPod],
    ] as const
  ).filter(([, shares]) => shares.length > 0);
  const lines: Line[] = [...overTime(traffic, width), blank, ...totals(traffic, width)];
  // Two groups beside each other where there is room: what belongs together is seen together.
  const beside = width >= 72 ? 2 : 1;
  const columnWidth = Math.floor((width - (beside - 1) * 3) / beside);
  const longest = Math.max(0, ...groups.flatMap(([, shares]) => shares.map(share => textWidth(share.name))));
  for (let at = 0; at < groups.length; at += beside) {
    const columns = groups
      .slice(at, at + beside)
      .map(([title, shares]) => [
        line(span(title, 'strong'), span('  last 10 s', 'dim')),
        ...shareBars(shares, columnWidth, longest),
      ]);
    lines.push(blank, ...sideBySide(columns, columnWidth));
  }
  // Every row can be selected, so that the arrows scroll.
  return lines.map((of, index) => ({ key: `${index}`, line: of }));
}

function sideBySide(columns: readonly (readonly Line[])[], width: number): Line[] {
  const height = Math.max(0, ...columns.map(column => column.length));
  return Array.from({ length: height }, (_, row) =>
    line(
      ...columns.flatMap((column, index) => {
        const cell = column[row] ?? [];
        return index === columns.length - 1 ? [cell] : [fitLine(cell, width), line('   ')];
      }),
    ),
  );
}

/** One bar per share, largest share of them all known, numbers right-aligned: "LEAF-DC-1 ████ 52 %  523". */
export function shareBars(shares: readonly Share[], width: number, longestName = 0): Line[] {
  const total = shares.reduce((sum, share) => sum + share.count, 0);
  const nameWidth = Math.min(
    Math.max(longestName, ...shares.map(share => textWidth(share.name))),
    Math.max(8, Math.floor(width / 2) - 8),
  );
  const countWidth = Math.max(...shares.map(share => countText(share.count).length));
  const barWidth = Math.max(0, Math.min(60, width - nameWidth - countWidth - 12));
  return shares.map(share => {
    const part = total === 0 ? 0 : share.count / total;
    return line(
      '  ',
      fitLine(line(endingOf(share.name, nameWidth)), nameWidth),
      ' ',
      barWidth >= 4 ? line(bar(part, barWidth), ' ') : line(),
      percentText(part).padStart(5),
      span(`  ${countText(share.count).padStart(countWidth)}`, 'dim'),
    );
  });
}

/** Names of one group begin alike: where there is no room, their ends tell them apart. */
function endingOf(name: string, width: number): string {
  if (textWidth(name) <= width) return name;
  const tail = Math.ceil(((width - 1) * 2) / 3);
  return `${name.slice(0, width - 1 - tail)}…${name.slice(-tail)}`;
}

function overTime(traffic: TrafficState, width: number): Line[] {
  const room = Math.max(8, width - 22);
  const samples = traffic.samples.slice(-room);
  const last = samples.at(-1);
  const perSecond = 1_000 / sampleMs;
  const sent = samples.map(sample => sample.sent);
  const failed = samples.map(sample => sample.lost + sample.reset);
  const latency = samples.map(sample => sample.latencyMs ?? 0);
  const recent = samples.slice(-4);
  const failedNow = recent.reduce((sum, sample) => sum + sample.lost + sample.reset, 0);
  const row = (name: string, value: Line, spark: Line): Line =>
    line(span(fitName(name), 'dim'), fitLine(value, 9, 'right'), '  ', spark);
  return [
    row(
      'asked',
      line(rateText(traffic.rate)),
      line(span(sparkline(sent, room, 1.6 * Math.max(1, ...sent)), 'accent')),
    ),
    row(
      'failed',
      failedNow > 0 ? line(span(`✘ ${rateText(failedNow)}`, 'down')) : line(span(rateText(0), 'dim')),
      failureLine(sparkline(failed, room, Math.max(perSecond, ...failed))),
    ),
    row(
      'latency',
      last?.latencyMs === undefined ? line(span('–', 'dim')) : line(`${last.latencyMs.toFixed(1)} ms`),
      line(span(sparkline(latency, room, 1.6 * Math.max(1, ...latency)), 'dim')),
    ),
  ];
}

/** Only what failed is red; that nothing did is dim. */
function failureLine(spark: string): Line {
  const spans: Span[] = [];
  for (let from = 0; from < spark.length; ) {
    const quiet = isQuiet(spark, from);
    let to = from + 1;
    while (to < spark.length && isQuiet(spark, to) === quiet) to++;
    spans.push(span(spark.slice(from, to), quiet ? 'dim' : 'down'));
    from = to;
  }
  return spans;
}

function isQuiet(spark: string, index: number): boolean {
  return spark[index] === '·' || spark[index] === ' ';
}

function fitName(name: string): string {
  return name.padEnd(9);
}

function totals(traffic: TrafficState, width: number): Line[] {
  const { sent, answered, lost, reset } = traffic.totals;
  const bad = lost + reset;
  return flowEntries(
    [
      line(span('in all ', 'dim'), `${countText(sent)} sent`),
      line(`${countText(answered)} answered`),
      line(span(`${countText(lost)} lost`, lost > 0 ? 'down' : 'plain')),
      line(
        span(`${countText(reset)} reset`, reset > 0 ? 'down' : 'plain'),
        span(sent === 0 || bad === 0 ? '' : `  (${finePercentText(bad / sent)})`, 'dim'),
      ),
    ],
    width,
    line(span(' · ', 'dim')),
  );
}
