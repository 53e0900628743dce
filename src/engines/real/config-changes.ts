type Placed = { readonly path: readonly string[]; readonly line: string; readonly opens: boolean };

/** The commands that turn one configuration into another on a running daemon, as frr-reload does it. */
export function configChanges(before: string, after: string): string[] {
  const old = placed(before);
  const wanted = placed(after);
  const has = (list: readonly Placed[], { path, line }: Placed) =>
    list.some(each => each.line === line && each.path.join('/') === path.join('/'));
  const replaced = ({ path, line }: Placed) => {
    const subject = subjectOf(line);
    return (
      subject !== undefined &&
      wanted.some(each => subjectOf(each.line) === subject && each.path.join('/') === path.join('/'))
    );
  };
  const gone = old.filter(each => !has(wanted, each) && !replaced(each));
  // What stood inside something that goes, goes with it.
  const removed = gone.filter(
    ({ path }) =>
      !gone.some(other => other.opens && path.join('/').startsWith([...other.path, other.line].join('/'))),
  );
  const commands: string[] = [];
  for (const each of removed) commands.push(...within(each.path, [negated(each.line)]));
  for (const each of wanted) {
    if (!has(old, each)) commands.push(...within(each.path, [each.line], each.opens));
  }
  return commands;
}

function within(path: readonly string[], lines: readonly string[], opens = false): string[] {
  const leave = path.map((_, index) =>
    /^address-family/.test(path[index] ?? '') ? 'exit-address-family' : 'exit',
  );
  return [...path, ...lines, ...(opens ? ['exit'] : []), ...leave.reverse()];
}

/** Settings with one value: the new one takes the place of the old. */
const settings = [
  /^(neighbor \S+ (?:timers connect|timers|bfd profile|remote-as|local-as|ebgp-multihop|update-source)) /,
  /^(neighbor \S+ route-map) \S+ (in|out)$/,
  /^(bgp router-id|bgp cluster-id|maximum-paths ibgp|maximum-paths|rd) /,
  /^(detect-multiplier|receive-interval|transmit-interval) /,
  /^(set (?:local-preference|metric|as-path prepend|ip next-hop)) /,
];

/** What a line sets, whatever to; undefined: there may be many such lines. */
function subjectOf(line: string): string | undefined {
  for (const setting of settings) {
    const found = setting.exec(line);
    if (found !== null) return found.slice(1).join(' ');
  }
  return undefined;
}

function negated(line: string): string {
  return line.startsWith('no ') ? line.slice(3) : `no ${line}`;
}

/** Every line with the lines it stands in, by its indentation. */
function placed(config: string): Placed[] {
  const lines = config
    .split('\n')
    .filter(line => line.trim() !== '' && !/^\s*(!|exit|end$|frr |hostname|log )/.test(line));
  const result: Placed[] = [];
  const open: { readonly indent: number; readonly line: string }[] = [];
  lines.forEach((text, index) => {
    const indent = text.length - text.trimStart().length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const next = lines[index + 1];
    const opens =
      (next !== undefined && next.length - next.trimStart().length > indent) ||
      /^(route-map|router bgp|bfd$|address-family|peer )/.test(text.trim()) ||
      // Inside a peer it names one.
      (/^profile \S+$/.test(text.trim()) && open.at(-1)?.line === 'bfd');
    result.push({ path: open.map(({ line }) => line), line: text.trim(), opens });
    if (opens) open.push({ indent, line: text.trim() });
  });
  return result;
}
