import { containerOf, nodeNamed } from '../../../lab/lab.ts';
import { LongProgram } from '../../../programs/long-program.ts';
import { proberProgram } from '../../real/prober-program.ts';
import type { StartProber } from '../../real/traffic.ts';
import type { Machine } from '../machine.ts';

/**
 * The prober in the clients' container, whose image has Node.js. Without it, and with us as root, this machine's own Node.js in the
 * container's network namespace does the same.
 */
export function startProberIn(machine: Machine): StartProber {
  return (name, onLine) => {
    const node = nodeNamed(machine.lab, name);
    const container = node === undefined ? name : containerOf(node);
    let told = '';
    let ready = false;
    let stopped = false;
    let rest = '';
    let beside: LongProgram | undefined;
    const inside = machine.docker.converse(container, ['node', '-e', proberProgram], {
      onOutput: text => {
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop() ?? '';
        ready ||= lines.some(line => line.startsWith('{'));
        for (const line of lines) onLine(line);
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
