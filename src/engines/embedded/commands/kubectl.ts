import { kubectl as typed } from '../../../kubectl/kubectl.ts';
import type { Surroundings } from '../../../kubectl/surroundings.ts';
import { podInstance } from '../cluster/cluster-run.ts';
import { LabClusters } from '../cluster/lab-clusters.ts';
import { dateText } from '../lab-date.ts';
import type { Command, Terminal } from './command.ts';
import { hostPrograms } from './hosts/host-programs.ts';
import { labRows } from './lab-rows.ts';
import { runProgram, terminalFor } from './shell/run-line.ts';

/** kubectl against the lab's clusters. */
export const kubectl: Command = {
  name: 'kubectl',
  summary: 'get, describe, apply, delete, scale, rollout, logs, exec, patch, label, drain, …',
  run: (words, terminal) => typed(words, surroundingsOf(terminal)),
};

function surroundingsOf(terminal: Terminal): Surroundings {
  const { context } = terminal;
  return {
    lab: context.lab.lab,
    clusters: context.clusters instanceof LabClusters ? context.clusters.runs : new Map(),
    cluster: context.cluster,
    attended: context.signal !== undefined,
    now: () => context.world.now(),
    date: dateText,
    wait: milliseconds => terminal.wait(milliseconds),
    out: line => terminal.out(line),
    err: line => terminal.err(line),
    sessions: () => labRows(terminal, { name: 'sessions' }) ?? [],
    requests: () => context.clusters.traffic().recent,
    exec(pod, command) {
      // A pod on its node's network sees what the node sees.
      const host = pod.spec.hostNetwork === true ? (pod.spec.nodeName ?? '') : podInstance(pod);
      return runProgram(command, hostPrograms, { ...terminalFor(context, host), out: terminal.out });
    },
  };
}
