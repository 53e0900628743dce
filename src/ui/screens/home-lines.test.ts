import { expect, it } from 'vitest';
import { tutorState } from '../../test-support/tutor-states.ts';
import { lineText } from '../cells/line.ts';
import { homeLines } from './home-lines.ts';

it.each([
  { cursor: 0, columns: 60, rows: 16, hidden: ['↓ 3 more'] },
  { cursor: 6, columns: 60, rows: 16, hidden: ['↑ 2 above', '↓ 1 more'] },
  { cursor: 11, columns: 80, rows: 24, hidden: ['↑ 3 above'] },
  { cursor: 0, columns: 120, rows: 16, hidden: ['↓ 3 more'] },
  { cursor: 0, columns: 120, rows: 36, hidden: [] },
])(
  'of twelve lessons in $columns×$rows, those out of sight are said: $hidden',
  ({ cursor, hidden, ...size }) => {
    const state = tutorState();
    const [lesson] = state.course.lessons;
    if (lesson === undefined) throw new Error('the small course has lessons');
    const lessons = Array.from({ length: 12 }, (_, at) => ({ ...lesson, id: `${at}-lesson` }));
    const home = { ...state, course: { lessons }, screen: { name: 'home', cursor } } as const;
    const lines = homeLines(home, size).map(lineText);
    expect(lines.flatMap(text => text.match(/[↑↓] \d+ \w+/) ?? [])).toEqual(hidden);
    expect(lines.length).toBeLessThanOrEqual(size.rows - 2);
  },
);
