import type { KubeObject } from '../kube/objects.ts';
import { hasOption, optionOfName } from './arguments.ts';
import { columnsOf } from './columns.ts';
import { getEvents, watchEvents } from './events.ts';
import { goTemplate, TemplateError } from './go-template.ts';
import { plainTable } from './plain-table.ts';
import { jsonPath, presentable, yamlLines } from './render.ts';
import { type Selected, select, singularName } from './resources.ts';
import type { Session } from './session.ts';
import { watching } from './watching.ts';

/** `kubectl get`. */
export async function get(session: Session, words: readonly string[]): Promise<number> {
  const { args, fail } = session;
  if (/^(ev|events?)(\.events\.k8s\.io)?$/.test(words[0] ?? ''))
    return hasOption(args, 'watch') || hasOption(args, 'watch-only')
      ? watchEvents(session)
      : getEvents(session);
  const found = select(session, words);
  if (typeof found === 'string')
    return hasOption(args, 'ignore-not-found') && found.includes('(NotFound)') ? 0 : fail(found);
  const selected = sorted(found, optionOfName(args, 'sort-by'));
  if (typeof selected === 'string') return fail(selected);
  if (selected.some(({ type }) => type.kind === 'Endpoints'))
    session.err('Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice');
  const format = optionOfName(args, 'output');
  const printed = hasOption(args, 'watch-only') ? 0 : print(session, selected, format);
  if (printed !== 0 || !(hasOption(args, 'watch') || hasOption(args, 'watch-only'))) return printed;
  return watch(session, words, selected, format);
}

/** Prints objects in one of kubectl's formats; undefined is the table. */
export function print(session: Session, selected: readonly Selected[], format: string | undefined): number {
  const objects = selected.flatMap(each => each.objects);
  const single = selected.length === 1 && selected[0]?.named === true && objects.length === 1;
  const whole = () =>
    single && objects[0] !== undefined
      ? presentable(objects[0], session.date)
      : {
          apiVersion: 'v1',
          items: objects.map(object => presentable(object, session.date)),
          kind: 'List',
          metadata: { resourceVersion: '' },
        };
  if (format === undefined || format === 'wide') return printTables(session, selected, format === 'wide');
  if (format === 'name') {
    for (const { type, objects: some } of selected)
      for (const { metadata } of some) session.out(`${singularName(type)}/${metadata.name}`);
    return 0;
  }
  if (format === 'yaml' || format === 'json') {
    const lines = format === 'yaml' ? yamlLines(whole()) : JSON.stringify(whole(), undefined, 4).split('\n');
    for (const line of lines) session.out(line);
    return 0;
  }
  const template = /^jsonpath(?:-as-json)?=(.*)$/s.exec(format)?.[1];
  if (template !== undefined) {
    const text = jsonPath(template, whole());
    if (text === undefined) return session.fail(`error: this lab does not know this JSONPath: ${template}`);
    session.out(text);
    return 0;
  }
  const goText = /^go-template=(.*)$/s.exec(format)?.[1];
  if (goText !== undefined) {
    try {
      session.out(goTemplate(goText.replaceAll('\\n', '\n'))(whole()).replace(/\n$/, ''));
      return 0;
    } catch (error) {
      if (error instanceof TemplateError)
        return session.fail(`error: error executing template: ${error.message}`);
      throw error;
    }
  }
  const columns = /^custom-columns=(.*)$/s.exec(format)?.[1];
  if (columns !== undefined) return printCustom(session, objects, columns);
  return session.fail(
    `error: unable to match a printer suitable for the output format "${format}", allowed formats are: custom-columns,go-template,json,jsonpath,name,wide,yaml`,
  );
}

/** `--sort-by=.metadata.creationTimestamp`: by what a JSONPath finds in each object. */
function sorted(selected: readonly Selected[], path: string | undefined): readonly Selected[] | string {
  if (path === undefined) return selected;
  const expression = path.includes('{') ? path : `{${path.startsWith('.') ? path : `.${path}`}}`;
  const keyOf = (object: KubeObject) => jsonPath(expression, object);
  if (selected.some(({ objects }) => objects.some(object => keyOf(object) === undefined)))
    return `error: couldn't find any field with path "${expression}" in the list of objects`;
  return selected.map(each => ({
    ...each,
    objects: [...each.objects].sort((a, b) =>
      (keyOf(a) ?? '').localeCompare(keyOf(b) ?? '', 'en', { numeric: true }),
    ),
  }));
}

