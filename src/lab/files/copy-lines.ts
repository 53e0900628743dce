/** A line as it is for somebody else; the same line when it speaks of nobody in particular. */
export type Rewrite = (line: string) => string;

/** Replaces whole words: "1.1.1.2" is neither part of "1.1.1.202" nor of "11.1.1.2". */
export function rewriter(pairs: readonly (readonly [string, string])[]): Rewrite {
  const words = new Map(pairs);
  const found = new RegExp(
    `(?<![\\w.])(?:${pairs.map(([word]) => escaped(word)).join('|')})(?![\\w]|\\.\\d)`,
    'g',
  );
  return text => text.replace(found, word => words.get(word) ?? word);
}

/** Behind each run of lines that `rewrite` changes stands the changed copy of the run. */
export function copyRuns(text: string, rewrite: Rewrite): string {
  const result: string[] = [];
  let run: string[] = [];
  for (const line of text.split('\n')) {
    const copy = rewrite(line);
    if (copy === line) {
      result.push(...run);
      run = [];
    } else run.push(copy);
    result.push(line);
  }
  return [...result, ...run].join('\n');
}

/** Behind each item of the list `key` at the top of a YAML document that `rewrite` changes stands its changed copy. */
export function copyItems(text: string, key: string, rewrite: Rewrite): string {
  const lines = text.split('\n');
  const begin = lines.indexOf(`${key}:`) + 1;
  if (begin === 0) return text;
  const after = lines.findIndex((line, index) => index >= begin && /^[^\s#]/.test(line));
  const end = after < 0 ? lines.length : after;
  const starts = lines.flatMap((line, index) =>
    index >= begin && index < end && /^ *- \w/.test(line) ? [index] : [],
  );
  const depth = Math.min(...starts.map(index => lines[index]?.search(/\S/) ?? 0));
  const items = starts.filter(index => lines[index]?.search(/\S/) === depth);
  const result = lines.slice(0, items[0] ?? end);
  items.forEach((start, index) => {
    const item = lines.slice(start, items[index + 1] ?? end);
    const copy = item.map(rewrite);
    result.push(...item, ...(copy.join('\n') === item.join('\n') ? [] : copy));
  });
  return [...result, ...lines.slice(end)].join('\n');
}

/** Behind each YAML document that `rewrite` changes stands its changed copy. */
export function copyDocuments(text: string, rewrite: Rewrite): string {
  const separator = '---\n';
  return text
    .split(/^---\n/m)
    .flatMap(document => {
      const copy = rewrite(document);
      return copy === document ? [document] : [ended(document), ended(copy)];
    })
    .join(separator);
}

function ended(document: string): string {
  return document.endsWith('\n') ? document : `${document}\n`;
}

function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
