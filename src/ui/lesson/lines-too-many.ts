import type { Lesson, Step } from '../../course/lesson.ts';
import type { Lab } from '../../lab/lab.ts';
import { withCurrent } from '../../tutor/live-blocks.ts';
import { emptyProgress } from '../../tutor/progress.ts';
import { firstState, noAnswer } from '../../tutor/state.ts';
import { lessonTextWidth } from '../screens/lesson-window.ts';
import { lessonText } from './lesson-lines.ts';

const smallest = { columns: 80, rows: 24 };

/** Header, key bar and the pane's two borders. */
const chrome = 4;

/** Lines of a step, as a learner meets it, beyond what the smallest screen shows at once; 0 when it fits. */
export function linesTooMany(lab: Lab, lesson: Lesson, step: Step): number {
  const first = firstState({
    lab,
    course: { lessons: [lesson] },
    engine: { name: 'embedded', absent: new Map(), hasClock: true },
    progress: emptyProgress,
  });
  const there = withCurrent({
    ...first,
    lesson: { id: lesson.id, step: lesson.steps.indexOf(step), scroll: 0, answer: noAnswer, before: {} },
  });
  const { lines } = lessonText(there, lessonTextWidth(smallest.columns));
  return Math.max(0, lines.length - (smallest.rows - chrome));
}
