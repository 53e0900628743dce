import { describe, expect, it } from 'vitest';
import { line } from '../cells/line.ts';
import { ChangeMemory } from './change-memory.ts';

const row = (key: string, says: string) => ({ key, says, line: line(says) });

describe('what has changed in a table', () => {
  it('is nothing at first sight', () => {
    expect([...new ChangeMemory().changed('routes', 'Routes', [row('a', 'via x')], 0, 1)]).toEqual([]);
  });

  it('is what is new or says something else, for three seconds of lab time', () => {
    const memory = new ChangeMemory();
    memory.changed('routes', 'Routes', [row('a', 'via x')], 0, 1);
    const rows = [row('a', 'via x and y'), row('b', 'via y')];
    expect([...memory.changed('routes', 'Routes', rows, 100, 1)]).toEqual(['a', 'b']);
    expect([...memory.changed('routes', 'Routes', rows, 3_000, 1)]).toEqual(['a', 'b']);
    expect([...memory.changed('routes', 'Routes', rows, 3_200, 1)]).toEqual([]);
  });

  it('is nothing when the pane shows another switch or the lab went back in time', () => {
    const memory = new ChangeMemory();
    memory.changed('routes', 'Routes · LEAF-DC-1', [row('a', 'via x')], 5_000, 1);
    expect([...memory.changed('routes', 'Routes · LEAF-DC-2', [row('b', 'via y')], 5_100, 1)]).toEqual([]);
    expect([...memory.changed('routes', 'Routes · LEAF-DC-2', [row('c', 'via z')], 0, 1)]).toEqual([]);
  });
});
