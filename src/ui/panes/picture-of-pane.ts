import { type PaneKind, paneView } from '../../tutor/layout.ts';
import type { TutorState } from '../../tutor/state.ts';
import { shellPicture, timelinePicture } from './following-pictures.ts';
import { listPainters } from './list-pictures.ts';
import type { Picture, Room } from './picture.ts';
import { notYet } from './picture-words.ts';
import { tablePainters } from './table-pictures.ts';
import { topologyPicture } from './topology-picture.ts';

const painters = { ...tablePainters, ...listPainters };

/** What a pane shows in a room of this size. Pure: the same state and room give the same picture. */
export function pictureOfPane(state: TutorState, pane: PaneKind, room: Room): Picture {
  const view = paneView(state.layout, pane);
  if (pane === 'shell') return shellPicture(state, view, room);
  if (pane === 'topology') return topologyPicture(state, view, room);
  if (pane === 'timeline') return timelinePicture(state, view, room);
  const snapshot = state.view;
  if (snapshot === undefined) return notYet(pane, 'The lab has not been looked at yet.');
  return painters[pane](state, snapshot, view, room);
}
