/** Programs that look and cannot do anything else. */
const looking = new Set([
  ...['ping', 'traceroute', 'curl', 'wget', 'cat', 'ls', 'ss', 'ps', 'hostname', 'uname', 'date', 'tcpdump'],
]);

const changing = /^(add|del|delete|set|replace|change|append|flush|exec|attach|restore)$/;

/** Whether a command on a node only looks, as far as that can be told from its words. */
export function onlyLooks(words: readonly string[]): boolean {
  const [name = '', ...rest] = words;
  if (name === 'ip' && rest[0] === 'netns' && rest[1] === 'exec') return onlyLooks(rest.slice(3));
  if (name === 'ip' || name === 'bridge') return !ipChanges(rest);
  if (name === 'vtysh') {
    const asked = rest.filter((_, index) => rest[index - 1] === '-c');
    return asked.length > 0 && asked.every(line => /^\s*(do\s+)?show\s/.test(line));
  }
  if (name === 'sr_cli') {
    const lines = rest.filter(word => !word.startsWith('-'));
    return lines.length > 0 && lines.every(line => /^(show|info)\s/.test(line));
  }
  return looking.has(name);
}

/** Whether `ip` would change something. */
export function ipChanges(words: readonly string[]): boolean {
  return words.some(word => changing.test(word));
}
