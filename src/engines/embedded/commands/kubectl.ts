import { kubectl as typed } from '../../../kubectl/kubectl.ts';
import type { AskedCluster, Surroundings } from '../../../kubectl/surroundings.ts';
import { type ClusterRun, podInstance } from '../cluster/cluster-run.ts';
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
  const runs = context.clusters instanceof LabClusters ? [...context.clusters.runs] : [];
  return {
    lab: context.lab.lab,
    clusters: new Map(runs.map(([name, run]) => [name, asked(run, terminal)])),
    cluster: context.cluster,
    attended: context.signal !== undefined,
    now: () => context.world.now(),
    date: dateText,
    wait: milliseconds => terminal.wait(milliseconds),
    out: line => terminal.out(line),
    err: line => terminal.err(line),
    requests: () => context.clusters.traffic().recent,
    exec(pod, command) {
      // A pod on its node's network sees what the node sees.
      const host = pod.spec.hostNetwork === true ? (pod.spec.nodeName ?? '') : podInstance(pod);
      return runProgram(command, hostPrograms, { ...terminalFor(context, host), out: terminal.out });
    },
  };
}

function asked(run: ClusterRun, terminal: Terminal): AskedCluster {
  return {
    definition: run.definition,
    cluster: run.cluster,
    get apiAnswers() {
      return run.apiAnswers;
    },
    reconcile: () => run.reconcile(),
    speakerRuns: node => run.speakers.alive(node),
    speakerSessions: () =>
      labRows(terminal, { name: 'sessions' })?.filter(({ node }) => run.nodes.has(node)) ?? [],
  };
}
