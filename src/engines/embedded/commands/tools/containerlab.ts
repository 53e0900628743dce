import { faultId } from '../../../../lab/fault.ts';
import type { SwitchNode } from '../../../../lab/lab.ts';
import type { Command, Terminal } from '../command.ts';
import { ruledTable } from '../text-table.ts';
import { buildStage } from './stage-command.ts';

/** `containerlab deploy | inspect | tools veth create | tools netem | version | destroy`. */
export const containerlab: Command = {
  name: 'containerlab',
  summary: 'deploy, inspect, tools veth create, tools netem: the switches',
  async run(words, terminal) {
    const [verb = '', ...rest] = words.filter(word => word !== '--debug' && word !== '-d');
    if (verb === 'deploy' || verb === 'dep') return deploy(terminal, rest);
    if (verb === 'inspect' || verb === 'ins') return inspect(terminal, rest);
    if (verb === 'tools') return tools(terminal, rest);
    if (verb === 'version') {
      terminal.out('containerlab, as modelled by the embedded lab');
      return 0;
    }
    if (verb === 'destroy' || verb === 'des') {
      terminal.err(
        'The embedded lab is taken down by going to another stage: ":goto empty" in the tutorial.',
      );
      return 1;
    }
    terminal.err(
      `containerlab: unknown command "${verb}"; deploy, inspect, tools veth create and tools netem are answered here`,
    );
    return 1;
  },
};

async function deploy(terminal: Terminal, words: readonly string[]): Promise<number> {
  const { lab } = terminal.context.lab;
  const file = optionOf(words, '-t', '--topo');
  if (file === undefined) {
    terminal.err(`Error: name the topology: containerlab deploy -t ${lab.topologyFile}`);
    return 1;
  }
  if (clean(file) !== clean(lab.topologyFile)) {
    terminal.err(`Error: ${file}: this lab's topology is ${lab.topologyFile}`);
    return 1;
  }
  terminal.out(`INFO Parsing & checking topology file: ${lab.topologyFile}`);
  for (const node of switches(terminal)) terminal.out(`INFO Creating container name=${node.name}`);
  for (const link of lab.links.filter(({ role }) => role === 'fabric')) {
    terminal.out(`INFO Created link: ${link.id.replace(' ', ' <--> ')}`);
  }
  const exitCode = await buildStage(terminal, 'fabric');
  return exitCode === 0 ? inspect(terminal, []) : exitCode;
}

function inspect(terminal: Terminal, words: readonly string[]): number {
  const states = new Map(terminal.context.lab.snapshot([]).nodes.map(node => [node.name, node.state]));
  const rows = switches(terminal)
    .filter(({ name }) => states.get(name) !== 'absent')
    .map(node => ({ node, state: states.get(node.name) ?? 'absent' }));
  if (words.includes('json')) {
    const objects = rows.map(({ node, state }) => ({
      lab_name: terminal.context.lab.lab.name,
      name: node.containerName,
      image: node.image,
      kind: kindOf(node),
      state,
      ipv4_address: node.managementAddress ?? '',
    }));
    terminal.out(JSON.stringify({ [terminal.context.lab.lab.name]: objects }, undefined, 2));
    return 0;
  }
  if (rows.length === 0) {
    terminal.out('no containers found');
    return 0;
  }
  const table = ruledTable(
    [
      { title: 'Name', of: row => row.node.containerName },
      { title: 'Kind/Image', of: row => `${kindOf(row.node)}\n${row.node.image}` },
      { title: 'State', of: row => row.state },
      { title: 'IPv4 Address', of: row => row.node.managementAddress ?? 'N/A' },
    ],
    rows,
  );
  for (const line of table) terminal.out(line);
  return 0;
}

/** The kind that the topology gives a switch. */
function kindOf(node: SwitchNode): string {
  return node.type === 'frr' ? 'linux' : 'nokia_srlinux';
}

