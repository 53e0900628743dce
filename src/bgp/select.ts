import { exportDestination } from './advertise.ts';
import { chooseBest } from './decision.ts';
import type { Call } from './fsm-event.ts';
import { type Destination, isEmpty, type Received } from './rib.ts';
import type { SpeakerState } from './state.ts';

/** Decides about every destination that something happened to, and hands the result on (RFC 4271 section 9.1). */
export function selectRoutes(state: SpeakerState, call: Call): void {
  for (const destination of state.dirty) {
    destination.dirty = false;
    select(state, destination, call);
    const toExport = destination.own ?? destination.choice?.best;
    if (toExport !== destination.exported) {
      destination.exported = toExport;
      exportDestination(state, destination);
    }
    if (isEmpty(destination)) state.empty.add(destination);
  }
  state.dirty.length = 0;
}

/** The paths that take part in the decision. */
export function validPaths(destination: Destination): readonly Received[] {
  const { paths } = destination;
  if (paths.every(path => path.invalidReason === undefined)) return [...paths];
  return paths.filter(path => path.invalidReason === undefined);
}

const none: readonly Received[] = [];

function select(state: SpeakerState, destination: Destination, call: Call): void {
  const { family, nlri } = destination;
  const former = destination.choice;
  const choice = chooseBest(validPaths(destination), state.decision[family]);
  destination.choice = choice;
  const previously = former?.multipath ?? none;
  const used = choice?.multipath ?? none;
  if (sameElements(used, previously)) return;
  for (const path of previously) path.session.families[family].activeCount--;
  for (const path of used) path.session.families[family].activeCount++;
  if (choice === undefined) {
    call.outcome.changes.push({ type: 'route-lost', family, nlri, previously });
    return;
  }
  const { best, decidedBy } = choice;
  call.outcome.changes.push({
    type: 'route-chosen',
    family,
    nlri: best.nlri,
    best,
    used,
    previously,
    decidedBy,
  });
}

function sameElements(a: readonly Received[], b: readonly Received[]): boolean {
  return a.length === b.length && a.every((path, i) => path === b[i]);
}
