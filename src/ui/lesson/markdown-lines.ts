import { type MarkedToken, marked, type Token, type Tokens } from 'marked';
import { blank, fitLine, type Line, type Look, line, lineWidth, type Span, span } from '../cells/line.ts';
import { charsOf, textWidth } from '../cells/text.ts';
import { wrapLine } from '../cells/wrap.ts';

/** Markdown as lines of at most `width` cells: marked's tokens, laid out by us. No blank line at either end. */
export function markdownLines(markdown: string, width: number): Line[] {
  return trimBlank(blockLines(tokensOf(markdown), Math.max(8, width)));
}

const lexed = new Map<string, readonly Token[]>();

function tokensOf(markdown: string): readonly Token[] {
  let tokens = lexed.get(markdown);
  if (tokens === undefined) {
    tokens = marked.lexer(markdown);
    if (lexed.size > 400) lexed.clear();
    lexed.set(markdown, tokens);
  }
  return tokens;
}

function blockLines(tokens: readonly Token[], width: number): Line[] {
  const lines: Line[] = [];
  for (const token of tokens as readonly MarkedToken[]) {
    const of = linesOfBlock(token, width);
    if (of.length === 0) continue;
    if (lines.length > 0) lines.push(blank);
    lines.push(...of);
  }
  return lines;
}

function linesOfBlock(token: MarkedToken, width: number): Line[] {
  switch (token.type) {
    case 'heading':
      return wrapLine(inline(token.tokens, token.depth <= 2 ? 'title' : 'strong'), width);
    case 'paragraph':
      return wrapLine(inline(token.tokens, 'plain'), width);
    case 'text':
      return wrapLine(inline(token.tokens ?? [token], 'plain'), width);
    case 'list':
      return listLines(token, width);
    case 'code':
      return codeLines(token.text, width);
    case 'blockquote':
      return blockLines(token.tokens, width - 2).map(of => line(span('▌ ', 'accent'), of));
    case 'table':
      return tableLines(token, width);
    case 'hr':
      return [[span('─'.repeat(width), 'border')]];
    case 'html':
      // Comments of the author; anything else is shown as it is written.
      return /^<!--[\s\S]*-->\s*$/.test(token.text) ? [] : wrapLine(line(token.text.trim()), width);
    default:
      return [];
  }
}

function inline(tokens: readonly Token[], look: Look): Line {
  return (tokens as readonly MarkedToken[]).flatMap((token): Line => {
    switch (token.type) {
      case 'strong':
        return inline(token.tokens, look === 'title' ? 'title' : 'strong');
      case 'em':
        return inline(token.tokens, look === 'plain' ? 'emphasis' : look);
      case 'codespan':
        return [span(unescapeHtml(token.text), 'code')];
      case 'link':
        return linkSpans(token);
      case 'image':
        return [span(`[picture: ${token.text}]`, 'dim')];
      case 'br':
        return [span('\n', look)];
      case 'del':
        return inline(token.tokens, 'dim');
      case 'text':
        return token.tokens === undefined
          ? [span(unescapeHtml(token.text).replace(/\n/g, ' '), look)]
          : inline(token.tokens, look);
      case 'escape':
        return [span(unescapeHtml(token.text), look)];
      case 'html':
        return token.text.startsWith('<!--') ? [] : [span(token.text, look)];
      default:
        return 'raw' in token ? [span(token.raw, look)] : [];
    }
  });
}

/** A link's address is shown, since not every terminal can follow one; a lesson is found on the home screen by its name. */
function linkSpans(token: Tokens.Link): Line {
  const text = inline(token.tokens, 'link');
  if (/^(\.\.?\/)+[^/]+\/lesson\.md$/.test(token.href)) return text;
  const address = token.href.replace(/^mailto:|^(\.\.?\/)+/, '');
  return token.text === address || token.text === token.href ? text : [...text, span(` <${address}>`, 'dim')];
}