function printTables(session: Session, selected: readonly Selected[], wide: boolean): number {
  const filled = selected.filter(({ objects }) => objects.length > 0);
  if (filled.length === 0) {
    const namespaced = selected.some(({ type }) => type.namespaced);
    const where = session.namespace === undefined || !namespaced ? '' : ` in ${session.namespace} namespace`;
    session.err(`No resources found${where}${where === '' ? '' : '.'}`);
    return 0;
  }
  filled.forEach((each, index) => {
    if (index > 0) session.out('');
    for (const line of tableOf(session, each, wide, selected.length > 1)) session.out(line);
  });
  return 0;
}

function tableOf(session: Session, { type, objects }: Selected, wide: boolean, prefixed: boolean): string[] {
  const now = session.now();
  const lines = plainTable(
    [
      ...(session.namespace === undefined && type.namespaced
        ? [{ title: 'NAMESPACE', of: (object: KubeObject) => object.metadata.namespace ?? '' }]
        : []),
      ...columnsOf(type.kind, wide).map(({ title, of }) => ({
        title,
        of: (object: KubeObject) =>
          title === 'NAME' && (prefixed || hasOption(session.args, 'show-kind'))
            ? `${singularName(type)}/${object.metadata.name}`
            : of(object, now, session.date),
      })),
      ...(optionOfName(session.args, 'label-columns') ?? '')
        .split(',')
        .filter(Boolean)
        .map(label => ({
          title: (label.split('/').at(-1) ?? label).toUpperCase(),
          of: ({ metadata }: KubeObject) => metadata.labels?.[label] ?? '',
        })),
      ...(hasOption(session.args, 'show-labels')
        ? [
            {
              title: 'LABELS',
              of: ({ metadata }: KubeObject) =>
                Object.entries(metadata.labels ?? {})
                  .map(([key, value]) => `${key}=${value}`)
                  .join(',') || '<none>',
            },
          ]
        : []),
    ],
    objects,
  );
  return hasOption(session.args, 'no-headers') ? lines.slice(1) : lines;
}

function printCustom(session: Session, objects: readonly KubeObject[], text: string): number {
  const columns = text.split(',').map(part => {
    const colon = part.indexOf(':');
    const path = part.slice(colon + 1);
    return {
      title: part.slice(0, colon),
      of: (object: KubeObject) =>
        jsonPath(`{${path.startsWith('.') ? path : `.${path}`}}`, presentable(object, session.date)) ||
        '<none>',
    };
  });
  for (const line of plainTable(columns, objects)) session.out(line);
  return 0;
}

/** Prints a line for each change of a row, as the API server reports it. */
function watch(
  session: Session,
  words: readonly string[],
  first: readonly Selected[],
  format: string | undefined,
): Promise<number> {
  const wide = format === 'wide';
  let seen = rows(session, first, wide);
  const marked = hasOption(session.args, 'output-watch-events');
  const tell = (event: string, line: string) => session.out(marked ? `${event.padEnd(8)}   ${line}` : line);
  return watching(session, () => {
    const selected = select(session, words);
    if (typeof selected === 'string') return;
    const now = rows(session, selected, wide);
    for (const [key, { state, line }] of now) {
      const before = seen.get(key);
      if (before?.state !== state) tell(before === undefined ? 'ADDED' : 'MODIFIED', line);
    }
    for (const [key, { line }] of seen) if (!now.has(key)) tell('DELETED', line);
    seen = now;
  });
}

/** The rows, and what of each is worth a new line: everything but its age. */
function rows(
  session: Session,
  selected: readonly Selected[],
  wide: boolean,
): Map<string, { readonly state: string; readonly line: string }> {
  const all = new Map<string, { readonly state: string; readonly line: string }>();
  for (const each of selected) {
    const [, ...lines] = tableOf(session, each, wide, selected.length > 1);
    const columns = columnsOf(each.type.kind, wide).filter(column => column.title !== 'AGE');
    each.objects.forEach((object, index) => {
      const state = columns
        .map(column => column.of(object, object.metadata.creationTimestamp ?? 0, session.date))
        .join(' ');
      all.set(`${each.type.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, {
        state,
        line: lines[index] ?? '',
      });
    });
  }
  return all;
}
