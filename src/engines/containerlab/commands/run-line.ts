import { runProgram } from '../../../programs/run-program.ts';
import { kubectl } from '../../real/kubectl.ts';
import { splitLine } from '../../real/words.ts';
import { type CommandContext, complain, NOT_FOUND } from './context.ts';
import { docker } from './docker.ts';
import { fromClient, onHost } from './on-host.ts';
import { clusterMeant, onThisMachine } from './on-this-machine.ts';

/** What may stand behind a `|`: run for real, on the learner's machine, with nothing but the output of the lab. */
const filters = new Set([
  ...['grep', 'egrep', 'head', 'tail', 'wc', 'sort', 'uniq', 'cut', 'awk', 'sed', 'jq', 'column'],
]);

const known = ['docker', 'containerlab', 'kubectl', 'kind', 'curl', 'ping', 'traceroute', 'ip'];

/** A command as a learner types it, run by the real program: as an argument list, by no shell. Returns the exit code. */
export async function runCommandLine(line: string, context: CommandContext): Promise<number> {
  let exitCode = 0;
  for (const each of line.split(/\n|&&|;(?=(?:[^"']*["'][^"']*["'])*[^"']*$)/)) {
    if (each.trim() === '' || each.trim().startsWith('#')) continue;
    exitCode = await pipeline(each, context);
    if (exitCode !== 0) return exitCode;
  }
  return exitCode;
}

async function pipeline(line: string, context: CommandContext): Promise<number> {
  const programs = splitLine(line);
  if (programs === undefined) return complain(context, `${line}: a quote is not closed`, 2);
  const [first = [], ...rest] = programs;
  const unknown = rest.find(([name = '']) => !filters.has(name));
  if (unknown !== undefined)
    return complain(
      context,
      `${unknown[0] ?? ''}: not known behind "|"; known there: ${[...filters].join(', ')}`,
      NOT_FOUND,
    );
  if (rest.length === 0) return program(first, context);
  let text = '';
  let exitCode = await program(first, {
    ...context,
    print: chunk => {
      if (chunk.stream === 'stdout') text += chunk.text;
      else context.print(chunk);
    },
  });
  for (const words of rest) {
    const result = await runProgram(words, { input: text, signal: context.signal });
    if (result.stderr !== '') context.print({ stream: 'stderr', text: result.stderr });
    text = result.stdout;
    exitCode = result.exitCode ?? 1;
  }
  context.print({ stream: 'stdout', text });
  return exitCode;
}

async function program(words: readonly string[], context: CommandContext): Promise<number> {
  const [name = '', ...rest] = words[0] === 'sudo' ? words.slice(1) : words;
  if (context.on !== undefined) return onHost(context.on, [name, ...rest], context);
  switch (name) {
    case 'docker':
      return docker(rest, context);
    case 'containerlab':
    case 'clab':
      return onThisMachine('containerlab', rest, context);
    case 'kubectl':
      return kubectlOf(rest, context);
    case 'kind':
    case 'ping':
    case 'traceroute':
    case 'ip':
      return onThisMachine(name, rest, context);
    case 'curl':
    case 'wget':
      return fromClient([name, ...rest], context);
    case 'help':
      context.print({ stream: 'stdout', text: `This lab answers: ${known.join(', ')}.\n` });
      return 0;
    default:
      return complain(
        context,
        `${name}: not run from here. These are: ${known.join(', ')}; on a node: docker exec <node> <command>. A shell of your own runs everything else.`,
        NOT_FOUND,
      );
  }
}

/** A cluster that is a model is asked as the embedded lab's is; a real one by the real kubectl. */
function kubectlOf(words: readonly string[], context: CommandContext): Promise<number> | number {
  const { running, machine } = context;
  const named = words.find(word => word.startsWith('--context='))?.slice('--context='.length);
  const at = words.indexOf('--context');
  const cluster =
    (named ?? (at < 0 ? undefined : words[at + 1]))?.replace(/^kind-/, '') ??
    context.cluster ??
    clusterMeant(context)?.name ??
    '';
  if (running === undefined || !running.models.isModelled(cluster))
    return onThisMachine('kubectl', words, context);
  if (context.heldBy !== undefined && words[0] !== 'get') return complain(context, context.heldBy, 1);
  return kubectl(words, {
    ...context,
    lab: machine.lab,
    clusters: running.models.clusters,
    clients: running.models.clients(),
    time: running.time,
    cluster,
    onClient: (client, command) => onHost(client.name, command, context),
  });
}
