/** A command line split into programs joined by `|`, each into words, as a shell would; undefined: a quote is open. */
export function splitLine(line: string): string[][] | undefined {
  const programs: string[][] = [[]];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"' && at + 1 < line.length)
        word = `${word ?? ''}${line[++at]}`;
      else word = `${word ?? ''}${character}`;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '\\' && at + 1 < line.length) word = `${word ?? ''}${line[++at]}`;
    else if (character === '|' || /\s/.test(character)) {
      if (word !== undefined) programs.at(-1)?.push(word);
      word = undefined;
      if (character === '|') programs.push([]);
    } else word = `${word ?? ''}${character}`;
  }
  if (quote !== '') return undefined;
  if (word !== undefined) programs.at(-1)?.push(word);
  return programs;
}
