import { filePath } from '../../../../lab/lab-path.ts';
import type { Command, Terminal } from '../command.ts';
import { flag, type Option, type Options, readOptions, valued } from '../options.ts';
import { buildStage } from './stage-command.ts';

const everywhere: readonly Option[] = [
  valued('name', 'n'),
  valued('kubeconfig'),
  flag('quiet', 'q'),
  valued('verbosity', 'v'),
];

/** `kind create cluster | get clusters|nodes | load docker-image | delete cluster|clusters | version`. */
export const kind: Command = {
  name: 'kind',
  summary: 'create cluster, get clusters, get nodes, load docker-image, delete cluster',
  async run(words, terminal) {
    const at = words.findIndex(word => !word.startsWith('-'));
    const [verb = '', object = '', ...rest] = words.slice(Math.max(at, 0));
    const command = `${verb} ${object}`.trim();
    const known = COMMANDS[command];
    if (command === '' || command === 'help') {
      terminal.out('kind, as modelled by the embedded lab, knows:');
      terminal.out(`  ${Object.keys(COMMANDS).join(', ')}`);
      return 0;
    }
    if (known === undefined) return refuse(terminal, command);
    const reading = readOptions(
      [...words.slice(0, Math.max(at, 0)), ...rest],
      [...everywhere, ...known.options],
    );
    if (reading.outcome === 'refused') {
      terminal.err(`ERROR: ${reading.because}`);
      return 1;
    }
    return known.run(terminal, reading.options);
  },
};

type Known = {
  readonly options: readonly Option[];
  readonly run: (terminal: Terminal, options: Options) => Promise<number> | number;
};

const COMMANDS: Readonly<Record<string, Known>> = {
  version: { options: [], run: printVersion },
  'get clusters': { options: [], run: getClusters },
  'get nodes': { options: [flag('all-clusters', 'A')], run: getNodes },
  'create cluster': {
    options: [valued('config'), valued('image'), flag('retain'), valued('wait')],
    run: create,
  },
  'load docker-image': { options: [valued('nodes')], run: load },
  'delete cluster': {
    options: [],
    run: (terminal, options) => remove(terminal, options.value('name') ?? 'kind'),
  },
  'delete clusters': { options: [flag('all', 'A')], run: removeMany },
};

function refuse(terminal: Terminal, command: string): number {
  terminal.err(
    command.startsWith('export') || command === 'get kubeconfig'
      ? `kind ${command}: the embedded lab writes no kubeconfig and no logs; kubectl knows its clusters already`
      : `ERROR: kind "${command}" is not answered here; ${Object.keys(COMMANDS).join(', ')} are`,
  );
  return 1;
}

function printVersion(terminal: Terminal): number {
  terminal.out('kind v0.33.0 (as modelled by the embedded lab)');
  return 0;
}

/** Clusters of kind that exist; those that are played by containers of the topology are none. */
function made(terminal: Terminal) {
  const own = terminal.context.lab.lab.clusters
    .filter(({ nodes }) => nodes === 'kind')
    .map(({ name }) => name);
  return terminal.context.clusters
    .states()
    .filter(({ name, state }) => state !== 'absent' && own.includes(name));
}

function getClusters(terminal: Terminal): number {
  const names = made(terminal).map(({ name }) => name);
  if (names.length === 0) terminal.err('No kind clusters found.');
  for (const name of names.sort()) terminal.out(name);
  return 0;
}

function getNodes(terminal: Terminal, options: Options): number {
  const name = options.value('name') ?? 'kind';
  const clusters = made(terminal).filter(one => options.has('all-clusters') || one.name === name);
  if (clusters.length === 0) terminal.err(`No kind nodes found for cluster "${name}".`);
  for (const { nodes } of clusters) for (const node of nodes) terminal.out(node.name);
  return 0;
}

async function create(terminal: Terminal, options: Options): Promise<number> {
  const cluster = wanted(terminal, options);
  if (cluster === undefined) return 1;
  if (made(terminal).some(({ name }) => name === cluster.name)) {
    terminal.err(
      `ERROR: failed to create cluster: node(s) already exist for a cluster with the name "${cluster.name}"`,
    );
    return 1;
  }
  for (const [name, own] of [
    ['config', cluster.configFile],
    ['image', cluster.image],
    ['kubeconfig', cluster.kubeconfig],
  ] as const) {
    const given = options.value(name);
    if (given === undefined || filePath(given) === filePath(own)) continue;
    terminal.err(`ERROR: --${name} of this lab's cluster ${cluster.name} is ${own}: srklab.yml says so`);
    return 1;
  }
  terminal.out(`Creating cluster "${cluster.name}" ...`);
  const there = made(terminal).map(({ name }) => name);
  const others = terminal.context.lab.lab.clusters.filter(
    ({ name, nodes }) => nodes === 'kind' && name !== cluster.name && !there.includes(name),
  );
  if (others.length > 0)
    terminal.out(
      `(the stage clusters, which this is part of, creates ${others.map(({ name }) => name).join(', ')} too)`,
    );
  const exitCode = await buildStage(terminal, 'clusters');
  if (exitCode !== 0) return exitCode;
  for (const line of [
    `Set kubectl context to "kind-${cluster.name}"`,
    'You can now use your cluster with:',
    '',
    `kubectl cluster-info --context kind-${cluster.name}`,
  ])
    terminal.out(line);
  return 0;
}

async function load(terminal: Terminal, options: Options): Promise<number> {
  const cluster = wanted(terminal, options);
  if (cluster === undefined) return 1;
  const unknown = options.words.find(image => !cluster.imagesToLoad.includes(image));
  if (unknown !== undefined || options.words.length === 0) {
    terminal.err(
      options.words.length === 0
        ? 'ERROR: a list of image names is required'
        : `ERROR: image: "${unknown}" not present locally; srklab.yml loads ${cluster.imagesToLoad.join(', ') || 'none'} into ${cluster.name}`,
    );
    return 1;
  }
  return buildStage(terminal, 'images');
}

/** The cluster that --name means; prints and gives undefined when the lab has none of that name. */
function wanted(terminal: Terminal, options: Options) {
  const { clusters } = terminal.context.lab.lab;
  const found = clusters.find(({ name }) => name === options.value('name'));
  if (found === undefined)
    terminal.err(
      `ERROR: this lab's clusters are ${clusters.map(({ name }) => name).join(' and ')}: name one with --name`,
    );
  return found;
}

function remove(terminal: Terminal, name: string): number {
  const { dismantle } = terminal.context.lab;
  terminal.out(`Deleting cluster "${name}" ...`);
  const cluster = made(terminal).find(one => one.name === name);
  if (cluster === undefined) return 0;
  if (dismantle.refusal !== undefined) {
    terminal.err(`ERROR: ${dismantle.refusal}`);
    return 1;
  }
  dismantle.cluster(name);
  terminal.out(`Deleted nodes: [${cluster.nodes.map(node => `"${node.name}"`).join(' ')}]`);
  return 0;
}

function removeMany(terminal: Terminal, options: Options): number {
  const { dismantle } = terminal.context.lab;
  const names = options.has('all') ? made(terminal).map(({ name }) => name) : options.words;
  if (dismantle.refusal !== undefined) {
    terminal.err(`ERROR: ${dismantle.refusal}`);
    return 1;
  }
  for (const name of names) if (made(terminal).some(one => one.name === name)) dismantle.cluster(name);
  terminal.out(`Deleted clusters: [${names.map(name => `"${name}"`).join(' ')}]`);
  return 0;
}
