/** More rounds than this are not run from one line. */
const MOST_ROUNDS = 1000;

/** What a line of a shell needs a real shell for, or loops that run away. */
export class NotHere extends Error {}

const LOOP =
  /\bfor\s+([A-Za-z_]\w*)\s+in\s+((?:(?!\bdo\b)[^;\n])*)[;\n]\s*do\b\s*((?:(?!\bfor\b|\bdone\b)[\s\S])*?)[;\n\s]*\bdone\b/;

/**
 * Unrolls `for i in 1 2 3; do …; done`: the body once for each word, with `$i` filled in. Words may be `$(seq 1 5)` and `{1..5}`.
 * Loops may stand in loops. Throws NotHere for what a real shell would be needed for.
 */
export function unrolled(text: string): string {
  let line = text;
  for (let rounds = 0; ; ) {
    const found = LOOP.exec(masked(line));
    if (found === null) break;
    const at = found.index;
    const [whole, name = '', list = '', body = ''] = found;
    const listAt = at + whole.indexOf(list, whole.indexOf(' in ') + 3);
    const bodyAt = at + whole.length - whole.slice(whole.search(/[;\n]\s*do\b/)).length;
    const bodyStart = line.slice(bodyAt).search(/\bdo\b/) + bodyAt + 2;
    const start = line.slice(bodyStart).search(/\S/) + bodyStart;
    const values = wordsOf(line.slice(listAt, listAt + list.length));
    rounds += values.length;
    if (rounds > MOST_ROUNDS) throw new NotHere(`more than ${MOST_ROUNDS} rounds are not run from one line`);
    const inner = line.slice(start, start + body.length).replace(/[;\s]+$/, '');
    const bodies = values.map(value => filledIn(inner, name, value));
    line = `${line.slice(0, at)}${bodies.join('; ') || 'true'}${line.slice(at + whole.length)}`;
  }
  const plain = line.replaceAll(SEAM, '');
  refuseShellWords(plain);
  return plain;
}

/** The same text with everything in quotes blotted out, letter for letter. */
function masked(text: string): string {
  return text.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/g, quoted => '\u0001'.repeat(quoted.length));
}

function wordsOf(list: string): string[] {
  return list
    .replace(/\$\(\s*seq\s+([\d\s]+)\)/g, (_, numbers: string) =>
      sequence(numbers.trim().split(/\s+/).map(Number)).join(' '),
    )
    .replace(/\{(\d+)\.\.(\d+)\}/g, (_, from: string, to: string) =>
      sequence([Number(from), Number(to)]).join(' '),
    )
    .split(/\s+/)
    .filter(Boolean)
    .map(word => word.replace(/^(['"])(.*)\1$/, '$2'));
}

/** `seq last`, `seq first last`, `seq first step last`. */
function sequence(numbers: readonly number[]): number[] {
  const [first, step, last] =
    numbers.length === 1
      ? [1, 1, numbers[0] ?? 0]
      : numbers.length === 2
        ? [numbers[0] ?? 1, 1, numbers[1] ?? 0]
        : [numbers[0] ?? 1, numbers[1] ?? 1, numbers[2] ?? 0];
  const all: number[] = [];
  for (let value = first; step > 0 && value <= last && all.length <= MOST_ROUNDS; value += step)
    all.push(value);
  return all;
}

/** Keeps what was filled in from becoming part of another loop's variable: `$a$b`. */
const SEAM = '\u0002';

/** `$i` and `${i}` outside single quotes. */
function filledIn(body: string, name: string, value: string): string {
  const variable = new RegExp(`\\$(?:${name}\\b|\\{${name}\\})`, 'g');
  return body.replace(/'[^']*'|[^']+/g, part =>
    part.startsWith("'") ? part : part.replace(variable, () => `${SEAM}${value}`),
  );
}

/** Words of a shell that this one has not: one sentence instead of an error for each part of it. */
function refuseShellWords(line: string): void {
  const outside = masked(line);
  const unquoted = line.replace(/'[^']*'/g, '');
  const keyword = /(?:^|[;&|\n]\s*)(while|until|if|case|function|select|for)\b/.exec(outside)?.[1];
  if (keyword !== undefined) {
    const loop =
      keyword === 'for'
        ? 'a loop is written in one line: '
        : `"${keyword}" needs a real shell; what works here: `;
    throw new NotHere(`${loop}for i in $(seq 1 5); do sleep 1; …; done`);
  }
  if (/\$\(|`/.test(unquoted))
    throw new NotHere(
      '$(…) needs a real shell; here it counts the rounds of a loop only: for i in $(seq 1 5); do …; done',
    );
  const variable = /\$\{?([A-Za-z_]\w*)/.exec(unquoted)?.[1];
  if (variable !== undefined)
    throw new NotHere(
      `there is no variable ${variable} here; only a loop's own: for i in 1 2 3; do echo $i; done`,
    );
  if (/(^|[^&>|])&(?![&>])/.test(outside.replace(/2>&1/g, '')))
    throw new NotHere(
      'nothing runs in the background here ("&"): lab time goes on by itself, commands run one after the other',
    );
}
