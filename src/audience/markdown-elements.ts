import { type MarkedToken, marked, type Token, type Tokens } from 'marked';
import { element, type PageElement, type PageNode } from './element.ts';

/** Markdown of a lesson as elements. Markup inside is shown as it is written; links are text, as nobody should leave the talk. */
export function markdownElements(markdown: string): PageElement[] {
  return blocks(marked.lexer(markdown));
}

function blocks(tokens: readonly Token[]): PageElement[] {
  return (tokens as readonly MarkedToken[]).flatMap((token): PageElement[] => {
    switch (token.type) {
      case 'heading':
        return [element('h3', {}, ...inline(token.tokens))];
      case 'paragraph':
        return [element('p', {}, ...inline(token.tokens))];
      case 'text':
        return [element('p', {}, ...inline(token.tokens ?? [token]))];
      case 'code':
        return [element('pre', {}, token.text)];
      case 'blockquote':
        return [element('blockquote', {}, ...blocks(token.tokens))];
      case 'list':
        return [
          element(
            token.ordered ? 'ol' : 'ul',
            {},
            ...token.items.map(item => element('li', {}, ...itemNodes(item))),
          ),
        ];
      case 'table':
        return [tableElement(token)];
      case 'html':
        return token.text.startsWith('<!--') ? [] : [element('p', {}, token.text)];
      default:
        return [];
    }
  });
}

function itemNodes(item: Tokens.ListItem): PageNode[] {
  return (item.tokens as readonly MarkedToken[]).flatMap((token): PageNode[] =>
    token.type === 'text' ? inline(token.tokens ?? [token]) : blocks([token]),
  );
}

function tableElement(table: Tokens.Table): PageElement {
  const row = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td') =>
    element('tr', {}, ...cells.map(cell => element(tag, {}, ...inline(cell.tokens))));
  return element('table', {}, row(table.header, 'th'), ...table.rows.map(cells => row(cells, 'td')));
}

function inline(tokens: readonly Token[]): PageNode[] {
  return (tokens as readonly MarkedToken[]).flatMap((token): PageNode[] => {
    switch (token.type) {
      case 'strong':
        return [element('strong', {}, ...inline(token.tokens))];
      case 'em':
        return [element('em', {}, ...inline(token.tokens))];
      case 'codespan':
        return [element('code', {}, plain(token.text))];
      case 'link':
        return inline(token.tokens);
      case 'br':
        return [element('br')];
      case 'text':
        return token.tokens === undefined ? [plain(token.text).replace(/\n/g, ' ')] : inline(token.tokens);
      case 'escape':
        return [plain(token.text)];
      case 'html':
        return token.text.startsWith('<!--') ? [] : [token.text];
      default:
        return 'raw' in token ? [token.raw] : [];
    }
  });
}

function plain(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}
