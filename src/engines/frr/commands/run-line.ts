import { runProgram } from '../../../programs/run-program.ts';
import { kubectl } from '../../real/kubectl.ts';
import { splitLine } from '../../real/words.ts';
import { type CommandContext, complain, NOT_FOUND } from './context.ts';
import { docker } from './docker.ts';
import { onHost } from './on-host.ts';

/** What may stand behind a `|`: run for real, on the learner's machine, with nothing but the output of the lab. */
const filters = new Set([
  'grep',
  'egrep',
  'head',
  'tail',
  'wc',
  'sort',
  'uniq',
  'cut',
  'awk',
  'sed',
  'jq',
  'column',
]);

const known = ['kubectl', 'docker', 'curl', 'ping', 'traceroute', 'ip', 'vtysh', 'tcpdump'];

/** A command as a learner types it, with its real counterpart in the lab's namespaces. Returns the exit code. */
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

function program(words: readonly string[], context: CommandContext): Promise<number> | number {
  const [name = '', ...rest] = words[0] === 'sudo' ? words.slice(1) : words;
  if (context.running === undefined)
    return complain(context, `${name}: nothing is built yet; build a stage first`, 1);
  if (context.on !== undefined) return onHost(context.on, [name, ...rest], context);
  switch (name) {
    case 'kubectl':
      return kubectl(rest, {
        ...context,
        clusters: context.running.clusters.clusters,
        clients: context.running.clusters.clients(),
        onClient: (client, command) => onHost(client.name, command, context),
      });
    case 'docker':
      return docker(rest, context);
    case 'help':
      context.print({ stream: 'stdout', text: `This lab answers: ${known.join(', ')}.\n` });
      return 0;
    case 'containerlab':
    case 'clab':
    case 'kind':
      return complain(
        context,
        `${name}: this lab has no containers: its nodes are namespaces that the stages build`,
        NOT_FOUND,
      );
    case 'curl':
    case 'wget': {
      const client = context.running.clusters.clients()[0];
      if (client === undefined) return complain(context, `${name}: there are no clients yet to ask from`, 1);
      return onHost(client.name, [name, ...rest], context);
    }
    default:
      return complain(
        context,
        `${name}: command not found in this lab. It knows: ${known.join(', ')}; on a node: docker exec <node> <command>.`,
        NOT_FOUND,
      );
  }
}
