import { faultId } from '../lab/fault.ts';
import { suggestion } from '../lab/nearest.ts';
import { parseFault } from './fault-text.ts';
import type { Action, CommandToRun } from './lesson.ts';
import type { Mistakes } from './mistakes.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A line of text with its number in the file. */
export type NumberedLine = { readonly text: string; readonly line: number };

/** Lines with something on them; a line that ends in a backslash goes on in the next. */
export function numberedLines(content: string, firstLine: number): NumberedLine[] {
  const joined: NumberedLine[] = [];
  let open: NumberedLine | undefined;
  for (const [index, raw] of content.split('\n').entries()) {
    const text: string = open === undefined ? raw.trim() : `${open.text} ${raw.trim()}`;
    const line: number = open?.line ?? firstLine + index;
    open = undefined;
    if (text.endsWith('\\')) open = { text: text.slice(0, -1).trimEnd(), line };
    else if (text !== '') joined.push({ text, line });
  }
  if (open !== undefined) joined.push(open);
  return joined;
}

/**
 * One line of a solution: "$ kubectl get pods" (before the dollar: on=<host>, cluster=<name>, expect=failure), "stage fabric",
 * "break link-cut A B", "heal all", "heal link-cut A B", "traffic on 2" (requests a second for each client), "traffic off".
 */
export function readAction(
  { text, line }: NumberedLine,
  vocabulary: Vocabulary,
  mistakes: Mistakes,
): Action | undefined {
  const place = { line, column: 1 };
  const command = /^((?:(?:on|cluster|expect)=\S+\s+)*)\$\s+(.+)$/.exec(text);
  if (command !== null) {
    const options = new Map(
      (command[1] ?? '')
        .split(/\s+/)
        .filter(word => word !== '')
        .map(word => {
          const [key = '', value = ''] = word.split('=');
          return [key, value] as const;
        }),
    );
    const run = commandToRun(command[2] ?? '', options, vocabulary, line, mistakes);
    return run === undefined ? undefined : { verb: 'run', ...run };
  }
  const [verb = '', ...rest] = text.split(/\s+/);
  switch (verb) {
    case 'stage': {
      const stage = readStage(rest.join(' '), vocabulary, line, mistakes);
      return stage === undefined ? undefined : { verb, stage };
    }
    case 'break': {
      const parsed = parseFault(rest.join(' '), vocabulary);
      if ('fault' in parsed) return { verb, fault: parsed.fault };
      mistakes.add(place, 'wrong-fault', parsed.problem, parsed.expected);
      return undefined;
    }
    case 'heal': {
      const fault = readHealed(rest.join(' '), vocabulary, line, mistakes);
      return fault === undefined ? undefined : { verb, fault };
    }
    case 'traffic': {
      const rate = rest[1] === undefined ? undefined : Number(rest[1]);
      if (rest[0] === 'off' && rest.length === 1) return { verb, on: false };
      if (rest[0] === 'on' && (rate === undefined || (rate > 0 && rate <= 1000)) && rest.length <= 2)
        return { verb, on: true, ...(rate !== undefined && { ratePerClient: rate }) };
      mistakes.add(place, 'wrong-action', `"${text}" is not understood`, 'traffic on [rate], or traffic off');
      return undefined;
    }
    default:
      mistakes.add(
        place,
        'wrong-action',
        `"${text}" is not understood`,
        '$ <command>, stage, break, heal or traffic',
      );
      return undefined;
  }
}

/** A command with the block's options, which must name things of the lab. */
export function commandToRun(
  commandLine: string,
  options: ReadonlyMap<string, string>,
  vocabulary: Vocabulary,
  line: number,
  mistakes: Mistakes,
): CommandToRun | undefined {
  const on = options.get('on');
  const cluster = options.get('cluster');
  const expected = options.get('expect');
  const place = { line, column: 1 };
  if (expected !== undefined && expected !== 'failure') {
    mistakes.add(place, 'block-option', `"${expected}" cannot be expected`, 'expect=failure');
    return undefined;
  }
  if (cluster !== undefined && !vocabulary.clusters.includes(cluster)) {
    mistakes.add(
      place,
      'unknown-cluster',
      `there is no cluster "${cluster}"`,
      suggestion(cluster, vocabulary.clusters),
    );
    return undefined;
  }
  if (on !== undefined && !vocabulary.nodes.includes(on)) {
    mistakes.add(place, 'unknown-host', `there is no host "${on}"`, suggestion(on, vocabulary.nodes));
    return undefined;
  }
  return {
    commandLine,
    ...(on !== undefined && { on }),
    ...(cluster !== undefined && { cluster }),
    ...(expected !== undefined && { failing: true }),
  };
}

export function readStage(
  text: string,
  vocabulary: Vocabulary,
  line: number,
  mistakes: Mistakes,
): string | undefined {
  if (vocabulary.stages.includes(text)) return text;
  mistakes.add(
    { line, column: 1 },
    'unknown-stage',
    `there is no stage "${text}"`,
    suggestion(text, vocabulary.stages),
  );
  return undefined;
}

/** What a heal names: "all", or the id of the fault written there. */
export function readHealed(
  text: string,
  vocabulary: Vocabulary,
  line: number,
  mistakes: Mistakes,
): string | undefined {
  if (text === 'all') return 'all';
  const parsed = parseFault(text, vocabulary);
  if ('fault' in parsed) return faultId(parsed.fault);
  mistakes.add({ line, column: 1 }, 'wrong-fault', parsed.problem, `all; or ${parsed.expected}`);
  return undefined;
}
