import { type Fault, faultId } from '../../../lab/fault.ts';
import { containerOf } from '../../../lab/lab.ts';
import { complain, NOT_FOUND } from '../../real/typed-line.ts';
import type { CommandContext } from './context.ts';
import { onHost } from './on-host.ts';
import { onThisMachine } from './on-this-machine.ts';

/** Words of docker that look and change nothing. */
const looking = new Set(['ps', 'inspect', 'logs', 'images', 'stats', 'top', 'port', 'version', 'info']);

/**
 * `docker exec` runs in the container. What stops or pauses one of the lab's nodes is done as the fault that it is, so that it
 * stands in the list of what is broken, and links are kept.
 */
export async function docker(words: readonly string[], context: CommandContext): Promise<number> {
  const [verb = '', ...rest] = words;
  switch (verb) {
    case 'exec':
      return exec(rest, context);
    case 'stop':
    case 'kill':
      return each(rest, context, node => ({ kind: 'node-stopped', node }), true);
    case 'start':
      return each(rest, context, node => ({ kind: 'node-stopped', node }), false);
    case 'pause':
      return each(rest, context, node => ({ kind: 'node-silent', node }), true);
    case 'unpause':
      return each(rest, context, node => ({ kind: 'node-silent', node }), false);
    case 'network':
      if (['ls', 'inspect'].includes(rest[0] ?? '')) return onThisMachine('docker', words, context);
      break;
    default:
      if (looking.has(verb)) return onThisMachine('docker', quiet(words), context);
  }
  return complain(
    context,
    `docker ${verb}: not run from here; exec, stop, start, pause, unpause, network ls and ${[...looking].join(', ')} are. A shell of your own runs the rest.`,
    NOT_FOUND,
  );
}

/** What would go on for ever ends after one look. */
function quiet(words: readonly string[]): readonly string[] {
  return words[0] === 'stats' && !words.includes('--no-stream') ? [...words, '--no-stream'] : words;
}

function exec(words: readonly string[], context: CommandContext): Promise<number> | number {
  let at = 0;
  while (words[at]?.startsWith('-') === true) at += ['-e', '-w', '-u'].includes(words[at] ?? '') ? 2 : 1;
  const [container, ...command] = words.slice(at);
  if (container === undefined || command.length === 0)
    return complain(context, 'docker exec [-it] <container> <command>; the containers: docker ps', 1);
  return onHost(container, command, context);
}

async function each(
  names: readonly string[],
  context: CommandContext,
  fault: (node: string) => Fault,
  on: boolean,
): Promise<number> {
  const { machine, running, heldBy } = context;
  if (heldBy !== undefined) return complain(context, heldBy, 1);
  if (running === undefined) return complain(context, 'Docker does not answer', 1);
  for (const name of names.filter(word => !word.startsWith('-'))) {
    const node = machine.lab.nodes.find(one => one.name === name || containerOf(one) === name)?.name;
    if (node === undefined)
      return complain(context, `${name} is no node of this lab; only those are touched from here`, 1);
    const result = on
      ? await running.faults.break(fault(node))
      : await running.faults.heal(faultId(fault(node)));
    if (result.outcome === 'refused')
      return complain(context, `${result.because}. ${result.nextSteps.join(' ')}`, 1);
    context.print({ stream: 'stdout', text: `${name}\n` });
  }
  return 0;
}
