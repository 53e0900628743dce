import { NOT_FOUND } from '../../../lab/exit-code.ts';
import type { Fault } from '../../../lab/fault.ts';
import { containerOf } from '../../../lab/lab.ts';
import { breaksOrHeals, dockerExec, dockerFaults, EXEC_USAGE } from '../../real/typed-docker.ts';
import { complain } from '../../real/typed-line.ts';
import type { CommandContext } from './context.ts';
import { onHost } from './on-host.ts';

/** The lab has no containers; `docker exec`, `ps`, `stop`, `start`, `pause` mean its nodes all the same. */
export async function docker(words: readonly string[], context: CommandContext): Promise<number> {
  const [verb = '', ...rest] = words;
  const { lab, engine } = context;
  if (breaksOrHeals(verb)) {
    const hands = {
      break: (fault: Fault) => engine.perform({ type: 'break', fault }),
      heal: (fault: string) => engine.perform({ type: 'heal', fault }),
    };
    return dockerFaults(verb, rest, { ...context, hands });
  }
  switch (verb) {
    case 'exec': {
      const found = dockerExec(rest);
      return found === undefined
        ? complain(context, EXEC_USAGE, 1)
        : onHost(found.container, found.command, context);
    }
    case 'ps': {
      const { nodes } = await engine.snapshot([]);
      for (const { name, state } of nodes) {
        const node = lab.nodes.find(each => each.name === name);
        if (node !== undefined && state !== 'absent')
          context.print({ stream: 'stdout', text: `${containerOf(node).padEnd(28)} ${state}\n` });
      }
      return 0;
    }
    default:
      return complain(
        context,
        `docker: "${verb}" is not answered here; exec, ps, stop, start, pause and unpause are`,
        NOT_FOUND,
      );
  }
}
