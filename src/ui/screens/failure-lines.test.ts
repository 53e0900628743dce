import { describe, expect, it } from 'vitest';
import { tutorState } from '../../test-support/tutor-states.ts';
import type { Failure } from '../../tutor/screen.ts';
import { lineText } from '../cells/line.ts';
import { failureLines } from './failure-lines.ts';

function shown(failure: Failure, rows = 24): string[] {
  const state = { ...tutorState(), screen: { name: 'failure', failure, behind: 'home' } as const };
  return failureLines(state, { columns: 80, rows }).map(of => lineText(of).trim());
}

const mistake = {
  code: 'unknown-probe',
  file: 'lessons/01/lesson.md',
  line: 2,
  column: 3,
  message: 'unknown probe "bgp.sesion"',
  expected: 'did you mean "bgp.session"?',
  severity: 'error',
} as const;

describe('the failure screen', () => {
  it('shows an author each mistake with its excerpt', () => {
    const texts = new Map([['lessons/01/lesson.md', '# A\n- bgp.sesion: {}\n']]);
    expect(shown({ reader: 'author', errors: [mistake], texts })).toEqual([
      '',
      '✘ 1 mistake in the files',
      'This screen goes away by itself once they are mended.',
      '',
      'lessons/01/lesson.md:2:3: error: unknown probe "bgp.sesion" [unknown-probe]',
      '2 | - bgp.sesion: {}',
      '^',
      'expected: did you mean "bgp.session"?',
    ]);
  });

  it('shows what a program said line by line', () => {
    const because = 'Cluster datacenter: ERROR: failed\ntoo many open files\nMost likely the limits are low.';
    const lines = shown({
      reader: 'learner',
      title: 'Stage clusters failed',
      because,
      nextSteps: ['sysctl'],
    });
    expect(lines.slice(1)).toEqual([
      ...['✘ Stage clusters failed', '', ...because.split('\n'), '', 'What you can do', '▸ sysctl'],
    ]);
  });

  it('counts the mistakes it has no room for', () => {
    const lines = shown({ reader: 'author', errors: Array(9).fill(mistake), texts: new Map() }, 16);
    expect(lines.length).toBeLessThanOrEqual(14);
    expect(lines.at(-1)).toMatch(/^… and \d more$/);
  });

  it('tells a learner what to do next, never a stack trace', () => {
    const failure: Failure = {
      reader: 'learner',
      title: 'The lab could not be built',
      because: 'The stage fabric needs the stage network.',
      nextSteps: ['Build the network first: press B.'],
    };
    expect(shown(failure)).toContain('▸ Build the network first: press B.');
  });
});
