import type { Command, Terminal } from '../../command.ts';
import { deploy, destroy } from './deploy.ts';
import { inspect } from './inspect.ts';
import { netem } from './netem.ts';
import { vethCreate } from './veth.ts';

/** `containerlab deploy | destroy | inspect | tools veth create | tools netem | version`. */
export const containerlab: Command = {
  name: 'containerlab',
  summary: 'deploy, destroy, inspect, tools veth create, tools netem: the switches',
  async run(words, terminal) {
    // Flags of the program may stand before the command.
    const at = words.findIndex(word => !word.startsWith('-'));
    const verb = words[at] ?? '';
    const rest = [...words.slice(0, Math.max(at, 0)), ...words.slice(at + 1)];
    switch (verb) {
      case 'deploy':
      case 'dep':
        return deploy(terminal, rest);
      case 'destroy':
      case 'des':
        return destroy(terminal, rest);
      case 'inspect':
      case 'ins':
        return inspect(terminal, rest);
      case 'tools':
        return tools(terminal, rest);
      case 'version':
        terminal.out('    version: 0.79.0 (as modelled by the embedded lab)');
        terminal.out('     source: https://github.com/srl-labs/containerlab');
        return 0;
      case '':
      case 'help':
        terminal.out('containerlab, as modelled by the embedded lab, knows:');
        terminal.out(
          '  deploy -t FILE, destroy -t FILE, inspect -t FILE, tools veth create, tools netem set|show|reset, version',
        );
        return 0;
      default:
        return refuse(terminal, verb);
    }
  },
};

async function tools(terminal: Terminal, words: readonly string[]): Promise<number> {
  const [tool = '', verb = '', ...rest] = words;
  if (tool === 'veth' && verb === 'create') return vethCreate(terminal, rest);
  if (tool === 'netem') return netem(terminal, verb, rest);
  terminal.err('containerlab tools: "veth create" and "netem set|show|reset" are answered here');
  return 1;
}

function refuse(terminal: Terminal, verb: string): number {
  const because = REASONS[verb];
  terminal.err(
    because === undefined
      ? `Error: unknown command "${verb}" for "containerlab"; deploy, destroy, inspect, tools veth create, tools netem and version are answered here`
      : `containerlab ${verb}: ${because}`,
  );
  return 1;
}

const REASONS: Readonly<Record<string, string>> = {
  save: 'a switch of the embedded lab keeps what was committed while its container exists, and writes no file; to keep it longer, put the lines into fabric/<switch>.cfg',
  graph: 'the topology pane draws the lab (press 1); cat topo.yml lists the links',
  exec: 'docker exec <container> <command> does it for one node',
  redeploy: 'containerlab destroy -t topo.yml, then containerlab deploy -t topo.yml',
};
