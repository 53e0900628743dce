import type { Step, WatchedPane } from '../course/lesson.ts';
import type { Layout, PaneKind, PaneSubject, PaneView } from './layout.ts';
import { currentLesson, type TutorState } from './state.ts';

/**
 * What the lesson wants on the right: the step's first `watch` block, or a later one once everything before it is done;
 * where a step has none, the panes of the step before stay.
 */
export function watchedPanes(state: TutorState): readonly WatchedPane[] {
  const lesson = currentLesson(state);
  const position = state.lesson;
  if (lesson === undefined || position === undefined) return nothing;
  const now = lesson.steps[position.step];
  const own = now === undefined ? undefined : watchedIn(now, position.current);
  if (own !== undefined) return own;
  for (let at = position.step - 1; at >= 0; at--) {
    const step = lesson.steps[at];
    const earlier = step === undefined ? undefined : watchedIn(step, undefined);
    if (earlier !== undefined) return earlier;
  }
  return lesson.introduction.find(block => block.type === 'watch')?.panes ?? nothing;
}

const nothing: readonly WatchedPane[] = [];

/** Brings up what the lesson wants; panes that the learner added stay below it. */
export function showWatched(state: TutorState, before: readonly WatchedPane[]): TutorState {
  const watched = watchedPanes(state);
  if (watched === before || watched.length === 0) return state;
  const { layout } = state;
  const wanted = paneKindsOf(watched);
  const added =
    layout.chosenBy === 'learner' ? layout.shown.filter(pane => !paneKindsOf(before).includes(pane)) : [];
  const kept = added.filter(pane => !wanted.includes(pane));
  const shown = [...wanted, ...kept];
  return {
    ...state,
    layout: {
      ...layout,
      shown,
      chosenBy: kept.length > 0 ? 'learner' : 'step',
      focus: layout.focus === 'lesson' || shown.includes(layout.focus) ? layout.focus : 'lesson',
      zoomed: false,
      panes: watched.reduce(pointed, layout.panes),
    },
  };
}

export function paneKindsOf(watched: readonly WatchedPane[]): PaneKind[] {
  return [...new Set(watched.map(entry => entry.pane))];
}

function watchedIn(step: Step, current: number | undefined): readonly WatchedPane[] | undefined {
  let found: readonly WatchedPane[] | undefined;
  for (const [at, block] of step.blocks.entries()) {
    if (block.type !== 'watch') continue;
    if (found === undefined || current === undefined || at < current) found = block.panes;
  }
  return found;
}

/** Points a pane at what the lesson talks about; a filter of the learner would hide it, so it goes. */
function pointed(panes: Layout['panes'], watched: WatchedPane): Layout['panes'] {
  const { pane, node, instance, prefix, compares, link } = watched;
  if ([node, instance, prefix, link].every(part => part === undefined)) return panes;
  const before = panes[pane] ?? { filter: '' };
  const { selected: _, ...rest } = before;
  const subject: PaneSubject = {
    ...(node !== undefined && { node }),
    ...(instance !== undefined && { instance }),
    ...(prefix !== undefined && { prefix }),
    ...(compares !== undefined && { compares }),
    ...(link !== undefined && { link }),
  };
  const view: PaneView = { ...rest, filter: '', subject };
  return { ...panes, [pane]: view };
}
