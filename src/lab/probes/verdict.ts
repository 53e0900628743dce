import type { Probe, Verdict } from '../probe.ts';

export function verdict(
  probe: Probe,
  matches: boolean,
  expected: string,
  expectedAbsent: string,
  observed: string,
): Verdict {
  return probe.absent === true
    ? { holds: !matches, expected: expectedAbsent, observed }
    : { holds: matches, expected, observed };
}

/** The lab cannot say, so neither yes nor no holds. */
export function untold(probe: Probe, expected: string, expectedAbsent: string): Verdict {
  return {
    holds: false,
    expected: probe.absent === true ? expectedAbsent : expected,
    observed: 'not known',
  };
}

export function stateVerdict(probe: Probe, subject: string, wanted: string, state: string): Verdict {
  return verdict(probe, state === wanted, `${subject} is ${wanted}`, `${subject} is not ${wanted}`, state);
}

/** Each wanted name matches one of `have`, and nothing is left over. */
export function sameSet<T>(
  have: readonly T[],
  wanted: readonly string[],
  matches: (one: T, name: string) => boolean,
): boolean {
  return have.length === wanted.length && wanted.every(name => have.some(one => matches(one, name)));
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function listed(items: readonly string[], none: string, before = ''): string {
  return items.length === 0 ? none : `${before}${items.join(', ')}`;
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
