import { expect, it } from 'vitest';
import { commands, commonOptions } from '../commands/command-table.ts';
import { opensTutorial, optionsWithValue } from './opens-tutorial.ts';

it.each([
  [[]],
  [['learn']],
  [['learn', '05-service']],
  [['-c', 'my-lab.yml']],
  [['--lessons', 'play', 'learn']],
  [['--lessons=play']],
])('%j fills the screen', argv => {
  expect(opensTutorial(argv, { TERM: 'xterm' }, true)).toBe(true);
});

it.each([
  [['play', '--all']],
  [['-c', 'learn', 'show', 'sessions']],
  [['learn', '--plain']],
  [['learn', '--help']],
  [['--seed', '7', 'doctor']],
])('%j writes lines', argv => {
  expect(opensTutorial(argv, { TERM: 'xterm' }, true)).toBe(false);
});

it('fills no screen where there is none, on a dumb terminal or for a screen reader', () => {
  expect(opensTutorial([], { TERM: 'xterm' }, false)).toBe(false);
  expect(opensTutorial([], { TERM: 'dumb' }, true)).toBe(false);
  expect(opensTutorial([], { INK_SCREEN_READER: 'true' }, true)).toBe(false);
});

it('knows the options of the tutorial that take a value', () => {
  const learn = commands.find(command => command.name === 'learn');
  const withValue = [...commonOptions, ...(learn?.options ?? [])].filter(
    option => option.value !== undefined,
  );
  const spellings = withValue.flatMap(({ name, short }) => [...(short ? [`-${short}`] : []), `--${name}`]);
  expect([...optionsWithValue].sort()).toEqual(spellings.sort());
});
