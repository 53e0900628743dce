import { giveNotice } from './give-notice.ts';
import type { Message } from './message.ts';
import { armedLeft } from './presenter.ts';
import type { TutorState } from './state.ts';
import type { Updated } from './updated.ts';

/** What changes the lab waits for the armed state, whichever way it was asked for. */
export function lockedOnStage(state: TutorState, message: Message): boolean {
  const { presenter } = state;
  return presenter !== undefined && changesLab.has(message.type) && armedLeft(presenter) === 0;
}

export function locked(state: TutorState): Updated {
  return giveNotice(state, 'warning', 'Safe: this would change the lab. a arms the keys for 30 seconds.');
}

const changesLab: ReadonlySet<Message['type']> = new Set([
  'break-asked',
  'heal-asked',
  'traffic-asked',
  'build-asked',
  'solution-asked',
  'skip-asked',
  'restart-lesson-asked',
  'goto-stage-asked',
  'goto-step-asked',
  'lesson-asked',
  'lab-for-slide-asked',
  'shell-entered',
]);
