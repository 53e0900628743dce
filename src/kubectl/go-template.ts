/**
 * Go templates as people give them to `docker --format` and `kubectl -o go-template`: fields, `json`, `index`, `len`, `join`,
 * `range`, `if`/`else`, pipes and comments. Anything else is refused by name.
 */
export type Template = (data: unknown) => string;

export class TemplateError extends Error {}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: string }
  | {
      readonly kind: 'range' | 'if';
      readonly expression: string;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

type Scope = {
  readonly dot: unknown;
  readonly root: unknown;
  readonly variables: ReadonlyMap<string, unknown>;
};

/** Reads a template; throws a TemplateError that says what is wrong. */
export function goTemplate(text: string): Template {
  const tokens = tokensOf(text);
  const { nodes, next } = parse(tokens, 0);
  if (next < tokens.length) throw new TemplateError('unexpected {{end}}');
  return data => render(nodes, { dot: data, root: data, variables: new Map() });
}

type Token = { readonly text: string } | { readonly action: string };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{\{(-?)\s*(.*?)\s*(-?)\}\}/gs)) {
    const before = text.slice(at, match.index);
    tokens.push({ text: match[1] === '-' ? before.trimEnd() : before });
    tokens.push({ action: (match[2] ?? '').trim() });
    at = match.index + match[0].length;
    if (match[3] === '-') while (/\s/.test(text[at] ?? '')) at++;
  }
  const rest = text.slice(at);
  if (rest.includes('{{')) throw new TemplateError('unclosed action');
  return [...tokens, { text: rest }].filter(token => !('text' in token) || token.text !== '');
}

function parse(tokens: readonly Token[], from: number): { nodes: Node[]; next: number } {
  const nodes: Node[] = [];
  let at = from;
  for (; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if ('text' in token) {
      nodes.push({ kind: 'text', text: token.text });
      continue;
    }
    const { action } = token;
    if (action.startsWith('/*')) continue;
    if (action === 'end' || action === 'else') break;
    const [word = ''] = action.split(/\s+/, 1);
    if (word !== 'range' && word !== 'if') {
      if (['with', 'template', 'define', 'block', 'break', 'continue'].includes(word))
        throw new TemplateError(`{{${word}}} is not known here; range, if, else and end are`);
      nodes.push({ kind: 'value', expression: action });
      continue;
    }
    const body = parse(tokens, at + 1);
    const closing = tokens[body.next];
    const hasElse = closing !== undefined && 'action' in closing && closing.action === 'else';
    const otherwise = hasElse ? parse(tokens, body.next + 1) : { nodes: [], next: body.next };
    if (otherwise.next >= tokens.length) throw new TemplateError('unexpected EOF');
    nodes.push({
      kind: word,
      expression: action.slice(word.length).trim(),
      body: body.nodes,
      otherwise: otherwise.nodes,
    });
    at = otherwise.next;
  }
  return { nodes, next: at };
}

function render(nodes: readonly Node[], scope: Scope): string {
  return nodes.map(node => renderNode(node, scope)).join('');
}

function renderNode(node: Node, scope: Scope): string {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'value') return printed(evaluate(node.expression, scope));
  if (node.kind === 'if') {
    return render(truthy(evaluate(node.expression, scope)) ? node.body : node.otherwise, scope);
  }
  const declared = /^(?:\$(\w+)\s*,\s*)?\$(\w+)\s*:=\s*(.*)$/.exec(node.expression);
  const over = evaluate(declared?.[3] ?? node.expression, scope);
  const entries: [unknown, unknown][] = Array.isArray(over)
    ? over.map((value, index) => [index, value])
    : Object.entries((over ?? {}) as object).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return render(node.otherwise, scope);
  return entries
    .map(([key, value]) => {
      const variables = new Map(scope.variables);
      if (declared?.[1] !== undefined) variables.set(declared[1], key);
      if (declared?.[2] !== undefined) variables.set(declared[2], value);
      return render(node.body, { ...scope, dot: value, variables });
    })
    .join('');
}

function evaluate(expression: string, scope: Scope): unknown {
  let piped: unknown;
  expression.split(/\s*\|\s*(?=(?:[^"]*"[^"]*")*[^"]*$)/).forEach((part, index) => {
    const words = part.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
    piped = call(words, scope, index === 0 ? [] : [piped]);
  });
  return piped;
}

function call(words: readonly string[], scope: Scope, piped: readonly unknown[]): unknown {
  const [head = '', ...rest] = words;
  const given = [...rest.map(word => operand(word, scope)), ...piped];
  switch (head) {
    case 'json':
      return JSON.stringify(given[0]);
    case 'len':
      return Array.isArray(given[0]) || typeof given[0] === 'string'
        ? given[0].length
        : Object.keys((given[0] ?? {}) as object).length;
    case 'index':
      return given
        .slice(1)
        .reduce((value, key) => (value as Record<string, unknown> | undefined)?.[String(key)], given[0]);
    case 'join':
      return (Array.isArray(given[0]) ? given[0] : []).join(String(given[1] ?? ''));
    case 'upper':
      return printed(given[0]).toUpperCase();
    case 'lower':
      return printed(given[0]).toLowerCase();
    case 'println':
      return `${given.map(printed).join(' ')}\n`;
    case 'print':
      return given.map(printed).join('');
    case 'eq':
      return given[0] === given[1];
    case 'ne':
      return given[0] !== given[1];
    case 'not':
      return !truthy(given[0]);
    default:
      if (rest.length > 0 && head.startsWith('.')) {
        const found = operand(head, scope);
        if (typeof found === 'function') return (found as (...words: unknown[]) => unknown)(...given);
      }
      if (rest.length > 0) throw new TemplateError(`function "${head}" not defined`);
      return operand(head, scope);
  }
}

function operand(word: string, scope: Scope): unknown {
  if (word.startsWith('"')) return JSON.parse(word);
  if (/^-?\d+$/.test(word)) return Number(word);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === '.') return scope.dot;
  if (word === '$') return scope.root;
  const variable = /^\$(\w*)(\..*)?$/.exec(word);
  if (variable !== null) {
    const start = variable[1] === '' ? scope.root : scope.variables.get(variable[1] ?? '');
    return along(start, (variable[2] ?? '').split('.').slice(1), word);
  }
  if (!word.startsWith('.')) throw new TemplateError(`function "${word}" not defined`);
  return along(scope.dot, word.split('.').slice(1), word);
}

function along(start: unknown, path: readonly string[], whole: string): unknown {
  let value = start;
  for (const name of path) {
    if (name === '') continue;
    if (value === null || typeof value !== 'object' || !(name in value))
      throw new TemplateError(`at <${whole}>: can't evaluate field ${name}`);
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== '';
}

/** As Go prints a value: maps and lists in brackets. */
function printed(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => `${key}:${printed(one)}`)
      .join(' ')}]`;
  return String(value);
}
