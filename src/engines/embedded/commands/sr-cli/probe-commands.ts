import type { Terminal } from '../command.ts';
import { pingFrom } from '../hosts/ping.ts';
import { tracerouteFrom } from '../hosts/traceroute.ts';

/** `ping <address> [network-instance <name>] [-c <count>]` at a switch's prompt. */
export async function ping(terminal: Terminal, node: string, words: readonly string[]): Promise<boolean> {
  const device = terminal.context.world.device(node);
  if (device === undefined) return refuse(terminal, `Error: ${node} is not running`);
  return (await pingFrom(terminal, { device, instance: instanceIn(words) }, withoutInstance(words))) === 0;
}

/** `traceroute <address> [network-instance <name>]`. */
export async function traceroute(
  terminal: Terminal,
  node: string,
  words: readonly string[],
): Promise<boolean> {
  const device = terminal.context.world.device(node);
  if (device === undefined) return refuse(terminal, `Error: ${node} is not running`);
  return (
    (await tracerouteFrom(terminal, { device, instance: instanceIn(words) }, withoutInstance(words))) === 0
  );
}

function instanceIn(words: readonly string[]): string {
  const at = words.indexOf('network-instance');
  return at >= 0 ? (words[at + 1] ?? 'default') : 'default';
}

function withoutInstance(words: readonly string[]): string[] {
  const at = words.indexOf('network-instance');
  return at >= 0 ? [...words.slice(0, at), ...words.slice(at + 2)] : [...words];
}

function refuse(terminal: Terminal, because: string): false {
  terminal.err(because);
  return false;
}