async function tools(terminal: Terminal, words: readonly string[]): Promise<number> {
  const [tool = '', verb = '', ...rest] = words;
  if (tool === 'veth' && verb === 'create') return veth(terminal, rest);
  if (tool === 'netem') return netem(terminal, verb, rest);
  terminal.err('containerlab tools: "veth create" and "netem set|show|reset" are answered here');
  return 1;
}

/** Plugs a Kubernetes node in: one of the lab's joins, all of which the stage links makes. */
async function veth(terminal: Terminal, words: readonly string[]): Promise<number> {
  const ends = [optionOf(words, '-a', '--a-endpoint'), optionOf(words, '-b', '--b-endpoint')];
  const { lab } = terminal.context.lab;
  const known = lab.links.find(
    ({ role, id }) =>
      role === 'join' && ends.every(end => end !== undefined && id.includes(shortEnd(terminal, end))),
  );
  if (known === undefined) {
    terminal.err(
      `Error: this lab has no link between ${ends[0] ?? '?'} and ${ends[1] ?? '?'}; srklab.yml lists them under links`,
    );
    return 1;
  }
  terminal.out(`INFO Creating the links of srklab.yml, ${known.id} among them`);
  return buildStage(terminal, 'links');
}

/** Loss of 100 % is what the embedded lab can inflict on one end of a link; it heals with 0 %. */
function netem(terminal: Terminal, verb: string, words: readonly string[]): number {
  const node = shortName(terminal, optionOf(words, '-n', '--node') ?? '');
  const port = optionOf(words, '-i', '--interface') ?? '';
  const { lab, world, faults } = terminal.context.lab;
  if (verb === 'show') {
    const lossy = [...world.faults.values()].filter(({ fault }) => fault.kind === 'silent-loss');
    terminal.out(lossy.length === 0 ? 'no impairments' : lossy.map(({ id }) => id).join('\n'));
    return 0;
  }
  const link = lab.links.find(({ id }) => id.split(' ').includes(`${node}:${port}`));
  if (link === undefined) {
    terminal.err(`Error: no link of this lab ends at ${node}:${port}`);
    return 1;
  }
  const direction = link.id.startsWith(`${node}:${port} `) ? 'a-to-b' : 'b-to-a';
  const fault = { kind: 'silent-loss', link: link.id, direction } as const;
  const loss = Number((optionOf(words, '--loss') ?? 'NaN').replace('%', ''));
  if (verb === 'reset' || (verb === 'set' && loss === 0)) {
    faults.heal(faultId(fault));
    terminal.out(`Reset impairments on node "${node}", interface "${port}"`);
    return 0;
  }
  if (verb !== 'set' || loss !== 100) {
    terminal.err(
      'The embedded lab loses all packets of one direction or none: --loss 100, or netem reset. Delay, jitter and partial loss are not modelled.',
    );
    return 1;
  }
  const result = faults.break(fault);
  if (result.outcome === 'refused') {
    terminal.err(`Error: ${result.because}`);
    return 1;
  }
  terminal.out(`Interface ${port} of ${node}: packet loss 100%`);
  return 0;
}

function switches(terminal: Terminal): SwitchNode[] {
  return terminal.context.lab.lab.nodes.filter(node => node.kind === 'switch');
}

function shortEnd(terminal: Terminal, end: string): string {
  const [node = '', port = ''] = end.split(':');
  return `${shortName(terminal, node)}:${port}`;
}

function shortName(terminal: Terminal, name: string): string {
  const { containerPrefix } = terminal.context.lab.lab;
  return name.startsWith(containerPrefix) ? name.slice(containerPrefix.length) : name;
}

function optionOf(words: readonly string[], ...names: string[]): string | undefined {
  for (const name of names) {
    const at = words.indexOf(name);
    if (at >= 0) return words[at + 1];
    const joined = words.find(word => word.startsWith(`${name}=`));
    if (joined !== undefined) return joined.slice(name.length + 1);
  }
  return undefined;
}

function clean(path: string): string {
  return path.replace(/^(\.\/)+/, '');
}
