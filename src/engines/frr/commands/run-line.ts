import { NOT_FOUND } from '../../../lab/exit-code.ts';
import { runProgram } from '../../../programs/run-program.ts';
import { kubectl } from '../../real/kubectl.ts';
import { complain, runTypedLine } from '../../real/typed-line.ts';
import type { CommandContext } from './context.ts';
import { docker } from './docker.ts';
import { onHost } from './on-host.ts';

const known = ['kubectl', 'docker', 'curl', 'wget', 'ping', 'traceroute', 'ip', 'vtysh', 'tcpdump'];

/** A command as a learner types it, with its real counterpart in the lab's namespaces. Returns the exit code. */
export function runCommandLine(line: string, context: CommandContext): Promise<number> {
  const files = context.on === undefined ? context.lab.files : undefined;
  return runTypedLine(line, context, { program, files, filter: runProgram });
}

function program(words: readonly string[], context: CommandContext): Promise<number> | number {
  const [name = '', ...rest] = words[0] === 'sudo' ? words.slice(1) : words;
  const { running, on } = context;
  if (on !== undefined && running !== undefined) return onHost(on, [name, ...rest], context);
  switch (name) {
    case 'help':
      context.print({
        stream: 'stdout',
        text: `This lab answers: ${known.join(', ')}; ls, cat, grep, head of its files; echo, sleep, for.\n`,
      });
      return 0;
    case 'containerlab':
    case 'clab':
    case 'kind':
      return complain(
        context,
        `${name}: this lab has no containers: its nodes are namespaces that the stages build`,
        NOT_FOUND,
      );
  }
  if (!known.includes(name)) return unknown(name, context);
  if (running === undefined)
    return complain(context, `${name}: nothing is built yet; build a stage first`, 1);
  switch (name) {
    case 'kubectl':
      return kubectl(rest, {
        ...context,
        clusters: running.clusters.clusters,
        clients: running.clusters.clients(),
        look: wanted => context.engine.snapshot(wanted),
        requests: () => running.traffic.state().recent,
        onHost: (host, command) => onHost(host, command, context),
      });
    case 'docker':
      return docker(rest, context);
    case 'curl':
    case 'wget': {
      const client = running.clusters.clients()[0];
      if (client === undefined) return complain(context, `${name}: there are no clients yet to ask from`, 1);
      return onHost(client.name, [name, ...rest], context);
    }
    default:
      return complain(
        context,
        `${name} is typed on a node: docker exec <node> ${[name, ...rest].join(' ')}`,
        NOT_FOUND,
      );
  }
}

function unknown(name: string, context: CommandContext): number {
  return complain(
    context,
    `${name}: command not found in this lab. It knows: ${known.join(', ')}; on a node: docker exec <node> <command>.`,
    NOT_FOUND,
  );
}
