import type { Fault } from '../../../lab/fault.ts';
import { faultId } from '../../../lab/fault.ts';
import { complain, NOT_FOUND } from '../../real/typed-line.ts';
import type { CommandContext } from './context.ts';
import { onHost } from './on-host.ts';

/** The lab has no containers; `docker exec`, `ps`, `stop`, `start`, `pause` mean its nodes all the same. */
export async function docker(words: readonly string[], context: CommandContext): Promise<number> {
  const [verb = '', ...rest] = words;
  switch (verb) {
    case 'exec':
      return exec(rest, context);
    case 'ps': {
      const { nodes } = await context.engine.snapshot([]);
      for (const { name, state } of nodes)
        if (state !== 'absent')
          context.print({ stream: 'stdout', text: `${containerName(context, name).padEnd(28)} ${state}\n` });
      return 0;
    }
    case 'stop':
    case 'kill':
      return each(rest, context, node => ({ kind: 'node-stopped', node }), true);
    case 'start':
      return each(rest, context, node => ({ kind: 'node-stopped', node }), false);
    case 'pause':
      return each(rest, context, node => ({ kind: 'node-silent', node }), true);
    case 'unpause':
      return each(rest, context, node => ({ kind: 'node-silent', node }), false);
    default:
      return complain(
        context,
        `docker: "${verb}" is not answered here; exec, ps, stop, start, pause and unpause are`,
        NOT_FOUND,
      );
  }
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
  for (const name of names.filter(word => !word.startsWith('-'))) {
    const node = context.lab.nodes.find(
      one => one.name === name || containerName(context, one.name) === name,
    )?.name;
    if (node === undefined) return complain(context, `Error: No such container: ${name}`, 1);
    const result = await context.engine.perform(
      on ? { type: 'break', fault: fault(node) } : { type: 'heal', fault: faultId(fault(node)) },
    );
    if (result.outcome === 'refused')
      return complain(context, `${result.because}. ${result.nextSteps.join(' ')}`, 1);
    context.print({ stream: 'stdout', text: `${name}\n` });
  }
  return 0;
}

function containerName({ lab }: CommandContext, node: string): string {
  const found = lab.nodes.find(({ name }) => name === node);
  return found?.kind === 'cluster-node' ? node : `${lab.containerPrefix}${node}`;
}
