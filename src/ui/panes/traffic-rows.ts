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
  const groups: readonly (readonly [string, readonly Share[]])[] = groupsOf(traffic).filter(isNotEmpty);
  const lines: Line[] = [...overTime(traffic, width), blank, ...totals(traffic, width)];
  // Two groups beside each other where there is room: what belongs together is seen together.
  const beside = width >= 72 ? 2 : 1;
  const columnWidth = Math.floor((width - (beside - 1) * 3) / beside);
  let longest = 0;
  for (const [, shares] of groups) longest = Math.max(longest, longestName(shares));
  for (let at = 0; at < groups.length; at += beside) {
    const columns: Line[][] = [];
    for (const [title, shares] of groups.slice(at, at + beside)) {
      const head = line(span(title, 'strong'), span('  last 10 s', 'dim'));
      columns.push([head, ...shareBars(shares, columnWidth, longest)]);
    }
    lines.push(blank, ...sideBySide(columns, columnWidth));
  }
  // Every row can be selected, so that the arrows scroll.
  const rows: ShownRow[] = [];
  for (const [index, of] of lines.entries()) rows.push({ key: `${index}`, line: of });
  return rows;
}

function groupsOf(traffic: TrafficState) {
  return [
    ['By spine', traffic.bySpine],
    ['By leaf', traffic.byLeaf],
    ['By Kubernetes node', traffic.byNode],
    ['By pod', traffic.byPod],
  ] as const;
}

function isNotEmpty([, shares]: readonly [string, readonly Share[]]): boolean {
  return shares.length > 0;
}

function sideBySide(columns: readonly (readonly Line[])[], width: number): Line[] {
  const rows: Line[] = [];
  const last = columns.length - 1;
  const height = Math.max(0, ...columns.map(column => column.length));
  for (let row = 0; row < height; row++) {
    const cells: Line[] = [];
    for (const [index, column] of columns.entries()) {
      const cell = column[row] ?? [];
      cells.push(index === last ? cell : line(fitLine(cell, width), '   '));
    }
    rows.push(line(...cells));
  }
  return rows;
}

/** Cells of the longest of the names. */
export function longestName(shares: readonly Share[]): number {
  let longest = 0;
  for (const { name } of shares) longest = Math.max(longest, textWidth(name));
  return longest;
}

/** One bar per share, largest share of them all known, numbers right-aligned: "LEAF-DC-1 ████ 52 %  523". */
export function shareBars(shares: readonly Share[], width: number, longest = 0): Line[] {
  let total = 0;
  let countWidth = 0;
  for (const { count } of shares) {
    total += count;
    countWidth = Math.max(countWidth, countText(count).length);
  }
  const nameWidth = Math.min(Math.max(longest, longestName(shares)), Math.max(8, Math.floor(width / 2) - 8));
  const barWidth = Math.max(0, Math.min(60, width - nameWidth - countWidth - 12));
  const bars: Line[] = [];
  for (const { name, count } of shares) {
    const part = total === 0 ? 0 : count / total;
    bars.push(
      line(
        '  ',
        fitLine(line(endingOf(name, nameWidth)), nameWidth),
        ' ',
        barWidth >= 4 ? line(bar(part, barWidth), ' ') : line(),
        percentText(part).padStart(5),
        span(`  ${countText(count).padStart(countWidth)}`, 'dim'),
      ),
    );
  }
  return bars;
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
  const sent: number[] = [];
  const failed: number[] = [];
  const latency: number[] = [];
  for (const sample of samples) {
    sent.push(sample.sent);
    failed.push(sample.lost + sample.reset);
    latency.push(sample.latencyMs ?? 0);
  }
  let failedNow = 0;
  for (const count of failed.slice(-4)) failedNow += count;
  return [
    overTimeRow(
      'asked',
      line(rateText(traffic.rate)),
      line(span(sparkline(sent, room, 1.6 * Math.max(1, ...sent)), 'accent')),
    ),
    overTimeRow(
      'failed',
      failedNow > 0 ? line(span(`✘ ${rateText(failedNow)}`, 'down')) : line(span(rateText(0), 'dim')),
      failureLine(sparkline(failed, room, Math.max(perSecond, ...failed))),
    ),
    overTimeRow(
      'latency',
      last?.latencyMs === undefined ? line(span('–', 'dim')) : line(`${last.latencyMs.toFixed(1)} ms`),
      line(span(sparkline(latency, room, 1.6 * Math.max(1, ...latency)), 'dim')),
    ),
  ];
}

function overTimeRow(name: string, value: Line, spark: Line): Line {
  return line(span(fitName(name), 'dim'), fitLine(value, 9, 'right'), '  ', spark);
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
