import type { LabEvent } from '../../lab/event.ts';
import type { FailoverSummary } from '../../tutor/failover.ts';
import { flowEntries } from '../cells/flow-entries.ts';
import { type Line, line, span } from '../cells/line.ts';
import type { NameAddress } from '../wording/address-owner.ts';
import { amountText, durationText, momentText } from '../wording/amount.ts';
import { eventWording } from '../wording/event.ts';
import { faultText, healedText } from '../wording/fault.ts';
import { matches, type ShownRow } from './table.ts';

const deepest = 5;

/** Facts that another event tells as well, and the many tries of a session that cannot come up; a filter finds them. */
function isEcho(event: LabEvent): boolean {
  if (event.type === 'session-changed')
    return event.from !== 'established' && ['idle', 'connect', 'active'].includes(event.to);
  return event.type === 'update-received' || event.type === 'task-started';
}

/** Events, oldest first, indented by cause: an event stands deeper than what led to it. */
export function timelineRows(
  events: readonly LabEvent[],
  options: { readonly width: number; readonly filter: string; readonly name: NameAddress },
): ShownRow[] {
  const { width, filter, name } = options;
  const depths = causeDepths(events);
  const shown = filter === '' ? events.filter(event => !isEcho(event)) : events;
  const groups = filter === '' ? runsOfLosses(shown) : shown.map(event => [event]);
  return groups.flatMap((group): ShownRow[] => {
    const event = group.at(-1);
    if (event === undefined) return [];
    const { who, what, symbol, look } = eventWording(event, name);
    if (!matches(`${who} ${what} ${event.type}`, filter)) return [];
    const depth = Math.min(depths.get(event.id) ?? 0, deepest);
    const indent = ' '.repeat(width < 60 ? Math.min(depth, 4) : depth * 2);
    const said = group.length === 1 ? what : lossesText(event, group.length);
    return [
      {
        key: `${event.id}`,
        line: line(
          span(momentText(event.at), 'dim'),
          ' ',
          indent,
          span(symbol, look),
          ' ',
          who === '' ? '' : span(`${who} `, look === 'dim' ? 'dim' : 'strong'),
          span(said, look === 'dim' ? 'dim' : 'plain'),
        ),
      },
    ];
  });
}

type Loss = LabEvent & { readonly type: 'request-lost' | 'request-reset' };

/** Lost requests come in hundreds: those in a row that died at one place for one reason are one row. */
function runsOfLosses(events: readonly LabEvent[]): LabEvent[][] {
  const runs: LabEvent[][] = [];
  for (const event of events) {
    const last = runs.at(-1);
    const before = last?.at(-1);
    if (
      last !== undefined &&
      before !== undefined &&
      isLoss(event) &&
      isLoss(before) &&
      sameFate(event, before)
    )
      last.push(event);
    else runs.push([event]);
  }
  return runs;
}

function isLoss(event: LabEvent): event is Loss {
  return event.type === 'request-lost' || event.type === 'request-reset';
}

function sameFate(a: Loss, b: Loss): boolean {
  if (a.type === 'request-lost')
    return b.type === 'request-lost' && a.lostAt === b.lostAt && a.because === b.because;
  return b.type === 'request-reset' && a.by === b.by && a.because === b.because;
}

function lossesText(event: LabEvent, count: number): string {
  if (event.type === 'request-lost')
    return `${amountText(count, 'request')} lost one after the other: ${event.because}`;
  return event.type === 'request-reset' ? `resets ${amountText(count, 'connection')}: ${event.because}` : '';
}

/** How many causes lead to each event, as far as they are among the events. */
export function causeDepths(events: readonly LabEvent[]): ReadonlyMap<number, number> {
  const depths = new Map<number, number>();
  for (const event of events) {
    const above = event.cause === undefined ? undefined : depths.get(event.cause);
    depths.set(event.id, above === undefined ? 0 : above + 1);
  }
  return depths;
}

/** What the newest break or healing did, in at most a few lines: detected, reconverged, lost. */
export function failoverLines(failover: FailoverSummary, width: number, name: NameAddress): Line[] {
  const title =
    failover.kind === 'break'
      ? `Broken: ${faultText(failover.fault)}`
      : `Healed: ${healedText(failover.fault)}`;
  const facts: Line[] = [];
  const { detected, reconvergedAfterMs, gapMs, requests, sessionsLost } = failover;
  if (detected === undefined) {
    if (failover.kind === 'break') facts.push(line(span('… nobody has noticed yet', 'pending')));
  } else
    facts.push(
      line(
        'noticed after ',
        span(durationText(detected.afterMs), 'strong'),
        ` by ${name(detected.node)} (${byText(detected.by)})`,
      ),
    );
  if (sessionsLost.length > 0) facts.push(line(amountText(sessionsLost.length, 'session'), ' lost'));
  if (reconvergedAfterMs !== undefined)
    facts.push(line('last forwarding change after ', span(durationText(reconvergedAfterMs), 'strong')));
  if (requests.lost + requests.reset > 0)
    facts.push(
      line(
        span(`${amountText(requests.lost, 'request')} lost`, requests.lost > 0 ? 'down' : 'plain'),
        requests.reset > 0 ? `, ${requests.reset} reset` : '',
        gapMs === undefined ? '' : `, gap ${durationText(gapMs)}`,
      ),
    );
  return [line(span(title, 'accent')), ...flowEntries(facts, width, line(span(' · ', 'dim')))];
}

function byText(by: NonNullable<FailoverSummary['detected']>['by']): string {
  switch (by) {
    case 'port':
      return 'its port lost carrier';
    case 'bfd':
      return 'BFD';
    case 'hold-timer':
      return 'hold timer ended';
    case 'session':
      return 'session closed';
    case 'kubernetes':
      return 'Kubernetes';
  }
}
