/** Packets that came in and went out, by namespace and device. */
export type Counters = ReadonlyMap<string, { readonly in: number; readonly out: number }>;

/** "/proc/net/dev" of several namespaces, each behind its name. */
export function countersIn(output: string): Counters {
  const counters = new Map<string, { in: number; out: number }>();
  let netns = '';
  for (const line of output.split('\n')) {
    const head = /^netns (.+)$/.exec(line);
    if (head !== null) {
      netns = head[1] ?? '';
      continue;
    }
    const found = /^\s*([^:\s]+):\s*(.*)$/.exec(line);
    if (found === null) continue;
    const numbers = (found[2] ?? '').trim().split(/\s+/).map(Number);
    counters.set(`${netns} ${found[1]}`, { in: numbers[1] ?? 0, out: numbers[9] ?? 0 });
  }
  return counters;
}
