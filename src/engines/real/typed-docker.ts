import type { CommandResult } from '../../lab/command.ts';
import { type Fault, faultId } from '../../lab/fault.ts';
import { containerOf, type Lab } from '../../lab/lab.ts';
import { complain, type Typed } from './typed-line.ts';

/** Options whose value is the word behind them. */
const valuedOf = {
  exec: new Set(['-e', '--env', '-w', '--workdir', '-u', '--user']),
  stop: new Set(['-t', '--time', '--timeout', '-s', '--signal']),
};

/** `docker exec [-it] <container> <command>`: whose, and what; undefined when one of them is missing. */
export function dockerExec(
  words: readonly string[],
): { readonly container: string; readonly command: readonly string[] } | undefined {
  const [container, ...command] = behindOptions(words, valuedOf.exec);
  return container === undefined || command.length === 0 ? undefined : { container, command };
}

/** What is said when `dockerExec` found nothing. */
export const EXEC_USAGE = 'docker exec [-it] <container> <command>; the containers: docker ps';

/** Docker's words that break or heal a node. */
const faults: Readonly<
  Record<string, { readonly kind: 'node-stopped' | 'node-silent'; readonly on: boolean }>
> = {
  stop: { kind: 'node-stopped', on: true },
  kill: { kind: 'node-stopped', on: true },
  start: { kind: 'node-stopped', on: false },
  pause: { kind: 'node-silent', on: true },
  unpause: { kind: 'node-silent', on: false },
};

/** Who breaks a node, and heals it by the fault's id. */
export type Hands = {
  break(fault: Fault): Promise<CommandResult>;
  heal(id: string): Promise<CommandResult>;
};

/** Whether `docker <verb>` breaks or heals. */
export function breaksOrHeals(verb: string): boolean {
  return Object.hasOwn(faults, verb);
}

/**
 * `docker stop`, `start`, `pause`, `unpause`, `kill` of the lab's nodes: done as the faults that they are, so that they stand in the list of
 * what is broken and links are kept. Anybody else's container is not touched. Returns the exit code.
 */
export async function dockerFaults(
  verb: string,
  words: readonly string[],
  context: Typed & { readonly lab: Lab; readonly hands: Hands },
): Promise<number> {
  const { lab, hands } = context;
  const found = faults[verb];
  if (found === undefined) throw new Error(`docker ${verb} breaks and heals nothing`);
  for (const name of behindOptions(words, valuedOf.stop)) {
    const node = lab.nodes.find(one => one.name === name || containerOf(one) === name)?.name;
    if (node === undefined)
      return complain(context, `${name} is no node of this lab; only those are touched from here`, 1);
    const fault: Fault = { kind: found.kind, node };
    const result = await (found.on ? hands.break(fault) : hands.heal(faultId(fault)));
    if (result.outcome === 'refused')
      return complain(context, `${result.because}. ${result.nextSteps.join(' ')}`, 1);
    context.print({ stream: 'stdout', text: `${name}\n` });
  }
  return 0;
}

function behindOptions(words: readonly string[], valued: ReadonlySet<string>): readonly string[] {
  let at = 0;
  while (words[at]?.startsWith('-') === true) at += valued.has(words[at] ?? '') ? 2 : 1;
  return words.slice(at);
}
