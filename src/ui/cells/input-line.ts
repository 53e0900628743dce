import type { TextInput } from '../../tutor/screen.ts';
import { type Line, line, span } from './line.ts';
import { charsOf, textWidth } from './text.ts';

/** A line being typed, its cursor shown as a cell of its own; long text scrolls so that the cursor stays in sight. */
export function inputLine(
  input: TextInput,
  options: { readonly prompt: string; readonly width: number; readonly hint?: string },
): Line {
  const { prompt, hint } = options;
  const room = Math.max(4, options.width - textWidth(prompt) - 1);
  const points = [...input.text];
  const before = points.slice(0, input.cursor).join('');
  const under = points[input.cursor] ?? ' ';
  const after = points.slice(input.cursor + 1).join('');
  if (input.text === '')
    return line(
      span(prompt, 'accent'),
      span(' ', 'cursor'),
      span(hint === undefined ? '' : ` ${hint}`, 'dim'),
    );
  return line(
    span(prompt, 'accent'),
    span(endOf(before, room - textWidth(under)), 'input'),
    span(under, 'cursor'),
    span(after, 'input'),
  );
}

/** The end of a text that fits, with "…" in front when something was left out. */
function endOf(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const chars = charsOf(text);
  let kept = '';
  let used = 1;
  for (let at = chars.length - 1; at >= 0; at--) {
    const char = chars[at] ?? '';
    used += textWidth(char);
    if (used > width) break;
    kept = char + kept;
  }
  return `…${kept}`;
}
