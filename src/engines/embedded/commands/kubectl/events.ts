import type { Occurrence } from '../../../../kube/fact.ts';
import { plainTable } from '../text-table.ts';
import { ageText } from './age.ts';
import { optionOfName } from './arguments.ts';
import type { Session } from './session.ts';

/** `kubectl get events`, newest last. */
export function getEvents(session: Session): number {
  const now = session.now();
  const field = optionOfName(session.args, 'field-selector');
  const about = field === undefined ? undefined : /involvedObject\.name==?([\w.-]+)/.exec(field)?.[1];
  const all = session.run.cluster.occurrences
    .all(now)
    .filter(each => session.namespace === undefined || each.namespace === session.namespace)
    .filter(each => about === undefined || each.name === about)
    .sort((a, b) => a.lastAt - b.lastAt);
  if (all.length === 0) {
    session.terminal.err(
      session.namespace === undefined
        ? 'No resources found'
        : `No resources found in ${session.namespace} namespace.`,
    );
    return 0;
  }
  const lines = plainTable(
    [
      ...(session.namespace === undefined
        ? [{ title: 'NAMESPACE', of: (each: Occurrence) => each.namespace }]
        : []),
      { title: 'LAST SEEN', of: (each: Occurrence) => ageText(each.lastAt, now) },
      { title: 'TYPE', of: (each: Occurrence) => each.type },
      { title: 'REASON', of: (each: Occurrence) => each.reason },
      { title: 'OBJECT', of: (each: Occurrence) => `${each.kind}/${each.name}` },
      { title: 'MESSAGE', of: (each: Occurrence) => each.message },
    ],
    all,
  );
  for (const line of lines) session.out(line);
  return 0;
}

/** The Events at the foot of `kubectl describe`. */
export function eventLines(events: readonly Occurrence[], now: number): string[] {
  if (events.length === 0) return ['Events:  <none>'];
  const table = plainTable(
    [
      { title: 'Type', of: (each: Occurrence) => each.type },
      { title: 'Reason', of: (each: Occurrence) => each.reason },
      { title: 'Age', of: (each: Occurrence) => occurrenceAge(each, now) },
      { title: 'From', of: (each: Occurrence) => each.from.split(',')[0] ?? '' },
      { title: 'Message', of: (each: Occurrence) => each.message },
    ],
    events,
    2,
  );
  const [titles = '', ...rows] = table;
  const rule = titles.replace(/\S+/g, word => '-'.repeat(word.length));
  return ['Events:', ...[titles, rule, ...rows].map(line => `  ${line}`)];
}

function occurrenceAge(each: Occurrence, now: number): string {
  const last = ageText(each.lastAt, now);
  return each.count === 1 ? last : `${last} (x${each.count} over ${ageText(each.firstAt, now)})`;
}
