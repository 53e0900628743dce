const milliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * A Go duration ("90s", "1m30s", "1.5s", "0") in milliseconds, or what Go's `time.ParseDuration` says of a text that is none. Flags of
 * kubectl and containerlab are written so, and fields of MetalLB's resources.
 */
export function readGoDuration(text: string): number | string {
  const [, sign = '', amount = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (amount === '0') return 0;
  const parts = [...amount.matchAll(/(\d+\.?\d*|\.\d+)([^\d.]*)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== amount)
    return `time: invalid duration "${text}"`;
  let total = 0;
  for (const [, number, unit = ''] of parts) {
    const factor = milliseconds[unit];
    if (unit === '') return `time: missing unit in duration "${text}"`;
    if (factor === undefined) return `time: unknown unit "${unit}" in duration "${text}"`;
    total += Number(number) * factor;
  }
  return sign === '-' ? -total : total;
}

/** The same for whoever has refused before what is none: undefined then, and where nothing is written. */
export function goMilliseconds(text: string | undefined): number | undefined {
  const read = readGoDuration(text ?? '');
  return typeof read === 'string' ? undefined : read;
}
