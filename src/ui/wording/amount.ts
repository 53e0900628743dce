/** A time span as people say it: "132 ms", "1.3 s", "2 min 05 s", "1 h 03 min". Milliseconds in. */
export function durationText(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** Lab time on a clock: "00:03:12". */
export function clockText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Lab time to the millisecond, for events: "03:12.400". */
export function momentText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const fraction = `${Math.floor(milliseconds % 1_000)}`.padStart(3, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}.${fraction}`;
}

/** "1,024". */
export function countText(count: number): string {
  return `${Math.round(count)}`.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 route", "3 routes", "2 replies". */
export function amountText(count: number, unit: string, units = `${unit}s`): string {
  return `${countText(count)} ${count === 1 ? unit : units}`;
}

/** A share from 0 to 1 as "52 %". */
export function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A share that may be small: "0.08 %", "2.4 %", "52 %". */
export function finePercentText(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent >= 10) return `${Math.round(percent)} %`;
  return percent >= 1 ? `${percent.toFixed(1)} %` : `${percent.toFixed(2)} %`;
}

/** A rate: "31/s", "1.2k/s". */
export function rateText(perSecond: number): string {
  if (perSecond >= 9_950) return `${Math.round(perSecond / 1_000)}k/s`;
  if (perSecond >= 1_000) return `${(perSecond / 1_000).toFixed(1)}k/s`;
  return perSecond > 0 && perSecond < 1 ? '<1/s' : `${Math.round(perSecond)}/s`;
}

function two(value: number): string {
  return `${value}`.padStart(2, '0');
}
