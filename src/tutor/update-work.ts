import type { Effect } from './effect.ts';
import { blockStarted } from './shell-blocks.ts';
import type { TutorState } from './state.ts';
import { to, type Updated } from './updated.ts';
import { type Job, laneOf, type Purpose, type Work, type WorkList } from './work.ts';

/** Puts jobs in line and starts what can start. */
export function enqueue(
  state: TutorState,
  jobs: readonly { readonly job: Job; readonly purpose: Purpose }[],
): Updated {
  const { nextId, waiting } = state.work;
  const added = jobs.map((entry, index): Work => ({ id: nextId + index, ...entry }));
  return startWaiting({
    ...state,
    work: { ...state.work, waiting: [...waiting, ...added], nextId: nextId + added.length },
  });
}

/** Starts every waiting job whose lane is free. */
export function startWaiting(state: TutorState): Updated {
  const busy = new Set(state.work.underway.map(laneOf).filter(lane => lane !== undefined));
  const starting: Work[] = [];
  const waiting: Work[] = [];
  for (const work of state.work.waiting) {
    const lane = laneOf(work);
    if (lane !== undefined && busy.has(lane)) waiting.push(work);
    else {
      starting.push(work);
      if (lane !== undefined) busy.add(lane);
    }
  }
  if (starting.length === 0) return to(state);
  const underway = [...state.work.underway, ...starting];
  return {
    state: {
      ...state,
      work: { ...state.work, underway, waiting },
      shell: starting.reduce(blockStarted, state.shell),
    },
    effects: starting.map((work): Effect => ({ type: 'start-work', work: work.id, job: work.job })),
  };
}

/** Takes a job off the list, without starting the next. */
export function finished(list: WorkList, id: number): WorkList {
  return { ...list, underway: list.underway.filter(work => work.id !== id) };
}

/** Forgets what waits in a lane and cancels what is under way there. */
export function cancelLane(state: TutorState, lane: 'lesson' | 'shell'): Updated {
  return {
    state: {
      ...state,
      work: { ...state.work, waiting: state.work.waiting.filter(work => laneOf(work) !== lane) },
    },
    effects: state.work.underway
      .filter(work => laneOf(work) === lane)
      .map((work): Effect => ({ type: 'cancel-work', work: work.id })),
  };
}
