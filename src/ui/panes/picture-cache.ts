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
  if (pane === 'timeline') return a.timeline === b.timeline;
  if (pane === 'shell') return a.shell === b.shell;
  return a.view === b.view;
}
