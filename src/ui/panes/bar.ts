import { type Line, type Look, line, span } from '../cells/line.ts';

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A horizontal bar of `share` (0 to 1) over `width` cells, to an eighth of a cell, with its track. */
export function bar(share: number, width: number, look: Look = 'accent'): Line {
  const clamped = Math.max(0, Math.min(1, share));
  const cells = clamped * width;
  const whole = Math.floor(cells);
  const rest = eighths[Math.floor((cells - whole) * 8)] ?? '';
  // What is not nothing shows at least a sliver.
  const drawn = whole === 0 && rest === '' && clamped > 0 ? '▏' : `${'█'.repeat(whole)}${rest}`;
  return line(span(drawn, look), span('·'.repeat(Math.max(0, width - drawn.length)), 'track'));
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One character for each value, newest at the right; values above `top` are full. Nothing is a low dot. */
export function sparkline(values: readonly number[], width: number, top: number): string {
  const shown = values.slice(-width);
  const drawn = shown.map(value => {
    if (value <= 0 || top <= 0) return '·';
    return levels[Math.min(levels.length - 1, Math.floor((value / top) * levels.length))] ?? '█';
  });
  return drawn.join('').padStart(width, ' ');
}
