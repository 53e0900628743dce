/** One leaf of a switch's state: "network-instance default protocols bgp neighbor 10.1.1.0", "session-state", "established". */
export type StateLeaf = { readonly path: readonly string[]; readonly name: string; readonly value: string };

/** Lists and the leaf that their key is, as YANG names them. */
const KEYS: Readonly<Record<string, string>> = {
  'network-instance': 'name',
  interface: 'name',
  subinterface: 'index',
  neighbor: 'peer-address',
  'afi-safi': 'afi-safi-name',
  mac: 'address',
  route: 'ipv4-prefix',
  'tunnel-interface': 'name',
  'vxlan-interface': 'index',
  vtep: 'address',
};

/** The leaves at or below a path; a word may be `*`, and the last may name a leaf. */
export function selected(leaves: readonly StateLeaf[], path: readonly string[]): StateLeaf[] {
  return leaves.filter(leaf => {
    const whole = [...leaf.path, leaf.name];
    return path.length <= whole.length && path.every((word, at) => word === '*' || word === whole[at]);
  });
}

/** As `info from state` prints: braces, four blanks a level. */
export function stateLines(leaves: readonly StateLeaf[]): string[] {
  const lines: string[] = [];
  let open: string[] = [];
  const indent = (depth: number) => '    '.repeat(depth + 1);
  const close = (to: number) => {
    while (open.length > to) {
      open.pop();
      lines.push(`${indent(open.length)}}`);
    }
  };
  for (const { path, name, value } of leaves) {
    const wanted = segments(path);
    let shared = 0;
    while (shared < open.length && open[shared] === wanted[shared]) shared++;
    close(shared);
    for (const segment of wanted.slice(shared)) {
      lines.push(`${indent(open.length)}${segment} {`);
      open = [...open, segment];
    }
    lines.push(`${indent(open.length)}${name} ${/\s/.test(value) ? `"${value}"` : value}`);
  }
  close(0);
  return lines;
}

/** As `… | as json`: lists are arrays, their key a leaf of each entry. */
export function stateJson(leaves: readonly StateLeaf[]): unknown {
  const root: Record<string, unknown> = {};
  for (const { path, name, value } of leaves) {
    let at = root;
    for (let i = 0; i < path.length; i++) {
      const word = path[i] ?? '';
      const key = KEYS[word];
      if (key === undefined || i + 1 >= path.length) {
        at[word] ??= {};
        at = at[word] as Record<string, unknown>;
        continue;
      }
      const name = path[++i] ?? '';
      at[word] ??= [];
      const list = at[word] as Record<string, unknown>[];
      let entry = list.find(one => one[key] === name);
      if (entry === undefined) {
        entry = { [key]: name };
        list.push(entry);
      }
      at = entry;
    }
    at[name] = /^\d+$/.test(value) ? Number(value) : value;
  }
  return root;
}

/** "neighbor 10.1.1.0" is one level, "protocols" another. */
function segments(path: readonly string[]): string[] {
  const all: string[] = [];
  for (let at = 0; at < path.length; at++) {
    const word = path[at] ?? '';
    if (word in KEYS && at + 1 < path.length) all.push(`${word} ${path[++at]}`);
    else all.push(word);
  }
  return all;
}
