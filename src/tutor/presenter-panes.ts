import type { TableRef } from '../lab/snapshot.ts';
import type { PaneKind } from './layout.ts';
import { flowsOf, subjectOf } from './pane-subject.ts';
import type { TutorState } from './state.ts';

/** The panes in sight on stage, the one that keys act on first. */
export function stagePanes(state: TutorState): readonly PaneKind[] {
  const { presenter, layout } = state;
  if (presenter === undefined || presenter.view === 'slide') return [];
  const focus = stageFocus(state);
  if (presenter.view === 'pane') return focus === undefined ? [] : [focus];
  const beside = layout.shown.slice(0, 2);
  return focus === undefined || beside.includes(focus) ? beside : [focus, ...beside.slice(0, 1)];
}

/** The pane that the keys act on, on stage. */
export function stageFocus(state: TutorState): PaneKind | undefined {
  const { layout } = state;
  return layout.focus !== 'lesson' && layout.shown.includes(layout.focus) ? layout.focus : layout.shown[0];
}

/** What the audience's page shows beside the slide. */
export function audienceTables(state: TutorState): TableRef[] {
  if (state.presenter?.audience === undefined || state.presenter.audience.viewers === 0) return [];
  const { node, instance } = subjectOf(state, 'routes');
  const flows = flowsOf(state);
  return [{ name: 'sessions' }, { name: 'routes', node, instance }, ...(flows === undefined ? [] : [flows])];
}
