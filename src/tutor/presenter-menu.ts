import { breakMenu, healMenu } from './break-menu.ts';
import { type MenuEntry, matching } from './menu.ts';
import { armedLeft } from './presenter.ts';
import { slidesOf } from './slides.ts';
import { currentLesson, type TutorState } from './state.ts';

/** What can be jumped to on stage, by number or by name: the slides of this lesson, the other lessons; faults while armed. */
export function presenterMenu(state: TutorState): MenuEntry[] {
  const typed = state.overlay.name === 'palette' ? state.overlay.input.text.trim() : '';
  const slides = slideEntries(state);
  const exact = slides.filter(entry => entry.key === `slide ${typed}`);
  const groups = [slides, lessonEntries(state), faultEntries(state)];
  const entries = groups.flatMap(group => matching(group, typed));
  return [...exact, ...entries.filter(entry => !exact.includes(entry))];
}

function slideEntries(state: TutorState): MenuEntry[] {
  const lesson = currentLesson(state);
  if (lesson === undefined) return [];
  return slidesOf(lesson).map(
    (slide, index): MenuEntry => ({
      key: `slide ${index + 1}`,
      group: 'Slide',
      label: `${index + 1} ${slide.title}`,
      ...(slide.parts > 1 && { detail: `${slide.part} of ${slide.parts}` }),
      message: { type: 'slide-chosen', lesson: lesson.id, slide: index },
    }),
  );
}

function lessonEntries(state: TutorState): MenuEntry[] {
  return state.course.lessons.map(
    (lesson): MenuEntry => ({
      key: `lesson ${lesson.id}`,
      group: 'Lesson',
      label: lesson.title,
      detail: `${lesson.id}; the lab stays as it is`,
      message: { type: 'slide-chosen', lesson: lesson.id, slide: 0 },
    }),
  );
}

function faultEntries(state: TutorState): MenuEntry[] {
  if (state.presenter === undefined || armedLeft(state.presenter) === 0) return [];
  const prefixed = (group: string, entries: readonly MenuEntry[]): MenuEntry[] =>
    entries.map(entry => ({ ...entry, key: `${group} ${entry.key}`, group }));
  return [...prefixed('Heal', healMenu(state)), ...prefixed('Break', breakMenu(state))];
}
