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
  const depths = causeDepths(events);
  const rows: ShownRow[] = [];
  for (const event of events) {
    if (options.filter === '' && isEcho(event)) continue;
    const { who, what, symbol, look } = eventWording(event, options.name);
    if (!matches(`${who} ${what} ${event.type}`, options.filter)) continue;
    const depth = Math.min(depths.get(event.id) ?? 0, deepest);
    const indent = options.width < 60 ? ' '.repeat(Math.min(depth, 4)) : ' '.repeat(depth * 2);
    rows.push({
      key: `${event.id}`,
      line: line(
        span(momentText(event.at), 'dim'),
        ' ',
        indent,
        span(symbol, look),
        ' ',
        who === '' ? '' : span(`${who} `, look === 'dim' ? 'dim' : 'strong'),
        span(what, look === 'dim' ? 'dim' : 'plain'),
      ),
    });
  }
  return rows;
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
