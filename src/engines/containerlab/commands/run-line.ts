import { readArguments } from '../../../kubectl/arguments.ts';
import { wantedCluster } from '../../../kubectl/session.ts';
import { NOT_FOUND } from '../../../lab/exit-code.ts';
import { runProgram } from '../../../programs/run-program.ts';
import { kubectl } from '../../real/kubectl.ts';
import { complain, runTypedLine } from '../../real/typed-line.ts';
import type { CommandContext } from './context.ts';
import { docker } from './docker.ts';
import { fromClient, onHost } from './on-host.ts';
import { kubectlLooks, onThisMachine } from './on-this-machine.ts';

const known = ['docker', 'containerlab', 'kubectl', 'kind', 'curl', 'ping', 'traceroute', 'ip'];

/** A command as a learner types it, run by the real program: as an argument list, by no shell. Returns the exit code. */
export function runCommandLine(line: string, context: CommandContext): Promise<number> {
  const files = context.on === undefined ? context.machine.lab.files : undefined;
  return runTypedLine(line, context, { program, files, filter: runProgram });
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
      context.print({
        stream: 'stdout',
        text: `This lab answers: ${known.join(', ')}; ls, cat, grep, head of its files; echo, sleep, for.\n`,
      });
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
  const cluster = wantedCluster({ lab: machine.lab, cluster: context.cluster }, readArguments(words));
  if (running === undefined || cluster === undefined || !running.models.isModelled(cluster))
    return onThisMachine('kubectl', words, context);
  if (context.heldBy !== undefined && !kubectlLooks(words)) return complain(context, context.heldBy, 1);
  return kubectl(words, {
    ...context,
    lab: machine.lab,
    clusters: running.models.clusters,
    clients: running.models.clients(),
    time: running.time,
    cluster,
    requests: () => running.traffic.state().recent,
    onHost: (host, command) => onHost(host, command, context),
  });
}
