import { type Line, type Look, line, span } from '../cells/line.ts';

/** A horizontal bar of `share` (0 to 1) over `width` cells, to half a cell, with its track. */
export function bar(share: number, width: number, look: Look = 'accent'): Line {
  const clamped = Math.max(0, Math.min(1, share));
  const cells = clamped * width;
  // What is not nothing shows at least half a cell.
  const halves = clamped > 0 ? Math.max(1, Math.round(cells * 2)) : 0;
  const drawn = `${'━'.repeat(Math.floor(halves / 2))}${halves % 2 === 1 ? '╸' : ''}`;
  return line(span(drawn, look), span('─'.repeat(Math.max(0, width - drawn.length)), 'track'));
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One character for each value, newest at the right; values above `top` are full. Nothing is a low dot. */
export function sparkline(values: readonly number[], width: number, top: number): string {
  let drawn = '';
  for (const value of values.slice(-width)) drawn += levelOf(value, top);
  return drawn.padStart(width, ' ');
}

function levelOf(value: number, top: number): string {
  if (value <= 0 || top <= 0) return '·';
  return levels[Math.min(levels.length - 1, Math.floor((value / top) * levels.length))] ?? '█';
}
