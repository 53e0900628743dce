import type { Occurrence } from '../kube/fact.ts';
import { ageText } from './age.ts';
import { hasOption, optionOfName } from './arguments.ts';
import { plainTable } from './plain-table.ts';
import type { Session } from './session.ts';
import { watching } from './watching.ts';

/** `kubectl get events`, newest last; `kubectl events --for pod/NAME` too. */
export function getEvents(session: Session): number {
  const all = occurrencesOf(session);
  if (all.length === 0) {
    session.err(
      session.namespace === undefined
        ? 'No resources found'
        : `No resources found in ${session.namespace} namespace.`,
    );
    return 0;
  }
  for (const line of linesOf(session, all)) session.out(line);
  return 0;
}

/** `kubectl get events -w`: those that there are, then each as it happens. */
export function watchEvents(session: Session): Promise<number> {
  const keyOf = (one: Occurrence) =>
    `${one.namespace} ${one.kind} ${one.name} ${one.reason} ${one.message} ${one.lastAt}`;
  if (!hasOption(session.args, 'watch-only')) getEvents(session);
  let seen = new Set(occurrencesOf(session).map(keyOf));
  return watching(session, () => {
    const all = occurrencesOf(session);
    for (const line of linesOf(
      session,
      all.filter(one => !seen.has(keyOf(one))),
    ).slice(1))
      session.out(line);
    seen = new Set(all.map(keyOf));
  });
}

function occurrencesOf(session: Session): Occurrence[] {
  const field = optionOfName(session.args, 'field-selector');
  const about =
    optionOfName(session.args, 'for')?.split('/').at(-1) ??
    (field === undefined ? undefined : /involvedObject\.name==?([\w.-]+)/.exec(field)?.[1]);
  return session.run.cluster.occurrences
    .all(session.now())
    .filter(each => session.namespace === undefined || each.namespace === session.namespace)
    .filter(each => about === undefined || each.name === about)
    .sort((a, b) => a.lastAt - b.lastAt);
}

function linesOf(session: Session, all: readonly Occurrence[]): string[] {
  const now = session.now();
  return plainTable(
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
