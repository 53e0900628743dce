import { nodeNamed } from '../../../lab/lab.ts';
import type { Conversation } from '../../../programs/conversation.ts';
import { LongProgram } from '../../../programs/long-program.ts';
import { proberProgram } from '../../real/prober-program.ts';
import type { StartProber } from '../../real/traffic.ts';
import type { Machine } from '../machine.ts';
import { containerNameOf } from '../watch/containers.ts';
import { pythonProber } from './python-prober.ts';

/**
 * The prober in the clients' container: in Python, which the client's image has; without it, and with us as root, the same
 * in Node.js of this machine, in the container's network namespace.
 */
export function startProberIn(machine: Machine): StartProber {
  return (name, onLine) => {
    const node = nodeNamed(machine.lab, name);
    const container = node === undefined ? name : containerNameOf(node);
    let told = '';
    let ready = false;
    let stopped = false;
    let beside: LongProgram | undefined;
    let rest = '';
    const inside: Conversation = machine.docker.converse(container, ['python3', '-u', '-c', pythonProber], {
      onOutput: text => {
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          ready ||= line.startsWith('{');
          onLine(line);
        }
      },
      onEnd: () => {
        if (!ready && !stopped) void startBeside();
      },
    });
    const startBeside = async () => {
      const found = await machine.docker.container(container);
      const pid = found.outcome === 'done' ? found.value?.pid : undefined;
      if (pid === undefined || process.getuid?.() !== 0 || stopped) return;
      const argv = ['nsenter', '-t', `${pid}`, '-n', '--', process.execPath, '-e', proberProgram];
      beside = new LongProgram(argv, { onLine }, { NODE_OPTIONS: '' });
      beside.write(told);
    };
    return {
      write(line) {
        told = line;
        if (beside === undefined) inside.write(`${line}\n`);
        else beside.write(line);
      },
      stop() {
        stopped = true;
        inside.stop();
        beside?.stop();
      },
    };
  };
}
