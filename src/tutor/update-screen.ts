import { breakMenu, healMenu } from './break-menu.ts';
import { enterLesson } from './enter-lesson.ts';
import { dropNotice, giveNotice } from './give-notice.ts';
import type { Layout, PaneKind } from './layout.ts';
import type { MenuEntry } from './menu.ts';
import type { Message, ScreenMessage } from './message.ts';
import { paletteEntries } from './palette.ts';
import type { Confirmable, Overlay } from './screen.ts';
import type { TutorState } from './state.ts';
import { andThen, to, type Updated } from './updated.ts';

/** What an accepted menu entry or confirmation asks for, to be updated next. */
export type Follow = (state: TutorState, message: Message) => Updated;

/** Screens, overlays, notices, leaving. */
export function updateScreen(state: TutorState, message: ScreenMessage, follow: Follow): Updated {
  switch (message.type) {
    case 'home-asked':
      return to(home(state));
    case 'home-cursor-moved': {
      const last = Math.max(0, state.course.lessons.length - 1);
      const cursor = Math.min(last, Math.max(0, message.to));
      return to(state.screen.name === 'home' ? { ...state, screen: { name: 'home', cursor } } : state);
    }
    case 'lesson-asked':
      return enterLesson(state, message.lesson, message.step);
    case 'overlay-asked':
      return to({ ...state, overlay: message.overlay });
    case 'overlay-cursor-moved':
      return to({ ...state, overlay: moved(state, message.to) });
    case 'overlay-scrolled':
      return 'scroll' in state.overlay
        ? to({ ...state, overlay: { ...state.overlay, scroll: Math.max(0, message.to) } })
        : to(state);
    case 'overlay-input-edited':
      return to(edited(state, message.input));
    case 'overlay-accepted':
      return accept(state, follow);
    case 'back-asked':
      return to(back(state));
    case 'notice-dismissed':
      return dropNotice(state, message.id);
    case 'copy-asked':
      return andThen(to(state, { type: 'copy', text: message.text }), next =>
        giveNotice(next, 'info', 'Copied.'),
      );
    case 'quit-asked':
      return to({
        ...state,
        overlay: {
          name: 'confirm',
          question: 'Leave srklab-tutor? Progress is kept.',
          asks: { type: 'quit' },
        },
      });
  }
}

/** Entries of the menu that is open. */
export function menuEntries(state: TutorState): MenuEntry[] {
  switch (state.overlay.name) {
    case 'palette':
      return paletteEntries(state);
    case 'breaks':
      return breakMenu(state);
    case 'heals':
      return healMenu(state);
    default:
      return [];
  }
}

function home(state: TutorState): TutorState {
  const at = state.course.lessons.findIndex(lesson => lesson.id === state.lesson?.id);
  return { ...state, screen: { name: 'home', cursor: Math.max(0, at) }, overlay: { name: 'none' } };
}

function moved(state: TutorState, wanted: number): Overlay {
  const { overlay } = state;
  if (!('cursor' in overlay)) return overlay;
  const last = Math.max(0, menuEntries(state).length - 1);
  return { ...overlay, cursor: Math.min(last, Math.max(0, wanted)) };
}

function edited(state: TutorState, input: { readonly text: string; readonly cursor: number }): TutorState {
  const { overlay } = state;
  switch (overlay.name) {
    case 'palette':
    case 'breaks':
      return { ...state, overlay: { ...overlay, input, cursor: 0 } };
    case 'filter':
      return {
        ...state,
        overlay: { ...overlay, input },
        layout: withFilter(state, overlay.pane, input.text),
      };
    default:
      return state;
  }
}

/** A filter works while it is typed. */
function withFilter(state: TutorState, pane: PaneKind, filter: string): Layout {
  const before = state.layout.panes[pane] ?? { filter: '' };
  return { ...state.layout, panes: { ...state.layout.panes, [pane]: { ...before, filter } } };
}

function accept(state: TutorState, follow: Follow): Updated {
  const { overlay } = state;
  if (overlay.name === 'confirm')
    return confirmed({ ...state, overlay: { name: 'none' } }, overlay.asks, follow);
  const entries = menuEntries(state);
  const entry = 'cursor' in overlay ? entries[overlay.cursor] : undefined;
  if (entry === undefined)
    return to(entries.length > 0 || 'cursor' in overlay ? state : { ...state, overlay: { name: 'none' } });
  if (entry.disabledBecause !== undefined)
    return giveNotice(state, 'info', `${entry.label}: ${entry.disabledBecause}.`);
  return follow({ ...state, overlay: { name: 'none' } }, entry.message);
}

function confirmed(state: TutorState, asks: Confirmable, follow: Follow): Updated {
  switch (asks.type) {
    case 'quit':
      return to({ ...state, leaving: true }, { type: 'quit' });
    case 'restart-lesson':
      return follow(state, { type: 'restart-lesson-asked' });
    case 'goto-stage':
      return follow(state, { type: 'goto-stage-asked', stage: asks.stage });
    case 'goto-step':
      return follow(state, { type: 'goto-step-asked', lesson: asks.lesson, step: asks.step });
    case 'break':
      return follow(state, { type: 'break-asked', fault: asks.fault });
  }
}

function back(state: TutorState): TutorState {
  if (state.overlay.name !== 'none') return { ...state, overlay: { name: 'none' } };
  if (state.screen.name === 'failure') {
    const { behind } = state.screen;
    return behind === 'lesson' && state.lesson !== undefined
      ? { ...state, screen: { name: 'lesson' } }
      : home(state);
  }
  if (state.screen.name === 'finished') return home(state);
  if (state.screen.name === 'home') return state;
  if (state.lesson?.typing !== undefined) {
    const { typing: _, ...lesson } = state.lesson;
    return { ...state, lesson };
  }
  if (state.layout.zoomed) return { ...state, layout: { ...state.layout, zoomed: false } };
  if (state.layout.focus !== 'lesson') return { ...state, layout: { ...state.layout, focus: 'lesson' } };
  return home(state);
}
