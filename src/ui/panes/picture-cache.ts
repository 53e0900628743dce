import type { Snapshot } from '../../lab/snapshot.ts';
import type { PaneKind } from '../../tutor/layout.ts';
import type { TutorState } from '../../tutor/state.ts';
import type { Picture, Room } from './picture.ts';
import { pictureOfPane } from './picture-of-pane.ts';

type Entry = { readonly state: TutorState; readonly room: Room; readonly picture: Picture };

/** Pictures of panes, made again only when something they show has changed. */
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
      return sameParts(a.view, b.view, ['nodes', 'links', 'faults', 'clusters']);
    case 'traffic':
      return sameParts(a.view, b.view, ['traffic']);
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
  return parts.every(part => a[part] === b[part]);
}
