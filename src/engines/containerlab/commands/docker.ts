import { NOT_FOUND } from '../../../lab/exit-code.ts';
import { breaksOrHeals, dockerExec, dockerFaults, EXEC_USAGE } from '../../real/typed-docker.ts';
import { complain } from '../../real/typed-line.ts';
import type { CommandContext } from './context.ts';
import { onHost } from './on-host.ts';
import { onThisMachine } from './on-this-machine.ts';

/** Words of docker that look and change nothing. */
const looking = new Set(['ps', 'inspect', 'logs', 'images', 'stats', 'top', 'port', 'version', 'info']);

/** `docker exec` runs in the container. What stops or pauses one of the lab's nodes is done as the fault that it is. */
export async function docker(words: readonly string[], context: CommandContext): Promise<number> {
  const [verb = '', ...rest] = words;
  if (breaksOrHeals(verb)) return breakOrHeal(verb, rest, context);
  if (verb === 'exec') {
    const found = dockerExec(rest);
    return found === undefined
      ? complain(context, EXEC_USAGE, 1)
      : onHost(found.container, found.command, context);
  }
  if (verb === 'network' && ['ls', 'inspect'].includes(rest[0] ?? ''))
    return onThisMachine('docker', words, context);
  if (looking.has(verb)) return onThisMachine('docker', quiet(words), context);
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

function breakOrHeal(
  verb: string,
  names: readonly string[],
  context: CommandContext,
): Promise<number> | number {
  const { machine, running, heldBy } = context;
  if (heldBy !== undefined) return complain(context, heldBy, 1);
  if (running === undefined) return complain(context, 'Docker does not answer', 1);
  return dockerFaults(verb, names, { ...context, lab: machine.lab, hands: running.faults });
}