function listLines(list: Tokens.List, width: number): Line[] {
  const first = list.start === '' ? 1 : list.start;
  const markers = list.items.map((item, index) => {
    if (item.task) return item.checked ? '✔ ' : '☐ ';
    return list.ordered ? `${first + index}. ` : '• ';
  });
  const indent = Math.max(...markers.map(textWidth));
  return list.items.flatMap((item, index): Line[] => {
    const of = itemLines(item, width - indent);
    const marker = (markers[index] ?? '').padStart(indent);
    const lines = of.map((each, row) => line(row === 0 ? span(marker, 'accent') : ' '.repeat(indent), each));
    return index > 0 && list.loose ? [blank, ...lines] : lines;
  });
}

/** Paragraphs of a tight item follow without a gap, so that a nested list sits right below its text. */
function itemLines(item: Tokens.ListItem, width: number): Line[] {
  const tokens = item.tokens.filter(token => token.type !== 'checkbox');
  if (item.loose) return blockLines(tokens, width);
  const lines = (tokens as readonly MarkedToken[]).flatMap(token => linesOfBlock(token, width));
  return lines.length === 0 ? [blank] : lines;
}

/** Code keeps its columns behind a bar; what is too long goes on below, marked. */
export function codeLines(code: string, width: number): Line[] {
  const room = Math.max(4, width - 2);
  return code
    .replace(/\t/g, '    ')
    .split('\n')
    .flatMap(raw =>
      pieces(raw, room).map((piece, index) =>
        line(span(index === 0 ? '│ ' : '↪ ', 'border'), span(piece, 'code')),
      ),
    );
}

function pieces(raw: string, room: number): string[] {
  const all: string[] = [];
  let piece = '';
  for (const char of charsOf(raw)) {
    if (textWidth(piece) + textWidth(char) > room) {
      // At a blank where there is one in sight, so that words stay whole.
      const blankAt = piece.lastIndexOf(' ');
      const end = blankAt > room / 2 ? blankAt + 1 : piece.length;
      all.push(piece.slice(0, end));
      piece = piece.slice(end);
    }
    piece += char;
  }
  return [...all, piece];
}

/** Columns as wide as they need; where the table is too wide the widest columns wrap. */
function tableLines(table: Tokens.Table, width: number): Line[] {
  const head = table.header.map(cell => inline(cell.tokens, 'strong'));
  const body = table.rows.map(row => row.map(cell => inline(cell.tokens, 'plain')));
  const widths = shrink(
    head.map((cell, column) => Math.max(lineWidth(cell), ...body.map(row => lineWidth(row[column] ?? [])))),
    width - (head.length - 1) * 3,
  );
  const rowLines = (cells: readonly Line[]): Line[] => {
    const wrapped = cells.map((cell, column) => wrapLine(cell, widths[column] ?? 1));
    const height = Math.max(...wrapped.map(of => of.length));
    return Array.from({ length: height }, (_, row) =>
      line(
        ...wrapped.flatMap((of, column): (Line | Span)[] => {
          const align = table.align[column] ?? 'left';
          const cell = fitLine(of[row] ?? [], widths[column] ?? 1, align);
          return column === 0 ? [cell] : [span(' │ ', 'border'), cell];
        }),
      ),
    );
  };
  const rule = widths.map(cells => '─'.repeat(cells)).join('─┼─');
  return [...rowLines(head), [span(rule, 'border')], ...body.flatMap(rowLines)];
}

/** Takes cells from the widest column until the sum fits. */
function shrink(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted];
  while (widths.reduce((sum, cells) => sum + cells, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= 3) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function trimBlank(lines: readonly Line[]): Line[] {
  const isBlank = (of: Line | undefined) => of === undefined || lineWidth(of) === 0;
  let from = 0;
  let to = lines.length;
  while (from < to && isBlank(lines[from])) from++;
  while (to > from && isBlank(lines[to - 1])) to--;
  return lines.slice(from, to);
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}
