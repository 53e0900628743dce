import type { Terminal } from '../../command.ts';
import { valued } from '../../options.ts';
import { buildStage } from '../stage-command.ts';
import { fail, info, optionsFor, shortName } from './topology.ts';

/** `containerlab tools veth create`: one of the lab's joins, all of which the stage links makes. */
export async function vethCreate(terminal: Terminal, words: readonly string[]): Promise<number> {
  const options = optionsFor(terminal, 'tools veth create', words, [
    valued('a-endpoint', 'a'),
    valued('b-endpoint', 'b'),
    valued('mtu', 'm'),
  ]);
  if (typeof options === 'number') return options;
  const ends = [options.value('a-endpoint'), options.value('b-endpoint')];
  const known = terminal.context.lab.lab.links.find(
    ({ role, id }) =>
      role === 'join' &&
      ends.every(end => end !== undefined && id.split(' ').includes(shortEnd(terminal, end))),
  );
  if (known === undefined)
    return fail(
      terminal,
      `this lab has no link between ${ends[0] ?? '?'} and ${ends[1] ?? '?'}; srklab.yml lists them under links`,
    );
  info(terminal, `Creating the links of srklab.yml, ${known.id} among them`);
  return buildStage(terminal, 'links');
}

function shortEnd(terminal: Terminal, end: string): string {
  const [node = '', port = ''] = end.split(':');
  return `${shortName(terminal, node)}:${port}`;
}
