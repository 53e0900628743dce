import { LAST_APPLIED } from '../kube/apply.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Surroundings } from './surroundings.ts';

/** An object as the API server would send it: lab times become dates, what kubectl hides is left out. */
export function presentable(object: KubeObject, date: Surroundings['date']): unknown {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { annotations: _, ...others } = metadata;
  const shown = shownAnnotations(object);
  const told = {
    apiVersion,
    kind,
    metadata: { ...(Object.keys(shown).length === 0 ? {} : { annotations: shown }), ...others },
    ...rest,
  };
  return dated(told, date);
}

/** All but what kubectl hides. */
export function shownAnnotations({ metadata }: KubeObject): Readonly<Record<string, string>> {
  const { [LAST_APPLIED]: _, ...shown } = metadata.annotations ?? {};
  return shown;
}

/** Block YAML of plain values, keys sorted as kubectl prints them. */
export function yamlLines(value: unknown, indent = ''): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(item => {
      const [first = '', ...rest] = yamlLines(item, `${indent}  `);
      return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
    });
  }
  if (!isRecord(value)) return [`${indent}${scalar(value)}`];
  const lines: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const entry = value[key];
    if (entry === undefined) continue;
    const name = `${indent}${scalar(key)}:`;
    if (isEmpty(entry)) lines.push(`${name} ${Array.isArray(entry) ? '[]' : '{}'}`);
    else if (typeof entry === 'string' && entry.includes('\n')) {
      lines.push(`${name} |${entry.endsWith('\n') ? '' : '-'}`);
      for (const line of entry.replace(/\n$/, '').split('\n'))
        lines.push(line === '' ? '' : `${indent}  ${line}`);
    } else if (Array.isArray(entry)) lines.push(name, ...yamlLines(entry, indent));
    else if (isRecord(entry)) lines.push(name, ...yamlLines(entry, `${indent}  `));
    else lines.push(`${name} ${scalar(entry)}`);
  }
  return lines;
}

/**
 * The simple part of JSONPath that people type: `{.items[*].metadata.name}`, `{.status.podIP}`, `{.spec.ports[0].port}`,
 * text between braces, `{"\n"}`, `{range .items[*]}…{end}`, filters `[?(@.type=="Ready")]` and slices. Undefined for what it does not understand.
 */
export function jsonPath(template: string, value: unknown): string | undefined {
  const loop = /^(.*?)\{range ([^}]*)\}(.*?)\{end\}(.*)$/s.exec(template);
  if (loop !== null) {
    const [, before = '', path = '', body = '', after = ''] = loop;
    const parts = [
      before === '' ? '' : jsonPath(before, value),
      ...(valuesAt(path.trim(), value)?.map(each => jsonPath(body, each)) ?? [undefined]),
      after === '' ? '' : jsonPath(after, value),
    ];
    return parts.some(part => part === undefined) ? undefined : parts.join('');
  }
  let text = '';
  const source = template.includes('{') ? template : `{${template}}`;
  for (const [whole, literal, expression] of source.matchAll(/([^{}]+)|\{([^{}]*)\}/g)) {
    if (literal !== undefined) {
      text += literal;
      continue;
    }
    const inner = (expression ?? whole).trim();
    const quoted = /^"(.*)"$/.exec(inner)?.[1];
    if (quoted !== undefined) {
      text += quoted.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
      continue;
    }
    const found = valuesAt(inner, value);
    if (found === undefined) return undefined;
    text += found
      .map(each => (isRecord(each) || Array.isArray(each) ? JSON.stringify(each) : String(each)))
      .join(' ');
  }
  return text;
}

function valuesAt(path: string, value: unknown): unknown[] | undefined {
  if (!/^\$?(\.|\[)/.test(path)) return undefined;
  let found: unknown[] = [value];
  const parts = path
    .replace(/^\$/, '')
    .matchAll(/\.((?:[^.[\]\\]|\\.)+)|\[(\*|-?\d+|'[^']*'|"[^"]*"|\?\([^\]]*\)|-?\d*:-?\d*)\]|\.(?=\[|$)/g);
  let consumed = path.startsWith('$') ? 1 : 0;
  for (const [whole, field, index] of parts) {
    consumed += whole.length;
    const key = field?.replaceAll('\\', '') ?? index?.replace(/^['"]|['"]$/g, '');
    if (key === undefined) continue;
    if (key.startsWith('?(')) {
      const holds = filterOf(key.slice(2, -1));
      if (holds === undefined) return undefined;
      found = found.flatMap(each => (Array.isArray(each) ? each.filter(holds) : []));
      continue;
    }
    const slice = /^(-?\d*):(-?\d*)$/.exec(index ?? '');
    if (slice !== null) {
      const [from, to] = [slice[1], slice[2]].map(text =>
        text === '' || text === undefined ? undefined : Number(text),
      );
      found = found.flatMap(each => (Array.isArray(each) ? each.slice(from, to) : []));
      continue;
    }
    found = found.flatMap(each => {
      if (key === '*') return Array.isArray(each) ? each : isRecord(each) ? Object.values(each) : [];
      if (Array.isArray(each)) {
        const at = each.at(Number(key));
        return at === undefined ? [] : [at];
      }
      const next = isRecord(each) ? each[key] : undefined;
      return next === undefined ? [] : [next];
    });
  }
  return consumed === path.length ? found : undefined;
}

/** `@.type=="Ready"`, `@.spec.replicas>1`, `@.metadata.labels.app`: what an item must be like. */
function filterOf(text: string): ((item: unknown) => boolean) | undefined {
  const match = /^\s*(@(?:\.|\[)?.*?)\s*(?:(==|!=|>=|<=|>|<)\s*(.+?))?\s*$/.exec(text);
  if (match === null) return undefined;
  const [, path = '', operator, literal] = match;
  const wanted = literal?.replace(/^(['"])(.*)\1$/, '$2');
  return item => {
    const [value] = path === '@' ? [item] : (valuesAt(path.slice(1), item) ?? []);
    if (operator === undefined || wanted === undefined) return value !== undefined;
    switch (operator) {
      case '==':
        return String(value) === wanted;
      case '!=':
        return String(value) !== wanted;
      case '>':
        return Number(value) > Number(wanted);
      case '>=':
        return Number(value) >= Number(wanted);
      case '<':
        return Number(value) < Number(wanted);
      default:
        return Number(value) <= Number(wanted);
    }
  };
}

function dated(value: unknown, date: Surroundings['date'], key = ''): unknown {
  if (Array.isArray(value)) return value.map(item => dated(item, date));
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, dated(entry, date, name)]));
  }
  return typeof value === 'number' && /(Timestamp|Time|At|timeAdded)$/.test(key) ? date(value) : value;
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? 'null' : String(value);
  const plain =
    value !== '' &&
    !/^[\s!&*\-?{}[\],#|>@`"'%:]|: |\s#|[:\s]$/.test(value) &&
    !/^(true|false|null|yes|no|on|off|~|[+-]?(\d[\d_]*(\.\d*)?|\.\d+)(e[+-]?\d+)?|0x[\da-f]+)$/i.test(
      value,
    ) &&
    !/^\d{4}-\d\d-\d\dT/.test(value);
  return plain ? value : JSON.stringify(value);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
