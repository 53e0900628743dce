import { describe, expect, it } from 'vitest';
import { filters } from './filters.ts';

const lines = ['10.1.1.0 idle', '10.2.1.0 established', '1.1.1.11 established'];

function run(...words: string[]) {
  return filters.get(words[0] ?? '')?.(words.slice(1), lines);
}

describe('behind a pipe', () => {
  it('grep keeps lines, counts them, turns round, and fails when nothing fits', () => {
    expect(run('grep', 'established')).toEqual({ lines: lines.slice(1), exitCode: 0 });
    expect(run('grep', '-c', 'ESTABLISHED', '-i')).toEqual({ lines: ['2'], exitCode: 0 });
    expect(run('grep', '-v', 'established')).toEqual({ lines: [lines[0]], exitCode: 0 });
    expect(run('grep', '-oE', '^[0-9.]+')?.lines).toEqual(['10.1.1.0', '10.2.1.0', '1.1.1.11']);
    expect(run('grep', '-F', '1.1.1.')?.lines).toEqual(['1.1.1.11 established']);
    expect(run('grep', 'nothing')).toEqual({ lines: [], exitCode: 1 });
  });

  it('grep says what it cannot read', () => {
    expect(run('grep', '(')?.complaint).toBe('grep: "(" is no regular expression');
    expect(run('grep', '-P', 'x')?.complaint).toContain('-P is not known here');
  });

  it('head, tail, wc, sort and uniq do what they are known for', () => {
    expect(run('head', '-n', '1')?.lines).toEqual(lines.slice(0, 1));
    expect(run('tail', '-1')?.lines).toEqual(lines.slice(2));
    expect(run('wc', '-l')?.lines).toEqual(['3']);
    expect(run('sort')?.lines[0]).toBe('1.1.1.11 established');
    expect(run('sort', '-r')?.lines[0]).toBe('10.2.1.0 established');
  });
});
