import type { LinkState, Snapshot } from '../../lab/snapshot.ts';
import type { PaneKind } from '../../tutor/layout.ts';
import type { TutorState } from '../../tutor/state.ts';
import type { Picture, Room } from './picture.ts';
import { pictureOfPane } from './picture-of-pane.ts';

type Entry = { readonly state: TutorState; readonly room: Room; readonly picture: Picture };

/** Pictures of panes, made again only when something they show has changed: counters that run at most ten times a second, all else at once. */
export class PictureCache {
  private readonly entries = new Map<PaneKind, Entry>();

  of(state: TutorState, pane: PaneKind, room: Room): Picture {
    const known = this.entries.get(pane);
    if (known !== undefined && sameRoom(known.room, room) && sameSight(known.state, state, pane))
      return known.picture;
    const picture = pictureOfPane(state, pane, room);
    this.entries.set(pane, { state, room, picture });
    return picture;
  }
}

function sameRoom(a: Room, b: Room): boolean {
  return a.width === b.width && a.height === b.height;
}

function sameSight(a: TutorState, b: TutorState, pane: PaneKind): boolean {
  if (a.layout !== b.layout || a.lab !== b.lab) return false;
  switch (pane) {
    case 'timeline':
      return a.timeline === b.timeline;
    case 'shell':
      return a.shell === b.shell;
    case 'topology':
      return (
        sameParts(a.view, b.view, ['nodes', 'faults', 'clusters']) &&
        (sameParts(a.view, b.view, ['links']) || (soonAfter(a, b) && onlyRates(a.view, b.view)))
      );
    case 'traffic':
      return sameParts(a.view, b.view, ['traffic']) || (soonAfter(a, b) && onlyMore(a.view, b.view));
    case 'evpn':
    case 'forwarding':
      return sameParts(a.view, b.view, ['tables']);
    case 'ecmp':
      return (
        sameParts(a.view, b.view, ['tables', 'clusters']) &&
        a.view?.traffic.clients === b.view?.traffic.clients &&
        a.view?.traffic.destination === b.view?.traffic.destination
      );
    // These say how long something has been as it is.
    case 'sessions':
    case 'routes':
    case 'cluster':
    case 'build':
    case 'packets':
      return a.view === b.view;
  }
}

/** What said the same is the same object (`keepParts`). */
function sameParts(
  a: Snapshot | undefined,
  b: Snapshot | undefined,
  parts: readonly (keyof Snapshot)[],
): boolean {
  if (a === undefined || b === undefined) return a === b;
  for (const part of parts) if (a[part] !== b[part]) return false;
  return true;
}

/** Lab milliseconds at 1×. Numbers that run are read by nobody thirty times a second. */
const countersStand = 100;

/** Whether counters may still stand as they were: the clock runs, and what it ran is short. */
function soonAfter(a: TutorState, b: TutorState): boolean {
  if (a.view === undefined || b.view === undefined || b.clock?.mode !== 'running' || a.clock !== b.clock)
    return false;
  const passed = b.view.at - a.view.at;
  return a.view.past === undefined && passed >= 0 && passed < countersStand * b.clock.speed;
}

/** Links are as they were, but for how much goes over them. */
function onlyRates(a: Snapshot | undefined, b: Snapshot | undefined): boolean {
  if (a?.links.length !== b?.links.length) return false;
  for (const [index, link] of (b?.links ?? []).entries()) {
    if (!isAsBefore(link, a?.links[index])) return false;
  }
  return true;
}

function isAsBefore(link: LinkState, before: LinkState | undefined): boolean {
  return link.id === before?.id && link.state === before.state && link.bgp === before.bgp;
}

/** Traffic goes on as it did: nothing failed, nothing was switched. */
function onlyMore(a: Snapshot | undefined, b: Snapshot | undefined): boolean {
  const [before, now] = [a?.traffic, b?.traffic];
  return (
    before !== undefined &&
    now !== undefined &&
    before.on === now.on &&
    before.rate === now.rate &&
    before.clients === now.clients &&
    before.destination === now.destination &&
    before.totals.lost === now.totals.lost &&
    before.totals.reset === now.totals.reset &&
    now.totals.sent >= before.totals.sent
  );
}
