import type { Command, Terminal } from '../command.ts';
import { buildStage } from './stage-command.ts';

/** `kind create cluster | get clusters|nodes | load docker-image | version`. */
export const kind: Command = {
  name: 'kind',
  summary: 'create cluster, get clusters, get nodes, load docker-image',
  async run(words, terminal) {
    const [verb = '', object = '', ...rest] = words;
    const name = optionOf(rest, '--name');
    if (verb === 'get' && object === 'clusters') return getClusters(terminal);
    if (verb === 'get' && object === 'nodes') return getNodes(terminal, name ?? 'kind');
    if (verb === 'create' && object === 'cluster')
      return known(terminal, name, () => buildStage(terminal, 'clusters'));
    if (verb === 'load') return known(terminal, name, () => buildStage(terminal, 'images'));
    if (verb === 'version') {
      terminal.out('kind, as modelled by the embedded lab');
      return 0;
    }
    if (verb === 'delete') {
      terminal.err(
        'The embedded lab is taken down by going to another stage: ":goto fabric" in the tutorial.',
      );
      return 1;
    }
    terminal.err(
      `kind: "${words.join(' ')}" is not answered here; create cluster, get clusters, get nodes and load docker-image are`,
    );
    return 1;
  },
};

function getClusters(terminal: Terminal): number {
  const made = terminal.context.clusters.states().filter(({ state }) => state !== 'absent');
  if (made.length === 0) terminal.err('No kind clusters found.');
  for (const { name } of made) terminal.out(name);
  return 0;
}

function getNodes(terminal: Terminal, name: string): number {
  const cluster = terminal.context.clusters.states().find(one => one.name === name && one.state !== 'absent');
  if (cluster === undefined) terminal.err(`No kind nodes found for cluster "${name}".`);
  for (const node of cluster?.nodes ?? []) terminal.out(node.name);
  return 0;
}

async function known(
  terminal: Terminal,
  name: string | undefined,
  act: () => Promise<number>,
): Promise<number> {
  const names = terminal.context.lab.lab.clusters.map(cluster => cluster.name);
  if (name === undefined || !names.includes(name)) {
    terminal.err(`ERROR: this lab's clusters are ${names.join(' and ')}: name one with --name`);
    return 1;
  }
  return act();
}

function optionOf(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  if (at >= 0) return words[at + 1];
  return words.find(word => word.startsWith(`${name}=`))?.slice(name.length + 1);
}
