/** Programs that a learner puts behind a pipe: text in, text out. */
export type Filter = (words: readonly string[], lines: readonly string[]) => Filtered;

export type Filtered = {
  readonly lines: readonly string[];
  readonly exitCode: number;
  readonly complaint?: string;
};

export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['grep', grep],
  ['egrep', grep],
  ['head', (words, lines) => done(lines.slice(0, countOption(words)))],
  ['tail', (words, lines) => done(lines.slice(-countOption(words)))],
  ['wc', words],
  ['sort', sort],
  ['uniq', (_, lines) => done(lines.filter((line, index) => line !== lines[index - 1]))],
  ['cat', (_, lines) => done(lines)],
  ['less', (_, lines) => done(lines)],
  ['more', (_, lines) => done(lines)],
]);

function done(lines: readonly string[]): Filtered {
  return { lines, exitCode: 0 };
}

function grep(options: readonly string[], lines: readonly string[]): Filtered {
  const flags = new Set(
    options.filter(word => /^-[a-zA-Z]+$/.test(word)).flatMap(word => [...word.slice(1)]),
  );
  const unknown = [...flags].find(flag => !'icvnEFow'.includes(flag));
  if (unknown !== undefined) {
    return {
      lines: [],
      exitCode: 2,
      complaint: `grep: -${unknown} is not known here; -i -v -c -n -o -w -E -F are`,
    };
  }
  const pattern = options.find(word => !/^-[a-zA-Z]+$/.test(word));
  if (pattern === undefined)
    return { lines: [], exitCode: 2, complaint: 'grep: what to look for is missing' };
  const source = flags.has('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
  let expression: RegExp;
  try {
    const whole = flags.has('w') ? `\\b(?:${source})\\b` : source;
    expression = new RegExp(whole, flags.has('i') ? 'i' : '');
  } catch {
    return { lines: [], exitCode: 2, complaint: `grep: "${pattern}" is no regular expression` };
  }
  const found = lines
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => expression.test(line) !== flags.has('v'));
  const exitCode = found.length === 0 ? 1 : 0;
  if (flags.has('c')) return { lines: [`${found.length}`], exitCode };
  const shown = found.map(({ line, number }) => {
    const text = flags.has('o') && !flags.has('v') ? (expression.exec(line)?.[0] ?? '') : line;
    return flags.has('n') ? `${number}:${text}` : text;
  });
  return { lines: shown, exitCode };
}

/** `-n 3`, `-3`; 10 without. */
function countOption(options: readonly string[]): number {
  const at = options.indexOf('-n');
  const text = at >= 0 ? options[at + 1] : options.find(word => /^-\d+$/.test(word))?.slice(1);
  const count = Number(text ?? 10);
  return Number.isInteger(count) && count >= 0 ? count : 10;
}

function words(options: readonly string[], lines: readonly string[]): Filtered {
  if (options.includes('-l')) return done([`${lines.length}`]);
  const all = lines.join('\n').split(/\s+/).filter(Boolean).length;
  const characters = lines.reduce((sum, line) => sum + line.length + 1, 0);
  if (options.includes('-w')) return done([`${all}`]);
  if (options.includes('-c')) return done([`${characters}`]);
  return done([`${lines.length} ${all} ${characters}`]);
}

function sort(options: readonly string[], lines: readonly string[]): Filtered {
  const numeric = options.some(word => /^-\w*n/.test(word));
  const compare = numeric
    ? (a: string, b: string) => Number.parseFloat(a) - Number.parseFloat(b)
    : (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...lines].sort(compare);
  if (options.some(word => /^-\w*r/.test(word))) sorted.reverse();
  return done(
    options.some(word => /^-\w*u/.test(word)) ? sorted.filter((line, i) => line !== sorted[i - 1]) : sorted,
  );
}
