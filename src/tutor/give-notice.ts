import type { Notice, TutorState } from './state.ts';
import { to, type Updated } from './updated.ts';

const noticesKept = 3;

/** A sentence at the edge of the screen that goes away by itself. The same sentence again only lasts longer. */
export function giveNotice(state: TutorState, tone: Notice['tone'], text: string): Updated {
  const id = state.nextNoticeId;
  const others = state.notices.filter(notice => notice.text !== text);
  return to(
    { ...state, nextNoticeId: id + 1, notices: [...others, { id, tone, text }].slice(-noticesKept) },
    { type: 'expire-notice', id, afterMs: tone === 'info' ? 5000 : 10_000 },
  );
}

export function dropNotice(state: TutorState, id: number): Updated {
  return to({ ...state, notices: state.notices.filter(notice => notice.id !== id) });
}
