import { expect, test } from 'vitest';
import { Asciicast } from './asciicast.ts';

test('a cast is a header and timed outputs, waits cut short', () => {
  const cast = new Asciicast({ title: 'Lesson', columns: 80, rows: 24 });
  cast.print('one\ntwo\n');
  cast.pause(90);
  cast.type('$ ', 'ls');
  const [header = '', ...events] = cast.toString().trimEnd().split('\n');
  expect(JSON.parse(header)).toEqual({
    version: 2,
    width: 80,
    height: 24,
    title: 'Lesson',
    env: { TERM: 'xterm-256color' },
  });
  expect(events.map(line => JSON.parse(line))).toEqual([
    [0, 'o', 'one\r\ntwo\r\n'],
    [2, 'o', '$ '],
    [2.035, 'o', 'l'],
    [2.07, 'o', 's'],
    [2.47, 'o', '\r\n'],
  ]);
});
